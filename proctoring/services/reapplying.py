"""
What attempts' statuses mean for credit, grades and certificates, told to the LMS again: for an LMS that has lost it.

No status moves, nobody gets mail, no vendor hears anything.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from proctoring.common.batches import Batch, in_batches
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import consequences, outbox
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
WITHOUT = "attempts without any"


def apply_again(exam: ProctoredExam, size: int, *, after: int = 0) -> Iterator[Batch]:
    """
    Write what follows from the present status of each attempt at ``exam``, batch by batch; counted by kind.

    An attempt's effects depend on the learner's other attempts as they did when it moved. A batch takes the same few
    statements however many rows it has.
    """
    for rows in in_batches(_attempts(exam), size, after=after):
        with transaction.atomic():
            # Held, so that what is written here never comes after what a move of this moment means.
            held = Attempt.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").select_for_update()
            effects = _effects(exam, list(held))
            outbox.write([message for messages in effects.values() for message in messages])
        for attempt, messages in effects.items():
            if messages:
                logger.info("Status applied again: attempt=%s status=%s", attempt.pk, attempt.status)
        yield Batch(len(rows), _counts(effects), rows[-1].pk)


def rehearse(exam: ProctoredExam, size: int, *, after: int = 0) -> Iterator[Batch]:
    """What :func:`apply_again` would come to, with nothing written."""
    for rows in in_batches(_attempts(exam), size, after=after):
        yield Batch(len(rows), _counts(_effects(exam, rows)), rows[-1].pk)


def count(exam: ProctoredExam) -> int:
    """How many attempts there are."""
    return _attempts(exam).count()


def _attempts(exam: ProctoredExam) -> "QuerySet[Attempt]":
    return Attempt.objects.filter(proctored_exam=exam)


def _effects(exam: ProctoredExam, attempts: list[Attempt]) -> dict[Attempt, list[OutboxMessage]]:
    statuses = _statuses(exam, attempts)
    verified = [attempt.pk for attempt in attempts if attempt.status == Status.verified]
    rejected = Attempt.history.filter(id__in=verified, status=Status.rejected)
    once_rejected = frozenset(rejected.values_list("id", flat=True))
    effects: dict[Attempt, list[OutboxMessage]] = {}
    for attempt in attempts:
        attempt.proctored_exam = exam
        effects[attempt] = _of(attempt, statuses[attempt.user_id], was_rejected=attempt.pk in once_rejected)
    return effects


def _statuses(exam: ProctoredExam, attempts: list[Attempt]) -> dict[int, list[str]]:
    """By learner, the statuses of all their attempts at the exam."""
    of_learners = _attempts(exam).filter(user_id__in={attempt.user_id for attempt in attempts})
    statuses = defaultdict(list)
    for user_id, status in of_learners.values_list("user_id", "status"):
        statuses[user_id].append(status)
    return statuses


def _of(attempt: Attempt, statuses: list[str], *, was_rejected: bool) -> list[OutboxMessage]:
    is_practice = attempt.proctored_exam.is_practice_exam
    if attempt.status not in consequences.CREDIT_STATUSES:
        return []
    if not consequences.gate_is_open(statuses, attempt.status, is_practice=is_practice):
        return []
    return list(consequences.credit_and_grades(attempt, None, was_rejected=was_rejected))


def _counts(effects: dict[Attempt, list[OutboxMessage]]) -> Counter[str]:
    counts = Counter(message.kind for messages in effects.values() for message in messages)
    counts[WITHOUT] += sum(not messages for messages in effects.values())
    return counts
