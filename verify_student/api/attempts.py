"""Vendor-neutral attempts, for plug-ins of other vendors (contract §5.3)."""

import logging
from datetime import datetime
from typing import Any

from verify_student.services import mail, plugin_attempts
from verify_student.services.plugin_attempts import UNCHANGED, Unchanged

logger = logging.getLogger(__name__)

__all__ = ["UNCHANGED", "create_verification_attempt", "send_approval_email", "update_verification_attempt"]


def create_verification_attempt(
    user: Any,
    name: str,
    status: str,
    expiration_datetime: datetime | None = None,
    hide_status_from_user: bool = False,
) -> int:
    """Id of a new attempt; it is announced as created. Raises ``VerificationAttemptInvalidStatus``."""
    return plugin_attempts.create(user, name, status, expiration_datetime, hide_status_from_user).pk


def update_verification_attempt(
    attempt_id: int,
    name: str | None = None,
    status: str | None = None,
    expiration_datetime: datetime | Unchanged | None = UNCHANGED,
) -> None:
    """
    Change what is given of an attempt; None as ``expiration_datetime`` makes it count for good, nothing keeps it (W53).

    Raises ``VerificationAttempt.DoesNotExist`` and ``VerificationAttemptInvalidStatus``.
    """
    plugin_attempts.update(attempt_id, name, status, expiration_datetime)


def send_approval_email(attempt: Any) -> bool:
    """Tell the learner until when an approval counts. Whether the mail has left; a failure is logged."""
    try:
        return mail.send_approval(attempt)
    # Whatever the host's mail server or templates raise: callers have done their work and want a word only.
    except Exception as error:
        logger.error("A mail about an approval failed: attempt=%s error=%s", attempt.pk, type(error).__name__)
        return False
