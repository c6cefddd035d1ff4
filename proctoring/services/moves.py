"""An operator's move of one attempt, made or only rehearsed; with what follows from it."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from proctoring.exceptions import StudentExamAttemptDoesNotExistsException
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import attempts
from proctoring.services.references import key_of
from proctoring.statuses import Actor

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt


@dataclass(frozen=True, slots=True)
class Move:
    """Where an attempt was and is; ``effects``, by kind, are what follows from that."""

    source: str
    target: str
    effects: Mapping[str, int]


def move(attempt_id: object, to_status: str) -> Move:
    """
    Move an attempt as the LMS's own code would (``attempts.set_status``). The status that it has already changes
    nothing.

    Raises ``StudentExamAttemptDoesNotExistsException``, ``ProctoredExamIllegalStatusTransition``, and
    ``StudentExamAttemptedAlreadyStarted`` where another attempt of the learner at the exam is running.
    """
    with transaction.atomic():
        before = Attempt.objects.filter(pk=key_of(attempt_id)).first()
        if before is None:
            raise StudentExamAttemptDoesNotExistsException
        last = OutboxMessage.objects.aggregate(last=Max("pk"))["last"] or 0
        after = attempts.set_status(before.pk, to_status, actor=Actor.SYSTEM)
        kinds = _about(before).filter(pk__gt=last).order_by("pk").values_list("kind", flat=True)
        return Move(str(before.status), str(after.status), Counter(kinds))


def rehearse(attempt_id: object, to_status: str) -> Move:
    """What :func:`move` would come to: it is made, and taken back before anybody sees it. Raises the same."""
    with transaction.atomic():
        rehearsed = move(attempt_id, to_status)
        transaction.set_rollback(True)
    logger.info("The move was rehearsed and taken back: attempt=%s", key_of(attempt_id))
    return rehearsed


def _about(attempt: Attempt) -> "QuerySet[OutboxMessage]":
    """Messages that follow from the attempt's moves, by their streams (``services.consequences``)."""
    own = Q(stream__in=[f"vendor:{attempt.pk}", f"mail:{attempt.pk}"])
    learners = Q(stream__endswith=f":{attempt.user_id}:{attempt.proctored_exam_id}")
    return OutboxMessage.objects.filter(own | learners)
