"""What the pages of local review say, and what they leave in the admin's record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verify_student.models import LocalOpinion, PhotoKind
from verify_student.services.local_review import Outcome
from verify_student.services.mail.wording import OTHER, PHOTO_OF_ID, PHOTO_OF_YOU, WORDS
from verify_student.statuses import IDVerificationStatus as Status

LOOKED = {
    PhotoKind.FACE: gettext_lazy("Looked at the photo of the face."),
    PhotoKind.PHOTO_ID: gettext_lazy("Looked at the photo of the ID."),
}
HEADINGS = {
    PHOTO_OF_YOU: gettext_lazy("Photo of the face"),
    PHOTO_OF_ID: gettext_lazy("Photo of the ID"),
    OTHER: gettext_lazy("Something else"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to choose, in the words that the learner will read; ``key`` is the one that chooses it."""

    key: int
    code: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Reasons under their heading."""

    heading: str
    reasons: Sequence[Reason]


def reason_groups(chosen: Sequence[str]) -> list[ReasonGroup]:
    """Every reason there is, in the language of the moment."""
    reasons = [
        (under, Reason(key, code, str(words), code in chosen))
        for key, (code, (under, words)) in enumerate(WORDS.items(), start=1)
    ]
    return [
        ReasonGroup(str(heading), [reason for under, reason in reasons if under is of])
        for of, heading in HEADINGS.items()
    ]


def lines_of(opinions: Iterable[LocalOpinion], reader: Any) -> list[str]:
    """What reviewers think; nothing for somebody who has not yet said what they think themselves."""
    given = list(opinions)
    if all(opinion.reviewer_id != reader.pk for opinion in given):
        return []
    return [_line(opinion) for opinion in given]


def said(outcome: Outcome, reasons: Sequence[str]) -> str:
    """What came of it, for the reviewer and for the record."""
    if not outcome.decided:
        return _("Your opinion is kept. A second reviewer has to agree before it becomes a decision.")
    if outcome.verification.status == Status.approved:
        return _("Approved.")
    codes = ", ".join(code for code in WORDS if code in reasons)
    return _("Denied: %(reasons)s.") % {"reasons": codes}


def _line(opinion: LocalOpinion) -> str:
    name = opinion.reviewer.get_username() if opinion.reviewer else _("Somebody who has left")
    if opinion.approves:
        return _("%(name)s would approve.") % {"name": name}
    words = " ".join(str(WORDS[code][1]) for code in opinion.reasons.split(",") if code in WORDS)
    return _("%(name)s would deny: %(reasons)s") % {"name": name, "reasons": words}
