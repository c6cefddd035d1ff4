"""What staff do to verifications by which staff vouch for learners."""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting import Verb
from verify_student.models import ManualVerification
from verify_student.services import access, manual


def _foresee(row: ManualVerification, user: Any) -> Iterator[str | Promise]:
    access.require_decider(user, row)
    yield _("It is deleted. Unless another verification counts, the learner is not verified any more.")
    yield _("Nobody is told: certificates and grades that were given stay, and no mail is sent.")


def _take_back(row: ManualVerification, user: Any, reason: str) -> None:
    access.require_decider(user, row)
    manual.take_back(row.pk, by=user)


VERBS = (
    Verb(
        name="take-back",
        model=ManualVerification,
        label=_("Take back"),
        explanation=_("Staff no longer vouch for these learners."),
        permission=access.DECIDE,
        foresee=lambda row, user: list(_foresee(row, user)),
        perform=_take_back,
    ),
)
