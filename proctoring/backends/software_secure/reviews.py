"""This vendor's reviews ("Reviewer Data Transfer", §2.7) in the vocabulary of the vendor interface (§3.11)."""

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from proctoring.backends.base import AttemptDict
from proctoring.conf import config
from proctoring.exceptions import MalformedCallback, ProctoredExamBadReviewStatus, ProctoredExamSuspiciousLookup
from proctoring.statuses import STORED_REVIEW_STATUS, ReviewStatus

META, CODE, LOCATOR = "examMetaData", "examCode", "ssiRecordLocator"
COMMENT_LISTS = ("webCamComments", "desktopComments")
COMMENT_KEYS = {
    "comment": "comments",
    "status": "eventStatus",
    "start": "eventStart",
    "stop": "eventFinish",
    "duration": "duration",
}
# What the vendor writes is what is stored.
STATUSES: Mapping[str, ReviewStatus] = {stored.value: status for status, stored in STORED_REVIEW_STATUS.items()}
# What fits into the address by which the vendor was told of the attempt.
ATTEMPT_CODE = re.compile(r"[-a-zA-Z0-9_]{1,255}")


def exam_code(body: bytes) -> str:
    """The code of the attempt that a message is about; empty where it cannot be read."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = _meta(content).get(CODE)
    return code if isinstance(code, str) and ATTEMPT_CODE.fullmatch(code) else ""


def converted(attempt: AttemptDict, payload: object) -> dict[str, Any]:
    """
    The review of ``attempt``.

    Raises ``ProctoredExamSuspiciousLookup`` for another attempt's, ``ProctoredExamBadReviewStatus`` and
    ``MalformedCallback``.
    """
    if not isinstance(payload, Mapping):
        raise MalformedCallback
    if not _belongs_to(attempt, _meta(payload)) and not config.allow_callback_simulation:
        raise ProctoredExamSuspiciousLookup
    return {"status": _status(payload.get("reviewStatus")), "comments": _comments(payload), "payload": payload}


def _meta(content: object) -> Mapping[str, Any]:
    meta = content.get(META) if isinstance(content, Mapping) else None
    return meta if isinstance(meta, Mapping) else {}


def _belongs_to(attempt: AttemptDict, meta: Mapping[str, Any]) -> bool:
    """Whether both name the same registration; how much of it is right cannot be learnt from the time this takes."""
    known, said = attempt.get("external_id"), meta.get(LOCATOR)
    if not known or isinstance(said, bool) or not isinstance(said, str | int):
        return False
    return hmac.compare_digest(_comparable(known), _comparable(said))


def _comparable(locator: str | int) -> bytes:
    return str(locator).lower().encode(errors="surrogatepass")


def _status(said: object) -> ReviewStatus:
    status = STATUSES.get(said) if isinstance(said, str) else None
    if status is None:
        raise ProctoredExamBadReviewStatus
    return status


def _comments(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_comment(item) for name in COMMENT_LISTS for item in _list(payload.get(name))]


def _list(given: object) -> list[Any]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise MalformedCallback
    return given


def _comment(given: object) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not given.keys() >= set(COMMENT_KEYS.values()):
        raise MalformedCallback
    return {ours: given[theirs] for ours, theirs in COMMENT_KEYS.items()}
