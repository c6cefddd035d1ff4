"""The form of the photos: each field is judged by itself, and says what to do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verify_student.conf import config
from verify_student.exceptions import ImageTooLarge, InvalidImageData
from verify_student.services import intake
from verify_student.services.photos import Photo

KINDS = ("image/jpeg", "image/png", "image/webp")
MILLION = 1_000_000


def megabytes() -> str:
    """The largest photo that is taken, in the words of the form."""
    return f"{config.max_photo_bytes / MILLION:g}"


class PhotoField(forms.FileField):
    """A photo by its content; what the file calls itself does not count."""

    default_error_messages = {
        "empty": _("This file is empty. Take the photo with the camera, or choose another file."),
        "invalid": _("This file is not a picture that we can read. Choose a JPEG, PNG or WebP file."),
    }

    def clean(self, data: Any, initial: Any = None) -> Photo | None:
        """The photo; None where none is needed."""
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            # One byte more than is taken says enough of one that is too large.
            return intake.judged(file.read(config.max_photo_bytes + 1))
        except ImageTooLarge:
            raise ValidationError(_too_large(), code="too_large") from None
        except InvalidImageData:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class PhotosForm(forms.Form):
    """Face, ID and name. The ID's photo may be left out where ``has_id`` says that there is one of an earlier time."""

    face = PhotoField(error_messages={"required": _("There is no photo of your face yet. Take one, or choose a file.")})
    photo_id = PhotoField(
        error_messages={"required": _("There is no photo of your ID yet. Take one, or choose a file.")}
    )
    full_name = forms.CharField(
        max_length=intake.MAX_NAME,
        error_messages={
            "required": _("Write your name as it is on your ID."),
            "max_length": _("Write your name in up to 255 characters."),
        },
    )

    def __init__(self, *args: Any, has_id: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo_id"].required = not has_id


def _too_large() -> str:
    most = {"megabytes": megabytes(), "pixels": config.max_photo_pixels // MILLION}
    return (
        gettext(
            "This picture is too large: it may have up to %(megabytes)s MB and %(pixels)s million pixels. "
            "Choose a smaller one, or take it with the camera."
        )
        % most
    )
