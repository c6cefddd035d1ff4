"""
What follows from a status: which effects, and each effect as one small function that may run twice without harm.

:func:`of` lists the effects of a move as outbox messages, to be committed with the move. ``HANDLERS`` carries them out.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from proctoring import lms
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import mail
from proctoring.services.vendors import backend_name
from proctoring.statuses import COMPLETED
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

LMS = "lms"
REQUIREMENT_NAMESPACE = "proctored_exam"
REJECTED_GRADE = 0.0
CREDIT_STATUSES = {
    Status.verified: "satisfied",
    Status.rejected: "failed",
    Status.error: "failed",
    Status.submitted: "submitted",
    Status.declined: "declined",
}
VENDOR_KINDS = {Status.started: "vendor.start", Status.submitted: "vendor.stop", Status.error: "vendor.error"}


def of(attempt: ProctoredExamStudentAttempt, source: str, by: AbstractBaseUser | None) -> list[OutboxMessage]:
    """What follows from the move ``source`` -> ``attempt.status`` (contract python.md §2.6), not yet written."""
    messages = [*_completion(attempt, source), *_vendor_calls(attempt, source)]
    if attempt.status in CREDIT_STATUSES and _gate(attempt):
        messages += [*_credit_and_grades(attempt, by), *_mails(attempt)]
    return messages


def gate_is_open(statuses: list[str], target: str, *, is_practice: bool) -> bool:
    """
    Whether a move to ``target`` may touch credit, grades, certificates and mail (contract python.md §2.5).

    ``statuses`` are those of all the learner's attempts at the exam, the moved one with its new status.
    """
    if is_practice or len(statuses) == 1 or target in {Status.declined, Status.error}:
        return True
    if target == Status.submitted:
        return Status.rejected not in statuses
    if target == Status.verified:
        return set(statuses) == {Status.verified}
    if target == Status.rejected:
        return statuses.count(Status.rejected) <= 1 and Status.declined not in statuses
    return False


def _gate(attempt: ProctoredExamStudentAttempt) -> bool:
    exam = attempt.proctored_exam
    siblings = ProctoredExamStudentAttempt.objects.filter(user_id=attempt.user_id, proctored_exam=exam)
    return gate_is_open(
        list(siblings.values_list("status", flat=True)), attempt.status, is_practice=exam.is_practice_exam
    )


def _about(attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
    exam = attempt.proctored_exam
    return {"user_id": attempt.user_id, "course_id": exam.course_id, "content_id": exam.content_id}


def _completion(attempt: ProctoredExamStudentAttempt, source: str) -> Iterator[OutboxMessage]:
    if attempt.status == Status.submitted and source not in COMPLETED:
        yield _effect("completion", attempt, _about(attempt))


def _credit_and_grades(attempt: ProctoredExamStudentAttempt, by: AbstractBaseUser | None) -> Iterator[OutboxMessage]:
    exam, about = attempt.proctored_exam, _about(attempt)
    if exam.is_proctored and not exam.is_practice_exam:
        yield _effect("credit", attempt, about | {"status": CREDIT_STATUSES[Status(attempt.status)]})
    if attempt.status == Status.rejected:
        explained = about | {"overrider_id": by.pk if by else None, "backend": backend_name(exam)}
        yield _effect("grade.zero", attempt, explained)
        yield _effect("certificate.invalidate", attempt, about)
    elif attempt.status == Status.verified and _was_rejected(attempt):
        yield _effect("grade.restore", attempt, about)


def _was_rejected(attempt: ProctoredExamStudentAttempt) -> bool:
    # A rejection leaves a zero grade behind even when other statuses came in between.
    return bool(attempt.history.filter(status=Status.rejected).exists())


def _mails(attempt: ProctoredExamStudentAttempt) -> Iterator[OutboxMessage]:
    if attempt.status in mail.TEMPLATES and attempt.taking_as_proctored and not attempt.is_sample_attempt:
        payload = {"attempt_id": attempt.pk, "status": str(attempt.status)}
        yield OutboxMessage(kind="mail.status", destination="mail", stream=f"mail:{attempt.pk}", payload=payload)


def _vendor_calls(attempt: ProctoredExamStudentAttempt, source: str) -> Iterator[OutboxMessage]:
    exam = attempt.proctored_exam
    kind = VENDOR_KINDS.get(Status(attempt.status))
    again = attempt.status == Status.started and source == Status.ready_to_submit
    if kind is None or again or not (exam.is_proctored and attempt.external_id):
        return
    backend = backend_name(exam)
    payload = {"backend": backend, "exam": exam.external_id, "attempt": attempt.external_id, "attempt_id": attempt.pk}
    yield OutboxMessage(kind=kind, destination=backend[:64], stream=f"vendor:{attempt.pk}", payload=payload)


def _effect(kind: str, attempt: ProctoredExamStudentAttempt, payload: Mapping[str, Any]) -> OutboxMessage:
    # One learner's effects of one sort at one exam happen in order, whichever attempt they come from; a certificate
    # goes with the grade it follows.
    sort = "grade" if kind.startswith(("grade.", "certificate.")) else kind
    stream = f"{sort}:{attempt.user_id}:{attempt.proctored_exam_id}"
    return OutboxMessage(kind=kind, destination=LMS, stream=stream, payload=dict(payload))


def set_credit(payload: Mapping[str, Any]) -> None:
    """Tell the LMS what the attempt means for credit."""
    lms.credit().set_credit_requirement_status(
        user_id=payload["user_id"],
        course_key_or_id=payload["course_id"],
        req_namespace=REQUIREMENT_NAMESPACE,
        req_name=payload["content_id"],
        status=payload["status"],
    )


def zero_grade(payload: Mapping[str, Any]) -> None:
    """Override the exam's grade with zero, where the course wants that for a rejected attempt."""
    grades = lms.grades()
    if not grades.should_override_grade_on_rejected_exam(payload["course_id"]):
        return
    overrider_id = payload["overrider_id"]
    grades.override_subsection_grade(
        user_id=payload["user_id"],
        course_key_or_id=payload["course_id"],
        usage_key_or_id=payload["content_id"],
        earned_all=REJECTED_GRADE,
        earned_graded=REJECTED_GRADE,
        overrider=get_user_model().objects.filter(pk=overrider_id).first() if overrider_id else None,
        comment=_("The proctoring review was not passed ({backend}).").format(backend=payload["backend"]),
    )


def restore_grade(payload: Mapping[str, Any]) -> None:
    """Take the zero grade of an earlier rejection away."""
    grades = lms.grades()
    if grades.should_override_grade_on_rejected_exam(payload["course_id"]):
        grades.undo_override_subsection_grade(
            user_id=payload["user_id"], course_key_or_id=payload["course_id"], usage_key_or_id=payload["content_id"]
        )


def invalidate_certificate(payload: Mapping[str, Any]) -> None:
    """Withdraw the course certificate of a learner whose exam was rejected."""
    if lms.grades().should_override_grade_on_rejected_exam(payload["course_id"]):
        lms.certificates().invalidate_certificate(user_id=payload["user_id"], course_key_or_id=payload["course_id"])


def complete_subsection(payload: Mapping[str, Any]) -> None:
    """Mark the exam's part of the course as complete for the learner."""
    user = get_user_model().objects.filter(pk=payload["user_id"]).first()
    if user is not None:
        lms.instructor().complete_student_attempt(user.get_username(), payload["content_id"])


HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "completion": complete_subsection,
    "credit": set_credit,
    "grade.zero": zero_grade,
    "grade.restore": restore_grade,
    "certificate.invalidate": invalidate_certificate,
}
