"""What staff do to attempts of plug-ins."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting import Verb
from verify_student.exceptions import VerificationException, VerificationNotFound
from verify_student.models import VerificationAttempt
from verify_student.services import access, plugin_attempts
from verify_student.statuses import VerificationAttemptStatus as Status

TOLD = _("The platform is told, as if the plug-in had decided. We send the learner no mail.")


class SoAlready(VerificationException):
    """The decision is there."""

    code = "decided_so_already"
    default_message = _("It is decided so already.")


def _require_decidable(attempt: VerificationAttempt, user: Any, target: Status) -> None:
    access.require_decider(user, attempt)
    if attempt.status == target:
        raise SoAlready


def _foresee_approval(attempt: VerificationAttempt, user: Any) -> Iterator[str | Promise]:
    _require_decidable(attempt, user, Status.APPROVED)
    yield _validity(attempt)
    yield TOLD


def _foresee_denial(attempt: VerificationAttempt, user: Any) -> Iterator[str | Promise]:
    _require_decidable(attempt, user, Status.DENIED)
    yield _("Unless another verification counts, the learner is not verified, and asked to try again.")
    yield TOLD


def _validity(attempt: VerificationAttempt) -> str | Promise:
    end = attempt.expiration_datetime
    if end is None:
        return _("The learner counts as verified for good: the plug-in has set no end.")
    day = {"date": date_format(timezone.localtime(end), "DATE_FORMAT")}
    if end < timezone.now():
        return _("It does not make the learner verified: its end was %(date)s.") % day
    return _("The learner counts as verified until %(date)s.") % day


def _deciding(target: Status) -> Callable[[VerificationAttempt, Any, str], None]:
    def decide(attempt: VerificationAttempt, user: Any, reason: str) -> None:
        with transaction.atomic():
            held = VerificationAttempt.objects.select_for_update().filter(pk=attempt.pk).first()
            if held is None:
                raise VerificationNotFound
            _require_decidable(held, user, target)
            plugin_attempts.update(held.pk, None, target, by=user)

    return decide


VERBS = (
    Verb(
        name="approve-attempt",
        model=VerificationAttempt,
        label=_("Approve"),
        explanation=_("The learners are who they say they are."),
        permission=access.DECIDE,
        foresee=lambda attempt, user: list(_foresee_approval(attempt, user)),
        perform=_deciding(Status.APPROVED),
    ),
    Verb(
        name="deny-attempt",
        model=VerificationAttempt,
        label=_("Deny"),
        explanation=_("The learners could not be recognised."),
        permission=access.DECIDE,
        foresee=lambda attempt, user: list(_foresee_denial(attempt, user)),
        perform=_deciding(Status.DENIED),
    ),
)
