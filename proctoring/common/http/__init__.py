"""
Calls to other machines: always with timeouts, retried where that is safe, never following redirects, cut off by a
circuit breaker while the other side is down.
"""

from requests import Response

from proctoring.common.http.circuit import Circuit, breaker_state, circuit_of, reset_breakers
from proctoring.common.http.client import HttpClient
from proctoring.common.http.deadlines import deadline
from proctoring.common.http.errors import CircuitOpen, VendorTimeout, VendorUnreachable, is_unreachable

# Response: what callers get, for their annotations; nobody else imports the HTTP library.
__all__ = [
    "Circuit",
    "CircuitOpen",
    "HttpClient",
    "Response",
    "VendorTimeout",
    "VendorUnreachable",
    "breaker_state",
    "circuit_of",
    "deadline",
    "is_unreachable",
    "reset_breakers",
]
