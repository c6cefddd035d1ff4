"""
What would follow from moving an attempt, in sentences for staff.

They are made of the very messages that the move would write (``services.consequences``), so they cannot promise
anything else. What depends on the LMS is said so: nobody is asked.
"""

from collections.abc import Iterator, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import consequences, mail, transitions
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

CREDIT: Mapping[str, Promise] = {
    "satisfied": _("For credit, the learner has met the requirement of this exam."),
    "failed": _("For credit, the learner has not met the requirement of this exam."),
    "submitted": _("For credit, the learner has handed in this exam."),
    "declined": _("For credit, the learner has declined this exam."),
}
EFFECTS: Mapping[str, Promise] = {
    "completion": _("This part of the course counts as completed."),
    "grade.zero": _("The learner's grade of the exam becomes zero, where the course has it so."),
    "grade.restore": _("The learner's grade of the exam, which a rejection took away, comes back."),
    "certificate.invalidate": _("The learner's certificate of the course is withdrawn, where the course has it so."),
    "onboarding.clear": _("Exams that were refused to the learner for want of onboarding can be begun again."),
    "vendor.start": _("The proctoring service is told that the attempt has begun."),
    "vendor.stop": _("The proctoring service is told that the attempt is over."),
    "vendor.error": _("The proctoring service is told of the error."),
    "vendor.remove": _("The proctoring service is asked to delete the attempt."),
    mail.KIND: _("The learner gets mail about it."),
}
NOTHING_FOR_THE_LEARNER = _("Credit, grade and certificate of the learner stay as they are, and nobody gets mail.")


def effects(attempt: ProctoredExamStudentAttempt, target: Status, by: AbstractBaseUser | None) -> list[Promise]:
    """What else follows when ``by`` moves ``attempt`` to ``target``; nothing is moved. Up to three statements."""
    moved = transitions.supposed(attempt, target)
    messages = consequences.of(moved, attempt.status, by, attempt.external_id)
    return [*_sentences(messages), *([] if _concerns_learner(messages) else [NOTHING_FOR_THE_LEARNER])]


def _sentences(messages: list[OutboxMessage]) -> Iterator[Promise]:
    for message in messages:
        if message.kind == "credit":
            yield CREDIT[message.payload["status"]]
        elif message.kind in EFFECTS:
            yield EFFECTS[message.kind]


def _concerns_learner(messages: list[OutboxMessage]) -> bool:
    return any(message.kind.partition(".")[0] in {"credit", "grade", "certificate", "mail"} for message in messages)
