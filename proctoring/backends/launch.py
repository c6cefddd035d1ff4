"""
A vendor's browser that opens our exam: the address it is given, and the pass it gets there.

The address is known to the learner's computer, so it may carry a signature of ours. The pass is a signed cookie that
says who came in through the vendor's browser, at which attempt, and until when it counts.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from django.http import HttpRequest

ROUTE = "edx_proctoring:anonymous.proctoring_launch_callback.start_exam"
SIGNATURE_FIELD = "signature"
SALT = "proctoring.launch"
COOKIE = "exam"


def plain_address(host: str, attempt_code: str) -> str:
    """The address exactly as in the vendor's protocol (contract vendors_admin_screens.md §2.2)."""
    return host + reverse(ROUTE, args=[attempt_code])


def signed_address(host: str, attempt_code: str) -> str:
    """The address with a signature that nobody but us can make of the code."""
    query = urlencode({SIGNATURE_FIELD: Signer(salt=SALT).signature(attempt_code)})
    return f"{plain_address(host, attempt_code)}?{query}"


def is_signed(attempt_code: str, signature: str) -> bool:
    """Whether ``signature`` is ours, also one of before the site's secret was changed."""
    try:
        return Signer(salt=SALT).unsign(f"{attempt_code}:{signature}") == attempt_code
    except BadSignature:
        return False


def pass_for(attempt_id: int, user_id: int, until: datetime) -> str:
    """What the cookie says, before it is signed."""
    return f"{attempt_id}.{user_id}.{int(until.timestamp())}"


def held(request: "HttpRequest") -> tuple[int, int] | None:
    """
    The ids of the attempt, and of its learner, whose pass this browser holds; None for no pass, a forged one, or one
    that has ended.
    """
    said = request.get_signed_cookie(COOKIE, default="") or ""
    parts = said.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    attempt_id, user_id, until = (int(part) for part in parts)
    return (attempt_id, user_id) if timezone.now() < datetime.fromtimestamp(until, UTC) else None
