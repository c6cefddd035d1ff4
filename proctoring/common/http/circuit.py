"""A circuit breaker for each vendor: who keeps failing is left alone for a while."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from pybreaker import STATE_CLOSED, STATE_OPEN, CircuitBreaker, CircuitMemoryStorage


class _Failed(Exception):
    """Tells the breaker that a call failed."""


class Circuit:
    """
    A breaker that is told about calls made outside of it: pybreaker holds its lock for as long as a call lasts, which
    would let only one thread at a time talk to a vendor.
    """

    def __init__(self, name: str, fail_max: int, reset_timeout: float) -> None:
        self._rest = timedelta(seconds=reset_timeout)
        self._storage = CircuitMemoryStorage(STATE_CLOSED)
        self._breaker = CircuitBreaker(
            fail_max=fail_max, name=name, state_storage=self._storage, throw_new_error_on_trip=False
        )
        self._lock = threading.Lock()

    @property
    def state(self) -> str:
        """One of "closed", "open" and "half-open"."""
        return self._breaker.current_state

    def admits(self) -> bool:
        """Whether a call may be made; after the rest, one call is let through to try the vendor out."""
        with self._lock:
            if self.state == STATE_OPEN and self._rested():
                self._breaker.half_open()
                return True
            return self.state == STATE_CLOSED

    def _rested(self) -> bool:
        opened_at = self._storage.opened_at
        return opened_at is None or datetime.now(UTC) >= opened_at + self._rest

    def record(self, answered: bool) -> None:
        """What became of a call that was let through. One that ends after the circuit opened tells nothing new."""
        with self._lock:
            if self.state == STATE_OPEN:
                return
            with suppress(_Failed):
                self._breaker.call(_outcome, answered)


def _outcome(answered: bool) -> None:
    if not answered:
        raise _Failed


_circuits: dict[str, Circuit] = {}
_circuits_lock = threading.Lock()


def circuit_of(name: str, fail_max: int, reset_timeout: float) -> Circuit:
    """The circuit of this name; the settings count when it is made."""
    with _circuits_lock:
        if name not in _circuits:
            _circuits[name] = Circuit(name, fail_max, reset_timeout)
        return _circuits[name]


def breaker_state(name: str) -> str:
    """One of "closed", "open" and "half-open"; a vendor that was never called is "closed"."""
    circuit = _circuits.get(name)
    return circuit.state if circuit else STATE_CLOSED


def reset_breakers() -> None:
    """Forget every breaker, so that tests do not share what they broke."""
    with _circuits_lock:
        _circuits.clear()
