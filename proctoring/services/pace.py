"""
How often one account may come (``THROTTLE_RATES``), through whichever door.

An account, not an address: a class that sits one exam comes from one address.
"""

from typing import Any

from proctoring.common import pacing
from proctoring.conf import config

POLL, WRITE, STAFF, CALLBACK, ANONYMOUS = "poll", "write", "staff", "callback", "anonymous"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def account_of(user: Any) -> str:
    """An account's name for our own use. Made anew under the same number, it is another one."""
    return f"{user.pk}.{getattr(user, 'date_joined', '')}"


def scope_of(user: Any, method: str | None) -> str:
    """What a request of ``user`` is counted as."""
    if user.is_staff:
        return STAFF
    return POLL if method in READING else WRITE


def seconds_to_wait(scope: str, comer: str) -> float | None:
    """What ``comer`` has to wait before the next request of this scope; None lets it in, and counts it."""
    return pacing.seconds_to_wait(f"proctoring.throttle.{scope}", comer, config.throttle_rates[scope])
