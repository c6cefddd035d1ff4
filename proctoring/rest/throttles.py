"""
How often one account may come (``THROTTLE_RATES``).

An account, not an address: a class that sits one exam comes from one address. What counts lives in the site's cache,
and while that is away nobody is turned away.
"""

import hashlib
import logging
import math
import time
from typing import Any

from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from proctoring.conf import config

logger = logging.getLogger(__name__)

POLL, WRITE, STAFF, CALLBACK, ANONYMOUS = "poll", "write", "staff", "callback", "anonymous"


def account_of(user: Any) -> str:
    """An account's name for our own use. Made anew under the same number, it is another one."""
    return f"{user.pk}.{getattr(user, 'date_joined', '')}"


class WindowThrottle(SimpleRateThrottle):
    """
    Counts what was let through in the present window of time and, as far as it still reaches into the last minute (or
    whatever the rate says), in the one before. Three calls of the cache, however much is allowed.
    """

    _wait: float | None = None

    def get_rate(self) -> str | None:
        return config.throttle_rates[self.scope] if self.scope else None

    def get_cache_key(self, request: Request, view: APIView) -> str:
        digest = hashlib.sha256(self.comer(request).encode()).hexdigest()
        return f"proctoring.throttle.{self.scope}.{digest}"

    def comer(self, request: Request) -> str:
        """Who comes: the account, or the address of somebody who has none."""
        if request.user.is_authenticated:
            return account_of(request.user)
        return str(self.get_ident(request))

    def allow_request(self, request: Request, view: APIView) -> bool:
        if self.rate is None:
            return True
        try:
            return self._counted(self.get_cache_key(request, view))
        # Whatever a cache raises while it is away: it must not take the exams with it.
        except Exception as error:
            logger.error("Requests are not counted: the cache failed with %s", type(error).__name__)
            return True

    def wait(self) -> float | None:
        """Seconds until the next request would be let through."""
        return self._wait

    def _counted(self, key: str) -> bool:
        most, length = (int(part or 1) for part in self.parse_rate(self.rate))
        window, passed = divmod(time.time(), length)
        present, last = f"{key}.{window:.0f}", f"{key}.{window - 1:.0f}"
        counts = cache.get_many([present, last])
        now, before = counts.get(present, 0), counts.get(last, 0)
        if now + before * (1 - passed / length) >= most:
            # Just after that moment: at it, the place is not free yet.
            self._wait = _until_free(now, before, most, length) - passed + 0.001
            return False
        cache.add(present, 0, timeout=2 * length)
        cache.incr(present)
        return True


def _until_free(now: int, before: int, most: int, length: float) -> float:
    """When, in seconds from the beginning of the window, one more fits in."""
    if now < most:
        return length * (1 - (most - now) / before) if before else 0
    return length + length * (1 - most / now)


class AccountThrottle(WindowThrottle):
    """The scope follows from the caller and the method; a view for vendors has ``throttle_scope``."""

    def __init__(self) -> None:
        """The scope is known when the request is."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = getattr(view, "throttle_scope", None) or _scope(request)
        super().__init__()
        return super().allow_request(request, view)


class AddressThrottle(WindowThrottle):
    """By the address, whoever comes from there."""

    def comer(self, request: Request) -> str:
        return str(self.get_ident(request))


class StrangerThrottle(AddressThrottle):
    """Those who could not say who they are."""

    scope = ANONYMOUS


class BrowserThrottle(AddressThrottle):
    """Those who open an address that a vendor was given."""

    scope = CALLBACK


def seconds_to_wait(request: Any, view: Any) -> int | None:
    """What a browser at a page for vendors has to wait; None lets it in."""
    throttle = BrowserThrottle()
    return None if throttle.allow_request(request, view) else math.ceil(throttle.wait() or 1)


def _scope(request: Request) -> str:
    if request.user.is_staff:
        return STAFF
    return POLL if request.method in SAFE_METHODS else WRITE
