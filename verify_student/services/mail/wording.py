"""Words for the reasons of a denial, under the headings that learners' mail has (contract §3.4, §8.1)."""

from collections.abc import Iterable
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PHOTO_OF_YOU, PHOTO_OF_ID, OTHER = _("The photo of you"), _("The photo of your ID"), _("Something else")

WORDS: dict[str, tuple[Promise, Promise]] = {
    "user_image_missing": (PHOTO_OF_YOU, _("There was no photo of you.")),
    "user_image_not_clear": (PHOTO_OF_YOU, _("Your face could not be seen clearly in the photo of you.")),
    "id_image_missing": (PHOTO_OF_ID, _("There was no photo of your ID.")),
    "id_image_missing_name": (PHOTO_OF_ID, _("Your name could not be seen on your ID.")),
    "id_image_not_clear": (PHOTO_OF_ID, _("The photo of your ID was not clear enough to be read.")),
    "id_invalid": (PHOTO_OF_ID, _("The document in the photo cannot be accepted as an ID.")),
    "name_mismatch": (OTHER, _("The name on your ID is not the name of your account.")),
    "photos_mismatched": (OTHER, _("The photo of you and the photo on your ID do not show the same person.")),
}


class ReasonGroup(TypedDict):
    """What was wrong with one thing, in the language of the moment."""

    heading: str
    reasons: list[str]


def grouped(codes: Iterable[str]) -> list[ReasonGroup]:
    """The reasons under their headings, in the order of the headings; codes without words are left out."""
    known = [WORDS[code] for code in codes if code in WORDS]
    groups = (
        ReasonGroup(heading=str(heading), reasons=[str(words) for under, words in known if under is heading])
        for heading in (PHOTO_OF_YOU, PHOTO_OF_ID, OTHER)
    )
    return [group for group in groups if group["reasons"]]
