"""
A learner is retired: vendors delete what they know, and we blank what we keep (contract rest.md §5.23, §5.24).

Attempts that were deleted count like those that are there: their learner is the same person.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from proctoring.backends import provider_named
from proctoring.common import inbox
from proctoring.common.audit import Subject
from proctoring.common.inbox import InboxState
from proctoring.conf import config
from proctoring.models import (
    InboxDelivery,
    ProctoredExam,
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
)
from proctoring.services import audit
from proctoring.services.references import key_of
from proctoring.services.vendors import obscured_user_id

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
# Messages that will not be read again; what waits to be applied still has to be.
SETTLED = (InboxState.APPLIED, InboxState.REFUSED)


def at_vendors(user_id: int) -> dict[str, bool]:
    """
    Backend -> whether it has deleted the learner, for those that had something to do. One that fails stops no other.

    Asked again, a vendor may refuse; it is for whoever asks to know that it has agreed before (contract rest.md §5.23).
    Talks to vendors: not within a transaction.
    """
    learner = key_of(user_id)
    answers = {name: _retired_at(name, learner) for name in _vendors_of(learner)}
    told = {name: answer for name, answer in answers.items() if answer is not None}
    facts = {"agreed": [name for name in told if told[name]], "failed": [name for name in told if not told[name]]}
    coded = {key: [audit.code(name) for name in names] for key, names in facts.items()}
    audit.record("learner.retired_at_vendors", Subject("learner", learner), **coded)
    return told


def erase(user_id: int) -> None:
    """
    Blank what was said of the learner: reviews and their comments, allowances, vendors' messages that are done with.

    Nothing follows from it: no status, no mail, no new history. Rows stay, and repeating it changes nothing.
    """
    learner = key_of(user_id)
    with transaction.atomic():
        _blank_allowances(learner)
        _blank_reviews(learner)
        _empty_deliveries(learner)
        audit.record("learner.erased", Subject("learner", learner))
    logger.info("Personal data erased: user=%s", learner)


def _vendors_of(learner: int) -> list[str]:
    live = Attempt.objects.filter(user_id=learner, taking_as_proctored=True).values("proctored_exam_id")
    past = Attempt.history.filter(user_id=learner, taking_as_proctored=True).values("proctored_exam_id")
    exams = ProctoredExam.objects.filter(Q(pk__in=live) | Q(pk__in=past))
    # Attempts go with their exam, and then only the exam's own history tells its vendor.
    deleted = ProctoredExam.history.filter(id__in=past, history_type="-")
    backends = {*exams.values_list("backend", flat=True), *deleted.values_list("backend", flat=True)}
    return sorted({backend or _default() for backend in backends})


def _default() -> str:
    return str(config.backends.get("DEFAULT") or "")


def _retired_at(backend: str, learner: int) -> bool | None:
    try:
        answer = provider_named(backend).retire_user(obscured_user_id(learner, backend))
    # Plugins raise whatever their vendor's library raises, and a vendor may be gone from the settings.
    except Exception as error:
        logger.error("A vendor could not retire a learner: backend=%s error=%s", backend, type(error).__name__)
        return False
    return None if answer is None else bool(answer)


def _blank_allowances(learner: int) -> None:
    blank = {"value": "", "multiplier": None, "modified": timezone.now()}
    # Changing an allowance archives it, so the archive comes last.
    ProctoredExamStudentAllowance.objects.filter(user_id=learner).exclude(value="").update(**blank)
    ProctoredExamStudentAllowanceHistory.objects.filter(user_id=learner).update(**blank)


def _blank_reviews(learner: int) -> None:
    live = Attempt.objects.filter(user_id=learner).values("attempt_code")
    past = Attempt.history.filter(user_id=learner).values("attempt_code")
    theirs = Q(student_id=learner) | Q(attempt_code__in=live) | Q(attempt_code__in=past)
    now = timezone.now()
    blank = {"raw_data": "", "encrypted_video_url": b"", "modified": now}
    # Held in the order of their ids, and before their comments, as everybody does. Not saved: that would be a review.
    reviews = ProctoredExamSoftwareSecureReview.objects.filter(theirs).order_by("pk")
    held = list(reviews.select_for_update().values_list("pk", flat=True))
    ProctoredExamSoftwareSecureReview.objects.filter(pk__in=held).update(**blank)
    ProctoredExamSoftwareSecureComment.objects.filter(review__in=held).update(comment="", status="", modified=now)
    ProctoredExamSoftwareSecureReviewHistory.objects.filter(theirs).update(**blank)


def _empty_deliveries(learner: int) -> None:
    names = set(_names_at_vendors(learner))
    said = InboxDelivery.objects.filter(subject__in=names, state__in=SETTLED, body_size__gt=0)
    # Two vendors may have the same id for attempts of two learners: then only the learner's own vendor counts.
    mine = said.filter(_of_own_vendor(learner) | ~_of_somebody_else(learner))
    inbox.empty(mine.order_by("pk").select_for_update(), config.keyring)


def _names_at_vendors(learner: int) -> Iterator[str]:
    """What vendors call the learner's attempts: by their own id, or by our code."""
    managers: tuple[Any, ...] = (Attempt.objects, Attempt.history)
    for attempts in managers:
        for pair in attempts.filter(user_id=learner).values_list("external_id", "attempt_code"):
            yield from filter(None, pair)


def _of_own_vendor(learner: int) -> Q:
    def by_vendor(attempts: Any) -> Exists:
        vendor = Coalesce(F("proctored_exam__backend"), Value(_default()))
        return Exists(attempts.alias(vendor=vendor).filter(vendor=OuterRef("source"), external_id=OuterRef("subject")))

    return Q(by_vendor(Attempt.objects.filter(user_id=learner))) | Q(by_vendor(Attempt.history.filter(user_id=learner)))


def _of_somebody_else(learner: int) -> Q:
    called = Q(external_id=OuterRef("subject")) & ~Q(user_id=learner)
    return Q(Exists(Attempt.objects.filter(called))) | Q(Exists(Attempt.history.filter(called)))
