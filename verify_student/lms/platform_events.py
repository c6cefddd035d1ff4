"""The platform's own events about vendor-neutral attempts, where its library of events is installed."""

import logging
from importlib import import_module
from typing import Any

from verify_student.lms.types import IDVAttemptData

logger = logging.getLogger(__name__)

SIGNALS, DATA = "openedx_events.learning.signals", "openedx_events.learning.data"


def send(signal_name: str, attempt: IDVAttemptData) -> None:
    """
    Send the platform's event ``signal_name``, such as ``IDV_ATTEMPT_CREATED``; without its library nothing happens.

    A failure is logged and never fatal.
    """
    try:
        signals, data = import_module(SIGNALS), import_module(DATA)
    except ImportError:
        return
    try:
        getattr(signals, signal_name).send_event(idv_attempt=_translated(data, attempt))
    # Whatever the library or a listener of the host raises.
    except Exception as error:
        logger.error("A platform event failed: event=%s error=%s", signal_name, type(error).__name__)


def _translated(data: Any, attempt: IDVAttemptData) -> Any:
    pii = attempt.user.pii
    person = data.UserPersonalData(username=pii.username, email=pii.email, name=pii.name)
    return data.VerificationAttemptData(
        attempt_id=attempt.attempt_id,
        user=data.UserData(id=attempt.user.id, is_active=attempt.user.is_active, pii=person),
        status=attempt.status,
        name=attempt.name,
        expiration_date=attempt.expiration_date,
    )
