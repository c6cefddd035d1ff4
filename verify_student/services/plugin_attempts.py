"""
Vendor-neutral attempts: what plug-ins of other vendors tell us (contract §1.8, §5.3).

Any status may follow any other. The host hears of it after commit, with what is stored (W55, W56).
"""

import logging
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any, Final

from django.db import transaction

from proctoring.common.announce import Announcement, announce
from proctoring.common.audit import ActorKind
from verify_student import lms, signals
from verify_student.exceptions import VerificationAttemptInvalidStatus
from verify_student.lms import platform_events
from verify_student.lms.types import IDVAttemptData, UserData, UserPersonalData
from verify_student.models import VerificationAttempt
from verify_student.services import audit, transitions
from verify_student.statuses import VerificationAttemptStatus as Status

logger = logging.getLogger(__name__)

CREATED = "IDV_ATTEMPT_CREATED"
EVENTS = {
    Status.PENDING: "IDV_ATTEMPT_PENDING",
    Status.APPROVED: "IDV_ATTEMPT_APPROVED",
    Status.DENIED: "IDV_ATTEMPT_DENIED",
}


JUDGED = frozenset({Status.APPROVED, Status.DENIED})


class Unchanged(Enum):
    """Stands for a value that nobody gave, where None is a value (W53)."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


def create(
    user: Any,
    name: str,
    status: str,
    expiration_datetime: datetime | None = None,
    hide_status_from_user: bool | None = False,
) -> VerificationAttempt:
    """
    A new attempt; without ``expiration_datetime`` its approval never ends. Raises ``VerificationAttemptInvalidStatus``.
    """
    known = _known(status)
    attempt = VerificationAttempt(
        user=user,
        name=name,
        expiration_datetime=expiration_datetime,
        hide_status_from_user=hide_status_from_user,
    )
    with transaction.atomic():
        transitions.made(attempt, known)
        _put_on_record(attempt, known, ActorKind.VENDOR)
        _announce(CREATED, attempt)
    return attempt


def update(
    attempt_id: int,
    name: str | None = None,
    status: str | None = None,
    expiration_datetime: datetime | Unchanged | None = UNCHANGED,
    *,
    by: Any = ActorKind.VENDOR,
) -> None:
    """
    Change what is given of an attempt, and tell of the status that was given. ``by`` is the person who decided, where
    it was not the plug-in.

    Raises ``VerificationAttempt.DoesNotExist`` and, before anything changes, ``VerificationAttemptInvalidStatus``.
    """
    known = None if status is None else _known(status)
    given = {"name": name, "status": known}
    fields: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if expiration_datetime is not UNCHANGED:
        fields["expiration_datetime"] = expiration_datetime
    with transaction.atomic():
        attempt = _held(attempt_id)
        transitions.write(attempt, fields)
        _put_on_record(attempt, known, by)
        if known in EVENTS:
            _announce(EVENTS[known], attempt)


def _known(status: str) -> Status:
    try:
        return Status(status)
    except ValueError:
        logger.error("A plug-in gave an attempt a status that does not exist.")
        raise VerificationAttemptInvalidStatus from None


def _held(attempt_id: int) -> VerificationAttempt:
    try:
        # The learner is not held: events need the account, nobody changes it.
        return VerificationAttempt.objects.select_for_update().get(pk=attempt_id)
    except VerificationAttempt.DoesNotExist:
        logger.error("A plug-in changed an attempt that does not exist: attempt=%s", attempt_id)
        raise


def _put_on_record(attempt: VerificationAttempt, status: Status | None, by: Any) -> None:
    if status in JUDGED:
        audit.record("verification.decided", attempt, actor=by, to_status=audit.code(status))


def _announce(event: str, attempt: VerificationAttempt) -> None:
    data = _data(attempt)
    signal: Announcement = getattr(signals, event)
    announce(signal, VerificationAttempt, idv_attempt=data)
    transaction.on_commit(partial(platform_events.send, event, data))


def _data(attempt: VerificationAttempt) -> IDVAttemptData:
    user = attempt.user
    account_name = str(user.get_full_name()).strip() or lms.profiles().get_full_name(user)
    person = UserPersonalData(username=user.get_username(), email=user.email, name=account_name)
    return IDVAttemptData(
        attempt_id=attempt.pk,
        user=UserData(id=user.pk, is_active=user.is_active, pii=person),
        status=str(attempt.status),
        name=attempt.name,
        expiration_date=attempt.expiration_datetime,
    )
