"""
What the reviewers of an exam are told, one text an exam (contract python.md §4.3).

The table allows several, so whoever writes one holds the exam meanwhile. Receivers archive what a policy said and tell
the vendor what it says now.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from proctoring.exceptions import (
    ProctoredExamNotFoundException,
    ProctoredExamReviewPolicyAlreadyExists,
    ProctoredExamReviewPolicyNotFoundException,
    UserNotFoundException,
)
from proctoring.models import ProctoredExam, ProctoredExamReviewPolicy
from proctoring.services import audit, exams
from proctoring.services.references import key_of

Policy = ProctoredExamReviewPolicy


def of_exam(exam_id: int) -> Policy:
    """The exam's policy, its author and exam loaded. Raises ``ProctoredExamReviewPolicyNotFoundException``."""
    policies = Policy.objects.filter(proctored_exam_id=key_of(exam_id)).select_related("set_by_user", "proctored_exam")
    policy = policies.order_by("-created", "-id").first()
    if policy is None:
        raise ProctoredExamReviewPolicyNotFoundException
    return policy


def text_for(exam: ProctoredExam) -> str | None:
    """What the reviewers of the exam are told; None where it has no policy."""
    policy = Policy.get_review_policy_for_exam(exam.pk)
    return policy.review_policy if policy else None


def create(exam_id: int, set_by_user_id: int, text: str) -> Policy:
    """
    The exam's first policy.

    Raises ``ProctoredExamNotFoundException``, ``UserNotFoundException``, ``ProctoredExamReviewPolicyAlreadyExists``.
    """
    with transaction.atomic():
        exam = exams.held(exam_id)
        if Policy.objects.filter(proctored_exam=exam).exists():
            raise ProctoredExamReviewPolicyAlreadyExists
        author = _author(set_by_user_id)
        made = Policy.objects.create(proctored_exam=exam, set_by_user=author, review_policy=text)
        audit.record("review_policy.set", exam, actor=author)
    return made


def update(exam_id: int, set_by_user_id: int, text: str | None) -> None:
    """
    Replace text and author; an empty text removes the policy.

    Raises ``ProctoredExamReviewPolicyNotFoundException``, ``UserNotFoundException``.
    """
    if not text:
        # Who removes a policy writes none, and need not be there (contract python.md §4.3).
        remove(exam_id, by=_account(set_by_user_id))
        return
    with transaction.atomic():
        policy = _held(exam_id)
        author = _author(set_by_user_id)
        policy.review_policy, policy.set_by_user = text, author
        policy.save()
        audit.record("review_policy.set", policy.proctored_exam, actor=author)


def remove(exam_id: int, *, by: Any = None) -> None:
    """
    The exam has no policy any more, also where old races have left several. ``by`` is the person who wants it so.

    Raises ``ProctoredExamReviewPolicyNotFoundException``.
    """
    with transaction.atomic():
        policy = _held(exam_id)
        audit.record("review_policy.removed", policy.proctored_exam, actor=by)
        Policy.objects.filter(proctored_exam=policy.proctored_exam).delete()


def _held(exam_id: int) -> Policy:
    try:
        exams.held(exam_id)
    except ProctoredExamNotFoundException:
        raise ProctoredExamReviewPolicyNotFoundException from None
    return of_exam(exam_id)


def _author(user_id: int) -> Any:
    author = _account(user_id)
    if author is None:
        raise UserNotFoundException
    return author


def _account(user_id: int) -> Any:
    return get_user_model()._default_manager.filter(pk=key_of(user_id)).first()
