"""Where the learner stands, and the way to hand in photos (contract §4.1, §9.2, §9.3)."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from verify_student.conf import config
from verify_student.exceptions import ProviderUnavailable, VerificationBaseException, VerificationPending
from verify_student.pages.base import LearnerPage
from verify_student.pages.forms import KINDS, PhotosForm, megabytes
from verify_student.screens import Situation, choose
from verify_student.services import intake, location, pace, situations, submission

STATES, PHOTOS = "verify_student/identity", "verify_student/photos.html"
# Of a form, what is not a photo.
OTHER_FIELDS = 100_000


class IdentityPage(LearnerPage):
    """One screen for each state: what happened, what it means, what to do next."""

    def get(self, request: HttpRequest) -> HttpResponse:
        situation = situations.snapshot(request.user, self.course_id)
        return self.shown(f"{STATES}/{choose(situation)}.html", situation)


@method_decorator([csrf_exempt, transaction.non_atomic_requests], name="dispatch")
class PhotosPage(LearnerPage):
    """
    The form with both photos, for whoever may hand in; everybody else is shown where they stand. A second click finds
    the photos handed in, and is led on like the first one.

    Photos are written to their storage, so never within a transaction. Forged requests are refused after the body's
    length has been looked at, since looking for the token reads the body.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        situation = situations.snapshot(request.user, self.course_id)
        return self._empty_form(situation) if situation.may_begin else self._where_they_stand()

    def post(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > 2 * config.max_photo_bytes + OTHER_FIELDS:
            text = _("The photos are too large. Choose smaller ones, or take them with the camera.")
            return self._empty_form(situations.snapshot(request.user, self.course_id), text, 413)
        # Names are UTF-8, whatever the request says of itself.
        request.encoding = "utf-8"
        return self._hand_in(request)

    @method_decorator(csrf_protect)
    def _hand_in(self, request: HttpRequest) -> HttpResponse:
        situation = situations.snapshot(request.user, self.course_id)
        if not situation.may_begin:
            return self._where_they_stand()
        if not pace.may_try(request.user):
            text = _("You have tried many times within an hour. Wait for an hour, then try again.")
            return self._empty_form(situation, text, 429)
        try:
            has_id = submission.earlier_id_photo(request.user) is not None
            form = PhotosForm(request.POST, request.FILES, has_id=has_id)
            if not form.is_valid():
                return self._form_page(situation, form, status=400)
            submission.submit(request.user, **form.cleaned_data)
        except VerificationPending:
            return self._where_they_stand()
        except VerificationBaseException as refusal:
            return self._empty_form(situation, refusal.detail, refusal.response_status)
        return self._where_they_stand()

    def _empty_form(self, situation: Situation, trouble: str = "", status: int = 200) -> HttpResponse:
        """The form without photos; ``trouble`` is what is to be said of it as a whole."""
        try:
            has_id = submission.earlier_id_photo(self.request.user) is not None
        except ProviderUnavailable:
            return self.shown(f"{STATES}/unavailable.html", situation, status=503)
        form = PhotosForm(initial={"full_name": intake.expected_name(self.request.user)}, has_id=has_id)
        return self._form_page(situation, form, trouble, status)

    def _form_page(self, situation: Situation, form: PhotosForm, trouble: str = "", status: int = 200) -> HttpResponse:
        limits = {"accept": ",".join(KINDS), "megabytes": megabytes()}
        return self.shown(PHOTOS, situation, status=status, form=form, trouble=trouble, **limits)

    def _where_they_stand(self) -> HttpResponse:
        return self.led_on(location.mounted(location.PAGE))


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else 0
