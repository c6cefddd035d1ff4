"""
What would follow from what staff do to attempts, in sentences.

They are made of the very messages that the deed would write (``services.consequences``), so they cannot promise
anything else. What depends on the LMS is said so: nobody is asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import mail, transitions
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

CREDIT: Mapping[str, Promise] = {
    "satisfied": _("For credit, the learner has met the requirement of this exam."),
    "failed": _("For credit, the learner has not met the requirement of this exam."),
    "submitted": _("For credit, the learner has handed in this exam."),
    "declined": _("For credit, the learner has declined this exam."),
}
EFFECTS: Mapping[str, Promise] = {
    "answers.delete": _("The learner's answers in the exam are deleted."),
    "certificate.invalidate": _("The learner's certificate of the course is withdrawn, where the course has it so."),
    "completion": _("This part of the course counts as completed."),
    "credit": _("For credit, the requirement of this exam changes."),
    "credit.remove": _("For credit, what the attempt meant for the requirement is forgotten."),
    "grade.restore": _("The learner's grade of the exam, which a rejection took away, comes back."),
    "grade.undo": _("A grade that was changed because of the attempt is put back."),
    "grade.zero": _("The learner's grade of the exam becomes zero, where the course has it so."),
    "onboarding.clear": _("Exams that were refused to the learner for want of onboarding can be begun again."),
    "vendor.error": _("The proctoring service is told of the error."),
    "vendor.remove": _("The proctoring service is asked to delete the attempt."),
    "vendor.start": _("The proctoring service is told that the attempt has begun."),
    "vendor.stop": _("The proctoring service is told that the attempt is over."),
    mail.KIND: _("The learner gets mail about it."),
}
NOTHING_FOR_THE_LEARNER = _("Credit, grade and certificate of the learner stay as they are, and nobody gets mail.")
LEARNERS = frozenset({"certificate", "credit", "grade", "mail"})


def effects(attempt: ProctoredExamStudentAttempt, target: Status, by: AbstractBaseUser | None) -> list[Promise]:
    """
    What else follows when staff move ``attempt`` to ``target``; nothing is moved. Up to three statements.

    Raises ``ProctoredExamIllegalStatusTransition``.
    """
    messages = transitions.foreseen(attempt, target, actor=Actor.STAFF, by=by).effects
    concerns_learner = any(message.kind.partition(".")[0] in LEARNERS for message in messages)
    return [*sentences(messages), *([] if concerns_learner else [NOTHING_FOR_THE_LEARNER])]


def sentences(messages: Iterable[OutboxMessage]) -> Iterator[Promise]:
    """Each sentence once, in the order of the messages."""
    yield from dict.fromkeys(_sentence(message.kind, message.payload) for message in messages)


def _sentence(kind: str, payload: Mapping[str, Any]) -> Promise:
    return CREDIT.get(payload["status"], EFFECTS[kind]) if kind == "credit" else EFFECTS[kind]
