"""
What follows from a status: which effects, and each effect as one small function that may run twice without harm.

:func:`of` lists the effects of a move as outbox messages, to be committed with the move. ``HANDLERS`` carries them out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from proctoring import lms
from proctoring.common.prepared import Prepared
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import mail
from proctoring.services.vendors import backend_name, supports_onboarding
from proctoring.statuses import COMPLETED, INCOMPLETE
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

LMS = "lms"
REQUIREMENT_NAMESPACE = "proctored_exam"
REJECTED_GRADE = 0.0
ONBOARDING_DONE = frozenset({Status.submitted, Status.verified})
CREDIT_STATUSES = {
    Status.verified: "satisfied",
    Status.rejected: "failed",
    Status.error: "failed",
    Status.submitted: "submitted",
    Status.declined: "declined",
}
VENDOR_KINDS = {Status.started: "vendor.start", Status.submitted: "vendor.stop", Status.error: "vendor.error"}
# Effects that must keep the order among each other are of one sort; without an entry the kind's first word is the sort.
SORTS = {"certificate.invalidate": "grade", "answers.delete": "completion"}


@dataclass(frozen=True)
class _Past:
    """
    What matters of the time before a move: the statuses of the learner's other attempts at the exam, whether this one
    was ever rejected, and what the last mail about it said.
    """

    others: list[str]
    was_rejected: bool = False
    told: Mapping[str, Any] | None = None


def of(
    attempt: ProctoredExamStudentAttempt, source: str, by: AbstractBaseUser | None, vendors_id: str | None
) -> list[OutboxMessage]:
    """
    What follows from the move ``source`` -> ``attempt.status`` (contract python.md §2.6), not yet written.

    ``vendors_id`` is the vendor's id of the attempt as it was before the move.
    """
    messages = [*_completion(attempt, source), *_vendor_calls(attempt, source, vendors_id)]
    if attempt.status in CREDIT_STATUSES:
        past, is_practice = _past(attempt), attempt.proctored_exam.is_practice_exam
        if gate_is_open([*past.others, attempt.status], attempt.status, is_practice=is_practice):
            messages += credit_and_grades(attempt, by, was_rejected=past.was_rejected)
            messages += mail.message_about(attempt, past.told)
    return messages + list(_onboarding(attempt))


def of_removal(attempt: ProctoredExamStudentAttempt, by: AbstractBaseUser | None) -> list[OutboxMessage]:
    """What follows from deleting an attempt, in the order of contract python.md §2.13, not yet written."""
    about = _about(attempt)
    messages = [
        _effect("answers.delete", attempt, about | {"requester_id": by.pk if by else None}),
        _effect("grade.undo", attempt, about),
    ]
    if attempt.status in CREDIT_STATUSES:
        messages.append(_effect("credit.remove", attempt, about))
    return messages


def vendor_removal(attempt: ProctoredExamStudentAttempt, vendors_id: str) -> OutboxMessage:
    """Have the vendor forget an attempt, whenever it can be reached."""
    return _vendor_message("vendor.remove", attempt, vendors_id)


def decline_of_others(attempt: ProctoredExamStudentAttempt) -> OutboxMessage:
    """Declining a graded proctored exam declines the course's others (contract python.md §2.11)."""
    return _effect("decline.others", attempt, _about(attempt) | {"exam_id": attempt.proctored_exam_id})


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


def _asked_past(user_id: int, exam_id: int, attempt_id: int, stream: str) -> "QuerySet[Any, Any]":
    known = ProctoredExamStudentAttempt.objects.filter(user_id=user_id, proctored_exam_id=exam_id)
    rejected = ProctoredExamStudentAttempt.history.filter(id=attempt_id, status=Status.rejected)
    rows = known.annotate(was_rejected=Exists(rejected), told=Subquery(mail.told_in(stream)[:1]))
    return rows.values_list("pk", "status", "was_rejected", "told")


PAST: Prepared[tuple[int, str, bool, Any]] = Prepared(_asked_past, int, int, int, str)


def _past(attempt: ProctoredExamStudentAttempt) -> _Past:
    """In one statement: this is asked of every attempt that is handed in or reviewed."""
    found = PAST(attempt.user_id, attempt.proctored_exam_id, attempt.pk, mail.stream_of(attempt.pk))
    # Not the stored status of this one: what would follow is also asked of moves that nobody has made.
    others = [status for pk, status, _rejected, _told in found if pk != attempt.pk]
    return _Past(others, *found[0][2:]) if found else _Past(others)


def _about(attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
    exam = attempt.proctored_exam
    return {"user_id": attempt.user_id, "course_id": exam.course_id, "content_id": exam.content_id}


def _completion(attempt: ProctoredExamStudentAttempt, source: str) -> Iterator[OutboxMessage]:
    if attempt.status == Status.submitted and source not in COMPLETED:
        yield _effect("completion", attempt, _about(attempt))


def credit_and_grades(
    attempt: ProctoredExamStudentAttempt, by: AbstractBaseUser | None, *, was_rejected: bool
) -> Iterator[OutboxMessage]:
    """What the attempt's status, one of ``CREDIT_STATUSES``, means for credit, grade and certificate; not written."""
    exam, about = attempt.proctored_exam, _about(attempt)
    if exam.is_proctored and not exam.is_practice_exam:
        yield _effect("credit", attempt, about | {"status": CREDIT_STATUSES[Status(attempt.status)]})
    if attempt.status == Status.rejected:
        explained = about | {"overrider_id": by.pk if by else None, "backend": backend_name(exam)}
        yield _effect("grade.zero", attempt, explained)
        yield _effect("certificate.invalidate", attempt, about)
    elif attempt.status == Status.verified and was_rejected:
        # A rejection leaves a zero grade behind even when other statuses came in between.
        yield _effect("grade.restore", attempt, about)


def _vendor_calls(attempt: ProctoredExamStudentAttempt, source: str, vendors_id: str | None) -> Iterator[OutboxMessage]:
    if not (attempt.proctored_exam.is_proctored and vendors_id):
        return
    if attempt.status == Status.declined and source in INCOMPLETE:
        # The vendor waits for somebody who will not come; what it has recorded of others is still evidence.
        yield vendor_removal(attempt, vendors_id)
    kind = VENDOR_KINDS.get(Status(attempt.status))
    again = attempt.status == Status.started and source == Status.ready_to_submit
    if kind is not None and not again:
        yield _vendor_message(kind, attempt, vendors_id)


def _vendor_message(kind: str, attempt: ProctoredExamStudentAttempt, vendors_id: str) -> OutboxMessage:
    exam = attempt.proctored_exam
    backend = backend_name(exam)
    payload = {"backend": backend, "exam": exam.external_id, "attempt": vendors_id, "attempt_id": attempt.pk}
    return OutboxMessage(kind=kind, destination=backend[:64], stream=f"vendor:{attempt.pk}", payload=payload)


def _onboarding(attempt: ProctoredExamStudentAttempt) -> Iterator[OutboxMessage]:
    """A learner who has gone through onboarding may try again what was refused for want of it (§2.12)."""
    exam = attempt.proctored_exam
    if exam.is_practice_exam and attempt.status in ONBOARDING_DONE and supports_onboarding(exam):
        payload = {"user_id": attempt.user_id, "backend": backend_name(exam), "before": timezone.now().isoformat()}
        yield _effect("onboarding.clear", attempt, payload)


def _effect(kind: str, attempt: ProctoredExamStudentAttempt, payload: Mapping[str, Any]) -> OutboxMessage:
    # One learner's effects of one sort at one exam happen in order, whichever attempt they come from; a certificate
    # goes with the grade it follows.
    sort = SORTS.get(kind, kind.partition(".")[0])
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


def undo_grade(payload: Mapping[str, Any]) -> None:
    """Take any override away: the attempt it came from is gone."""
    lms.grades().undo_override_subsection_grade(
        user_id=payload["user_id"], course_key_or_id=payload["course_id"], usage_key_or_id=payload["content_id"]
    )


def remove_credit(payload: Mapping[str, Any]) -> None:
    """Forget what an attempt that is gone meant for credit."""
    lms.credit().remove_credit_requirement_status(
        user_id=payload["user_id"],
        course_key_or_id=payload["course_id"],
        req_namespace=REQUIREMENT_NAMESPACE,
        req_name=payload["content_id"],
    )


def delete_answers(payload: Mapping[str, Any]) -> None:
    """Reset the learner's answers in the exam, in the name of who asked for it; else of the learner."""
    users = get_user_model().objects.in_bulk([payload["user_id"], payload["requester_id"] or payload["user_id"]])
    learner = users.get(payload["user_id"])
    if learner is not None:
        requester = users.get(payload["requester_id"], learner)
        lms.instructor().delete_student_attempt(
            learner.get_username(), payload["course_id"], payload["content_id"], requesting_user=requester
        )


def invalidate_certificate(payload: Mapping[str, Any]) -> None:
    """Withdraw the course certificate of a learner whose exam was rejected."""
    if lms.grades().should_override_grade_on_rejected_exam(payload["course_id"]):
        lms.certificates().invalidate_certificate(user_id=payload["user_id"], course_key_or_id=payload["course_id"])


def complete_subsection(payload: Mapping[str, Any]) -> None:
    """Mark the exam's part of the course as complete for the learner."""
    people: Any = get_user_model()
    username = people.objects.filter(pk=payload["user_id"]).values_list(people.USERNAME_FIELD, flat=True).first()
    if username is not None:
        lms.instructor().complete_student_attempt(username, payload["content_id"])


HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "completion": complete_subsection,
    "answers.delete": delete_answers,
    "credit": set_credit,
    "credit.remove": remove_credit,
    "grade.zero": zero_grade,
    "grade.restore": restore_grade,
    "grade.undo": undo_grade,
    "certificate.invalidate": invalidate_certificate,
}
