"""What people with bad intentions, and programs with bad luck, send where a value is expected."""

import copy
import gzip
import json
import random
from collections.abc import Callable
from typing import Any

LONG = "a" * 10_000
DIGITS = "9" * 5000
TEXTS = (
    *(
        "",
        " ",
        "\0",
        "a\0b",
        "\ud800",
        "x\udfffy",
        "\ufeff",
        "\u202e",
        "İı",
        "ſ",
        "👩‍👩‍👧‍👦" * 40,
        "\r\n\t",
        "\x1b[2J",
        "\x85",
        "\u2028",
    ),
    *(
        "null",
        "None",
        "true",
        "NaN",
        "-Infinity",
        "1e999",
        "1e-999",
        "-1",
        "0",
        "-0",
        "+1",
        "1.",
        "1_000",
        "0x10",
        "²",
        "١٢",
    ),
    *("2147483648", "9223372036854775808", "-9223372036854775809", "00000000000000000001" + "9" * 30, DIGITS),
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-13-01", "24:00", "1e400"),
    *("'", '"', "'; DROP TABLE auth_user; --", "<script>alert(1)</script>", "{{7*7}}", "%s%n%00", "../../etc/passwd"),
    *("=1+1", "@SUM(A1)", "http://[::1", "//evil.example", "javascript:alert(1)", "https://x.example:99999999/"),
    *("a" * 192, "a" * 256, "ä" * 256, LONG, "a" * 256 + "@example.com", "x@" + "y." * 130),
    *(
        "course-v1:Test+HERE+2026/",
        "a/b/c",
        "course-v1:" + LONG,
        "course-v1:ü+ü+ü",
        "course-v1:a\0+b+c",
        "🎓/🎓/🎓",
        ",",
    ),
)
NUMBERS = (0, -1, 1, 2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 2**64, 10**30, 10**400, 0.5, -0.0, 1e308, 1e-308)
UNUSUAL = (None, True, False, float("nan"), float("inf"), [], {}, [None], [[]], {"": ""}, [0] * 300, {"a": {"b": {}}})
WORDS = (
    "id",
    "user_id",
    "status",
    "__class__",
    "pk",
    "is_staff",
    "exam_id",
    "course_id",
    "\0",
    "\ud800",
    "$ne",
    "a" * 300,
)
MAX_BODY = 10_000_000


def text(rng: random.Random) -> str:
    """A text; mostly one that has broken something somewhere."""
    if rng.random() < 0.7:
        return rng.choice(TEXTS)
    return "".join(
        chr(rng.choice([rng.randrange(0x80), rng.randrange(0x250), rng.randrange(0x110000)]))
        for _ in range(rng.randrange(30))
    )


def scalar(rng: random.Random) -> Any:
    """A value of JSON."""
    return rng.choice([text, text, lambda it: it.choice(NUMBERS), lambda it: it.choice(UNUSUAL), nested])(rng)


def nested(rng: random.Random) -> Any:
    """Lists and objects in each other, deeper than anybody asks for."""
    value: Any = "deep"
    for _ in range(rng.choice([3, 60, 400])):
        value = rng.choice([[value], {"a": value}])
    return value


def mutated(rng: random.Random, document: Any, most: int = 3) -> Any:
    """A copy in which a few things are not what they should be; sometimes nothing."""
    changed = copy.deepcopy(document)
    for _ in range(rng.randrange(most + 1)):
        changed = rng.choice(CHANGES)(rng, changed)
    return changed


def _holder(rng: random.Random, document: Any) -> Any:
    """A list or an object somewhere in the document."""
    while isinstance(document, dict | list):
        inner = [
            value
            for value in (document.values() if isinstance(document, dict) else document)
            if value and isinstance(value, dict | list)
        ]
        if not inner or rng.random() < 0.5:
            return document
        document = rng.choice(inner)
    return {}


def _place(rng: random.Random, holder: Any) -> Any:
    return rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))


def _dropped(rng: random.Random, document: Any) -> Any:
    if holder := _holder(rng, document):
        del holder[_place(rng, holder)]
    return document


def _retyped(rng: random.Random, document: Any) -> Any:
    if holder := _holder(rng, document):
        place = _place(rng, holder)
        value = holder[place]
        holder[place] = rng.choice([str(value), [value], {"value": value}, None, bool(value), len(str(value))])
    return document


def _spoilt(rng: random.Random, document: Any) -> Any:
    if holder := _holder(rng, document):
        holder[_place(rng, holder)] = scalar(rng)
    return document


def _widened(rng: random.Random, document: Any) -> Any:
    holder = _holder(rng, document)
    if isinstance(holder, dict):
        holder[rng.choice(WORDS)] = scalar(rng)
    else:
        holder += holder[:1] * rng.choice([1, 50, 3000])
    return document


def _replaced(rng: random.Random, document: Any) -> Any:
    return rng.choice([[document], scalar(rng), document, document])


CHANGES: list[Callable[[random.Random, Any], Any]] = [
    _dropped,
    _retyped,
    _spoilt,
    _spoilt,
    _spoilt,
    _widened,
    _replaced,
]


def encoded(rng: random.Random, document: Any) -> bytes:
    """The document as JSON; now and then as something that only resembles it."""
    body = json.dumps(document, ensure_ascii=rng.random() < 0.7).encode("utf-8", "surrogatepass")
    return damaged(rng, body) if rng.random() < 0.25 else body


def damaged(rng: random.Random, body: bytes) -> bytes:
    """Bytes to which something has happened."""
    return rng.choice(DAMAGES)(rng, body)


def _cut(rng: random.Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _flipped(rng: random.Random, body: bytes) -> bytes:
    changed = bytearray(body or b"\0")
    for _ in range(rng.randrange(1, 6)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _inserted(rng: random.Random, body: bytes) -> bytes:
    place = rng.randrange(len(body) + 1)
    return (
        body[:place]
        + rng.choice([b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"1e999", b'"', b"\n" * 99])
        + body[place:]
    )


def _doubled(rng: random.Random, body: bytes) -> bytes:
    """The same keys twice."""
    inner = body.strip()[1:-1]
    return body[:1] + inner + b"," + inner + body[-1:]


def _recoded(rng: random.Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(
        rng.choice(["utf-16", "utf-32", "utf-7", "cp500", "utf-8-sig"]), "replace"
    )


def _packed(rng: random.Random, body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def _deep(rng: random.Random, body: bytes) -> bytes:
    size = rng.choice([500, 100_000])
    return rng.choice([b"[" * size, b'{"a":' * size, b"[" * size + body + b"]" * size])


def _huge(rng: random.Random, body: bytes) -> bytes:
    """Mostly not so huge: making them takes longer than refusing them."""
    size = MAX_BODY if rng.random() < 0.02 else rng.choice([90_000, 300_000])
    return rng.choice([b'"' + b"a" * size + b'"', b" " * size + body, b"9" * size, b"[0" + b",0" * (size // 2) + b"]"])


DAMAGES: list[Callable[[random.Random, bytes], bytes]] = [
    *(_cut, _flipped, _flipped, _inserted, _inserted, _doubled, _recoded, _packed, _deep, _huge),
]
