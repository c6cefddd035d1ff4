"""What staff do to allowances."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from proctoring.common.acting import ActionRefused, Verb
from proctoring.models import ProctoredExamStudentAllowance
from proctoring.services import allowances, clock

Allowance = ProctoredExamStudentAllowance
TIME, EXCEPTION = Allowance.ADDITIONAL_TIME_GRANTED[0], Allowance.REVIEW_POLICY_EXCEPTION[0]


class TakenBackAlready(ActionRefused):
    """Nothing is taken twice."""

    code = "taken_back_already"
    default_message = _("This was taken back already.")


def _foresee(allowance: Allowance, user: Any) -> Iterator[str | Promise]:
    if allowance.key == TIME and allowance.value.isdecimal():
        yield from _loss_of_time(allowance, int(allowance.value))
    elif allowance.key == EXCEPTION:
        # What it says may be personal, and is read in its own place.
        yield _("The learner loses the exception that reviewers are told of.")
    else:
        yield _("The learner loses nothing by it: the allowance has no effect.")


def _loss_of_time(allowance: Allowance, minutes: int) -> Iterator[str | Promise]:
    text = ngettext(
        "The learner loses %(number)s minute on top of the exam's time.",
        "The learner loses %(number)s minutes on top of the exam's time.",
        minutes,
    )
    yield text % {"number": minutes}
    for end, new in clock.foreseen_ends(allowance.user_id, allowance.proctored_exam, granted=0):
        if new <= timezone.now():
            yield _("The attempt that is under way has no time left then.")
        else:
            words = {"new": _words(new), "end": _words(end)}
            yield _("At %(new)s instead of %(end)s the attempt that is under way is over.") % words


def _words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _take_back(allowance: Allowance, user: Any, reason: str) -> None:
    if not allowances.remove(allowance.proctored_exam_id, allowance.user_id, allowance.key, by=user):
        raise TakenBackAlready


VERBS = (
    Verb(
        name="take-back-allowance",
        model=Allowance,
        label=_("Take back"),
        explanation=_("What was granted is taken back. Time that has been used stays used."),
        permission="proctoring.delete_proctoredexamstudentallowance",
        foresee=lambda allowance, user: list(_foresee(allowance, user)),
        perform=_take_back,
        related=("user", "proctored_exam"),
    ),
)
