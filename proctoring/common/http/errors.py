"""What can go wrong between us and another machine."""

import socket

import requests
from django.utils.translation import gettext_lazy as _

from proctoring.common.errors import DomainError


class VendorUnreachable(DomainError):
    """No answer came from ``vendor``; the cause is chained, and belongs in no text that people see."""

    code = "vendor_unreachable"
    http_status = 502
    default_message = _("The service could not be reached. Please try again in a moment.")

    def __init__(self, vendor: str) -> None:
        super().__init__()
        self.vendor = vendor


class VendorTimeout(VendorUnreachable):
    """The vendor did not answer in time. It may have done what it was asked."""

    code = "vendor_timeout"


class CircuitOpen(VendorUnreachable):
    """The vendor was not asked, because it has just failed several times."""

    code = "vendor_circuit_open"


# A plugin may talk to its vendor without this client, and then raises what its library raises.
NO_ANSWER = (
    VendorUnreachable,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    requests.ConnectionError,
    requests.Timeout,
)


def is_unreachable(error: BaseException | None) -> bool:
    """Whether ``error``, or what led to it, says that no answer came from another machine."""
    while error is not None and not isinstance(error, NO_ANSWER):
        error = error.__cause__ or error.__context__
    return error is not None
