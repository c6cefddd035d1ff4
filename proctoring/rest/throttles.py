"""How often one account, or one address, may come (``THROTTLE_RATES``)."""

import math
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from proctoring.services import pace


class WindowThrottle(BaseThrottle):
    """Lets in as many as the rate of its ``scope`` says."""

    scope: str | None = None
    _wait: float | None = None

    def comer(self, request: Request) -> str:
        """Who comes: the account, or the address of somebody who has none."""
        if request.user.is_authenticated:
            return pace.account_of(request.user)
        return str(self.get_ident(request))

    def allow_request(self, request: Request, view: APIView) -> bool:
        self._wait = pace.seconds_to_wait(self.scope, self.comer(request)) if self.scope else None
        return self._wait is None

    def wait(self) -> float | None:
        """Seconds until the next request would be let through."""
        return self._wait


class AccountThrottle(WindowThrottle):
    """The scope follows from the caller and the method; a view for vendors has ``throttle_scope``."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = getattr(view, "throttle_scope", None) or pace.scope_of(request.user, request.method)
        return super().allow_request(request, view)


class AddressThrottle(WindowThrottle):
    """By the address, whoever comes from there."""

    def comer(self, request: Request) -> str:
        return str(self.get_ident(request))


class StrangerThrottle(AddressThrottle):
    """Those who could not say who they are."""

    scope = pace.ANONYMOUS


class BrowserThrottle(AddressThrottle):
    """Those who open an address that a vendor was given."""

    scope = pace.CALLBACK


def seconds_to_wait(request: Any, view: Any) -> int | None:
    """What a browser at a page for vendors has to wait; None lets it in."""
    throttle = BrowserThrottle()
    return None if throttle.allow_request(request, view) else math.ceil(throttle.wait() or 1)
