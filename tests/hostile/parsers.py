"""What reads bytes that come from outside, each with a few sound inputs to begin with."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from proctoring.backends.software_secure import exam_code
from proctoring.backends.software_secure.reviews import converted
from proctoring.backends.types import review_event
from proctoring.common.errors import DomainError
from proctoring.common.redaction import stripped_body
from proctoring.common.signing import BareHex, Secret, StandardWebhooks, TimestampedHex
from proctoring.common.tables import records
from tests.hostile.counting import Tally
from tests.proctoring.backends.contract import ATTEMPT, PAYLOADS
from tests.verify_student.pictures import data_url, picture, with_metadata
from verify_student.backends.software_secure.results import check_access_key, check_signature, document_of, event_of
from verify_student.services.photos import decode, decode_file

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SECRETS = [Secret("one", b"s" * 32), Secret("two", b"t" * 32)]
SCHEMES = (StandardWebhooks(SECRETS), TimestampedHex(SECRETS, "x-signature"), BareHex(SECRETS, "x-digest", "sha256="))
PERSONAL = ("email", "examTakerEmail", "userPhotoBase64String", "payload")
RESULT = b'{"EdX-ID": "1", "Result": "PASS", "Reason": [{"photoIdReasons": ["Not provided"]}], "MessageType": "m"}'


def _signature(given: bytes) -> None:
    """Headers, one a line, then the body."""
    head, _, body = given.partition(b"\n\n")
    pairs = (line.partition(":") for line in head.decode("latin-1").split("\n"))
    headers = {name: text for name, _, text in pairs}
    for scheme in SCHEMES:
        try:
            scheme.verify(headers, body, NOW)
        except DomainError:
            continue
        return
    raise DomainError("not signed")


def _review(given: bytes) -> None:
    """Of a REST vendor: its words are ours."""
    review_event(_json(given))


def _legacy_review(given: bytes) -> None:
    exam_code(given)
    review_event(converted(ATTEMPT, _json(given)))


def _json(given: bytes) -> Any:
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        raise DomainError("no JSON") from None


def _result(given: bytes) -> None:
    document = document_of(given)
    headers = {"authorization": given[:60].decode("latin-1"), "date": given[-30:].decode("latin-1")}
    for work in (
        lambda: check_access_key(headers, "ACCESSKEY"),
        lambda: check_signature("signed", headers | {"date": "Sun, 22 Nov 2026 00:00:00 GMT"}, document, "secret", NOW),
        lambda: check_signature("signed", headers, document, "secret", NOW),
    ):
        try:
            work()
        except DomainError:
            continue
    event_of(document)


def _redaction(given: bytes) -> None:
    left = stripped_body(given, PERSONAL)
    assert left == given or not any(f'"{name}":'.encode() in left for name in PERSONAL)


def _table(given: bytes) -> None:
    for _record in records(given.decode("utf-8", "surrogateescape").splitlines(keepends=True)):
        pass


def _photo(given: bytes) -> None:
    decode_file(given)


def _data_url(given: bytes) -> None:
    decode(given.decode("utf-8", "replace"))


def _captured(folder: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((PAYLOADS / folder).glob("review_*.json"))]


SIGNED = [
    "\n".join(f"{name}:{text}" for name, text in scheme.sign(b"{}", NOW, "delivery-1").items()).encode() + b"\n\n{}"
    for scheme in SCHEMES
]
PICTURES = [picture(kind, size=(9, 7)) for kind in ("JPEG", "PNG", "WEBP")]
PARSERS: dict[str, tuple[Callable[[bytes], None], list[bytes]]] = {
    "signature": (_signature, SIGNED),
    "review": (_review, _captured("rest")),
    "legacy_review": (_legacy_review, _captured("software_secure")),
    "result": (_result, [RESULT, base64.b64encode(RESULT)]),
    "redaction": (_redaction, [*_captured("rest"), *_captured("software_secure")]),
    "table": (_table, [b"course_id,exam,user,key,value\r\na,1,ada,time_multiplier,2\r\n", b'\xef\xbb\xbf"a\nb",c\n']),
    "photo": (_photo, [*PICTURES, with_metadata()]),
    "data_url": (_data_url, [data_url(content).encode() for content in PICTURES]),
}


def parse(tally: Tally, work: Callable[[bytes], None], given: bytes) -> None:
    """Have the bytes read, and count what comes of it."""
    try:
        work(given)
    except DomainError as error:
        tally.refusal(error.code)
    except Exception as error:
        tally.crash(error, given[:300].hex())
    else:
        tally.took()
