"""Arguments of the retry command: rows are only added, the newest one counts (contract §1.9)."""

import shlex
from typing import Any

from django.core.cache import cache
from django.db import transaction

from verify_student.models import SSPVerificationRetryConfig

CACHE_KEY = "verify_student.retry_config"
# Seconds; how long another process may go by the row before the newest one.
CACHE_TIME = 60


def current() -> SSPVerificationRetryConfig:
    """The configuration that counts: an empty, disabled one where none has been made."""
    values = cache.get(CACHE_KEY)
    if values is None:
        values = SSPVerificationRetryConfig.objects.order_by("-change_date", "-pk").values().first() or {}
        cache.set(CACHE_KEY, values, CACHE_TIME)
    return SSPVerificationRetryConfig(**values)


def words() -> list[str]:
    """
    The present arguments as a command line's words; none where they are disabled or empty. Raises ``ValueError`` for a
    quotation without an end.
    """
    configured = current()
    return shlex.split(configured.arguments) if configured.enabled else []


def change(*, enabled: bool, arguments: str, by: Any = None) -> SSPVerificationRetryConfig:
    """A new configuration; those before it stay as they were."""
    made = SSPVerificationRetryConfig.objects.create(enabled=enabled, arguments=arguments, changed_by=by)
    transaction.on_commit(forget)
    return made


def forget() -> None:
    """Have the next :func:`current` look into the database."""
    cache.delete(CACHE_KEY)
