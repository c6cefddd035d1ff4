"""How a message to the LMS proves that the vendor sent it, or does not."""

import secrets

from django.conf import settings
from django.utils import timezone

from demo.simulator.faults import Fault
from demo.simulator.models import Callback, Protocol
from proctoring.common.signing import Secret, StandardWebhooks


def headers(callback: Callback) -> dict[str, str] | None:
    """
    Headers that go with the message; None where the LMS's own token is the proof.

    The Software Secure protocol has no accounts: its messages are signed (Standard Webhooks), if there is a secret.
    """
    if callback.attempt.protocol == Protocol.SOFTWARE_SECURE:
        return _signature(callback)
    return {"Authorization": f"Bearer {secrets.token_hex()}"} if callback.fault == Fault.FORGED else None


def _signature(callback: Callback) -> dict[str, str]:
    secret = Secret.from_standard("simulator", settings.CALLBACK_SECRET) if settings.CALLBACK_SECRET else None
    if callback.fault == Fault.FORGED:
        secret = Secret("nobody", secrets.token_bytes(32))
    if secret is None:
        return {}
    return StandardWebhooks([secret]).sign(callback.body.encode(), timezone.now(), callback.delivery_id)
