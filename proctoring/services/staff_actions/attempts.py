"""What staff do to attempts."""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting import Verb
from proctoring.exceptions import ProctoredExamIllegalResumeUpdate
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import resuming

Attempt = ProctoredExamStudentAttempt

CHANGE = "proctoring.change_proctoredexamstudentattempt"


def _foresee_resume(attempt: Attempt, user: Any) -> Iterator[str | Promise]:
    if not attempt.is_resumable:
        raise ProctoredExamIllegalResumeUpdate
    yield _("The learner may go on with the time that is left.")


def _resume(attempt: Attempt, user: Any, reason: str) -> None:
    resuming.approve(attempt.pk, by=user)


VERBS = (
    Verb(
        name="resume-attempt",
        model=Attempt,
        label=_("Let the learner go on"),
        explanation=_("An attempt that broke off is approved for going on."),
        permission=CHANGE,
        foresee=lambda attempt, user: list(_foresee_resume(attempt, user)),
        perform=_resume,
        related=("user", "proctored_exam"),
    ),
)
