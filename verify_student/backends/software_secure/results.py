"""What the vendor calls back with (contract §3.1, §3.2)."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from proctoring.common.signing import SignatureError
from verify_student.backends.software_secure.signature import signature
from verify_student.backends.types import Outcome, ResultEvent
from verify_student.exceptions import MalformedResult

TOLERANCE = timedelta(minutes=5)
OUTCOMES = {"PASS": Outcome.PASSED, "FAIL": Outcome.FAILED, "SYSTEM FAIL": Outcome.SYSTEM_FAILURE}
MAX_RECEIPT, MAX_CODE, MAX_REASONS = 255, 50, 10_000


def document_of(body: bytes) -> dict[str, Any]:
    """The body as an object. Raises ``MalformedResult``, which shows nothing of it (W23)."""
    try:
        document = json.loads(body)
        # JSON may carry halves of characters, which neither a signature nor a database takes.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise MalformedResult("Invalid JSON.") from None
    if not isinstance(document, dict):
        raise MalformedResult("JSON should be dict.")
    return document


def event_of(document: Mapping[str, Any]) -> ResultEvent:
    """The result. Raises ``MalformedResult``."""
    said = document.get("Result")
    outcome = OUTCOMES.get(said) if isinstance(said, str) else None
    if outcome is None:
        raise MalformedResult("Result not understood. Known results: PASS, FAIL, SYSTEM FAIL")
    receipt, code = document.get("EdX-ID"), document.get("MessageType") or ""
    if not isinstance(receipt, str) or not isinstance(code, str | int) or len(receipt) > MAX_RECEIPT:
        raise MalformedResult
    reasons = json.dumps(document.get("Reason", ""))
    if len(reasons) > MAX_REASONS or "\\u0000" in reasons:
        raise MalformedResult
    return ResultEvent(receipt, outcome, reasons, str(code)[:MAX_CODE].replace("\x00", ""))


def check_access_key(headers: Mapping[str, str], access_key: str) -> str:
    """
    The signature that stands behind the right access key. The word before both, and the signature, are not judged here.

    Raises ``SignatureError``.
    """
    words = headers.get("authorization", "").split(" ")
    if len(words) != 2:
        raise SignatureError("malformed")
    shown, _, signed = words[1].partition(":")
    if not hmac.compare_digest(shown.encode(), access_key.encode()):
        raise SignatureError("mismatch")
    return signed


def check_signature(
    signed: str, headers: Mapping[str, str], document: Mapping[str, Any], secret_key: str, now: datetime
) -> None:
    """
    Raises ``SignatureError`` unless the vendor has signed ``document`` lately (W21).

    The vendor may have signed without the type of the content, which its callbacks do not always carry.
    """
    if not _is_fresh(headers.get("date", ""), now):
        raise SignatureError("expired")
    dated = {"date": headers["date"]}
    typed = dated | {"content-type": headers.get("content-type", "")}
    try:
        expected = [signature(secret_key, given, document) for given in (typed, dated)]
    except RecursionError:
        raise SignatureError("malformed") from None
    matches = [hmac.compare_digest(signed.encode(), good.encode()) for good in expected]
    if not any(matches):
        raise SignatureError("mismatch")


def _is_fresh(text: str, now: datetime) -> bool:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return False
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return abs(now - aware) <= TOLERANCE
