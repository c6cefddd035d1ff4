"""Announcements: told after commit, to whoever listens; a failing listener is logged and never fatal."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

logger = logging.getLogger(__name__)


class Announcement(Signal):
    """A signal for :func:`announce`, whose failing listeners leave no text of theirs in any log."""

    def _log_robust_failure(self, receiver: object, err: Exception) -> None:
        # Django would log the exception's text, and trip over a listener that has no name. It is logged below.
        return


def announce(signal: Announcement, sender: object, **payload: Any) -> None:
    """Send ``signal`` once the running transaction has committed, or at once where none is running."""
    transaction.on_commit(partial(_send, signal, sender, payload))


def announce_once(signal: Announcement, sender: object) -> None:
    """As :func:`announce`, unless the running transaction is to do so already."""
    # What is undone with the part of a transaction that it is in takes everything after it with it.
    waiting = (hook for _savepoints, hook, _robust in transaction.get_connection().run_on_commit)
    if not any(isinstance(hook, partial) and hook.args == (signal, sender, {}) for hook in waiting):
        announce(signal, sender)


def _send(signal: Announcement, sender: object, payload: dict[str, Any]) -> None:
    for listener, outcome in signal.send_robust(sender=sender, **payload):
        if isinstance(outcome, Exception):
            name = getattr(listener, "__qualname__", type(listener).__qualname__)
            # The text of a stranger's exception may hold anything; its kind and place do not.
            logger.error("A listener failed: listener=%s error=%s", name, type(outcome).__name__)
