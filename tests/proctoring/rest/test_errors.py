"""
Whatever is sent, to whatever route: an answer that says what is wrong, never an error of ours, and nothing is stored
(contract rest.md §9.3). Refusals and logs name nobody (§9.2).
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.proctoring.rest.matrix.routes import ROUTES
from tests.proctoring.rest.matrix.rules import LAUNCH, RULES, Role, Rule, Thing
from tests.proctoring.rest.matrix.sent import BODIES, QUERIES, body_about, raw_about, url_about
from tests.proctoring.rest.matrix.world import Answer, Target, World, use_settings

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
COLLECTION = "/api/edx_proctoring/v1/proctored_exam/attempt"
LEGACY_REVIEW = "anonymous.proctoring_review_callback()"
# Messages of vendors are kept, whatever they say.
KEPT = ("proctoring.InboxDelivery",)
PAGES = {"rest_framework:login()", "rest_framework:logout()"}
DOOR = [rule for rule in RULES if rule.route not in PAGES]
# Answers that are a bare text by contract (rest.md §1.4), and those of serializers, which are named by fields.
BARE = {
    "proctored_exam.attempts.reset(exam_id, user_id)",
    "proctored_exam.attempt.ready_callback(external_id)",
    "instructor_dashboard_course(course_id)",
    "instructor_dashboard_exam(course_id, exam_id)",
}
BY_FIELDS = {
    "POST proctored_exam.exam()",
    "PATCH proctored_exam.register_exams_by_course_id(course_id)",
}
# Views with different readers of bodies.
STRANGERS_KNOCK_AT = [
    "POST proctored_exam.attempt.collection()",
    "POST proctored_exam.attempt.ready_callback(external_id)",
    f"POST {LEGACY_REVIEW}",
]
FORMS = [
    "PUT proctored_exam.exam()",
    "POST proctored_exam.attempt.collection()",
    "PUT proctored_exam.attempt(attempt_id)",
    "PUT proctored_exam.allowance()",
    "DELETE proctored_exam.allowance()",
    "PUT proctored_exam.bulk_allowance()",
]

# Addresses of people, ids of vendors' (as the factories make them), attempts' codes, and vendors.
PRIVATE = re.compile(rb"@example|vendor-|[0-9A-F]{8}-[0-9A-F]{4}-|watcher|software_secure|Watcher|RPNow|Secret of")
MARKER = "Zanzibar"
PRIVATE_IN_LOGS = re.compile(rf"@example|vendor-attempt|[0-9A-F]{{8}}-[0-9A-F]{{4}}-|{MARKER}")
NESTED = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
MANY_KEYS = json.dumps({f"key-{number}": number for number in range(60_000)}).encode()
MULTIPART = "multipart/form-data; boundary=b"
BODIES_OF_ANY_KIND: dict[str, tuple[bytes, str]] = {
    "a list": (b"[]", JSON),
    "a list of lists": (b"[[[]]]", JSON),
    "a list of nulls": (b"[null, null]", JSON),
    "a text": (b'"text"', JSON),
    "null": (b"null", JSON),
    "a number": (b"7", JSON),
    "true": (b"true", JSON),
    "nan": (b"NaN", JSON),
    "nan inside": (b'{"exam_id": NaN, "value": Infinity}', JSON),
    "more digits than a number has": (b'{"exam_id": ' + b"9" * 5000 + b"}", JSON),
    "an exponent without end": (b'{"exam_id": 1e999999, "user_id": -1e999999}', JSON),
    "an empty object": (b"{}", JSON),
    "nothing": (b"", JSON),
    "half an object": (b'{"exam_id": ', JSON),
    "a broken list": (b"[" * 100_000, JSON),
    "deep nesting": (NESTED, JSON),
    "a megabyte of keys": (MANY_KEYS, JSON),
    "invalid UTF-8": (b'{"exam_id": "\xff\xfe"}', JSON),
    "a byte order mark": (b"\xef\xbb\xbf{}", JSON),
    "UTF-16": ('{"exam_id": 1}'.encode("utf-16"), JSON),
    "NUL characters": (b'{"exam_id": "\\u0000", "user_id": "\\u0000", "\\u0000": "\\u0000"}', JSON),
    "a raw NUL": (b'{"exam_id": "\x00"}', JSON),
    "half a character": (b'{"exam_id": "\\ud800", "user_id": "\\udfff", "\\ud800": 1}', JSON),
    "an unknown charset": (b"{}", "application/json; charset=nonsense"),
    "an empty form": (b"", FORM),
    "a form of anything": (b"%00=%ff&a=%zz&&=&exam_id=%00&user_id=%ff", FORM),
    "a form in another charset": (b"exam_id=%e4", f"{FORM}; charset=latin-1"),
    "a form of raw bytes": (bytes(range(256)), FORM),
    "too many form fields": (b"&".join(b"k%d=1" % number for number in range(1500)), FORM),
    "a form of three megabytes": (b"a=" + b"x" * 3_000_000, FORM),
    "a form without its boundary": (b"text", "multipart/form-data"),
    "a form with a broken boundary": (b"--other\r\n\r\n", MULTIPART),
    "a form that stops": (b'--b\r\nContent-Disposition: form-data; name="exam_id"\r\n\r\n1', MULTIPART),
    "a form in broken base64": (
        b'--b\r\nContent-Disposition: form-data; name="exam_id"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--b--',
        MULTIPART,
    ),
    "a file": (
        b'--b\r\nContent-Disposition: form-data; name="exam_id"; filename="x"\r\n\r\n1\r\n--b--\r\n',
        MULTIPART,
    ),
    "plain text": (b"exam_id=1", "text/plain"),
    "XML": (b"<exam/>", "application/xml"),
    "no type": (b"{}", ""),
    "nonsense for a type": (b"{}", ";;/;charset"),
}
VALUES: list[Any] = [
    *(
        None,
        True,
        [],
        {},
        [[]],
        [{}],
        "",
        " ",
        "\x00",
        "\ud800",
        "x" * 300,
        "nan",
        "inf",
        "1_0",
        "٣",
        "²",
        "-1",
        "１２",
    ),
    *(-1, 0, 1.5, 2**31, 2**63, 10**30, 1e308, "9" * 5000, str(2**63)),
    *([1, "\x00"], [2**70], [1.5], [True], ",,,", "1,x", "999999," * 2000),
]
FORM_VALUES = ["", " ", "\x00", "x" * 300, "nan", "²", "-1", "true", "9" * 5000, "1,x"]
# What each route reads of the query; every list takes a page.
QUERY_NAMES = {
    "proctored_exam.exam()": ["exam_id", "course_id", "content_id"],
    "proctored_exam.active_exams_for_user()": ["user_id", "course_id"],
    "proctored_exam.exam_attempts(course_id)": ["user_id", "content_id", "is_learning_mfe"],
    "proctored_exam.active_attempt()": ["user_id"],
    "user_onboarding.status()": ["username", "course_id", "is_learning_mfe"],
    "user_onboarding.status.course(course_id)": ["text_search", "statuses"],
    "instructor_dashboard_exam(course_id, exam_id)": ["attempt", "config"],
    LAUNCH: ["signature"],
}
OF_EVERY_LIST = ["page", "page_size", "format"]
QUERY_VALUES = [
    *("", "\x00", "\ud800", "-1", "0", "1.5", "²", "9" * 5000, str(2**31), str(2**63), "x" * 3000, "'\">%", "a,,b"),
    *("course-v1:a+b+c", "xml"),
]
BROKEN_QUERIES = ["%ff=%ff", "user_id=%ff", "page=%00", "user_id=1&user_id=2", "course_id=%C3%28", "&&=&", "page"]
PARTS: dict[str, list[Any]] = {
    "exam_id": [0, 2**31, 2**63, 10**40],
    "attempt_id": [0, 2**31, 2**63, 10**40],
    "user_id": [0, 2**31, 2**63, 10**40],
    "external_id": ["0", "-", "x" * 3000],
    "attempt_code": ["0", "-", "x" * 3000],
    "search_by": ["\x00", "%", "x" * 3000, "'", "a/b/../c", "é", "\\"],
    "content_id": ["\x00", "x" * 3000, "é", "a/b", "@"],
    "course_id": ["course-v1:a+b+c\x00", f"course-v1:a+b+{'c' * 3000}", "a/b/c", "course-v1:é+é+é", "course-v1:'+b+c"],
}


def _one(name: str) -> Rule:
    (rule,) = [rule for rule in RULES if str(rule) == name]
    return rule


def _reads_a_body(rule: Rule) -> bool:
    return str(rule) in BODIES or rule.route == "proctored_exam.active_exams_for_user()"


@pytest.fixture
def world(db, lms, settings):
    use_settings(settings)
    return World(lms, [Role.SUPERUSER, Role.LEARNER, Role.LEGACY, Role.ANONYMOUS])


@pytest.mark.parametrize("rule", [rule for rule in DOOR if _reads_a_body(rule)], ids=str)
def test_bodies_of_any_kind(world, rule):
    role = _caller(rule)
    url = url_about(rule, world.target(role, Thing.OWN), {})
    _check(rule, ((what, world.ask(role, rule.method, url, raw, content_type=kind)) for what, raw, kind in _any_kind()))


def test_bodies_where_none_is_read(world):
    """Rights are asked of nothing that is in them, and nothing breaks."""
    kinds = {"a list", "half an object", "invalid UTF-8", "too many form fields", "a form without its boundary"}
    for rule in (rule for rule in DOOR if not _reads_a_body(rule)):
        url = url_about(rule, world.target(Role.SUPERUSER, Thing.OWN), {})
        bodies = [(what, raw, kind) for what, raw, kind in _any_kind() if what in kinds]
        asked = (
            (what, world.ask(Role.SUPERUSER, rule.method, url, raw, content_type=kind)) for what, raw, kind in bodies
        )
        _check(rule, asked)


@pytest.mark.parametrize("rule", [_one(name) for name in STRANGERS_KNOCK_AT], ids=str)
def test_bodies_of_strangers(world, rule):
    """Authentication classes read them too, before anybody is turned away."""
    url = url_about(rule, world.theirs, {})
    asked = [
        (what, world.ask(Role.ANONYMOUS, rule.method, url, raw, content_type=kind)) for what, raw, kind in _any_kind()
    ]
    _check(rule, asked)
    assert not [what for what, answer in asked if answer.status < 400 or answer.changed]


@pytest.mark.parametrize("rule", [rule for rule in DOOR if str(rule) in BODIES], ids=str)
def test_every_field_with_any_value(world, rule):
    role = _caller(rule)
    target = world.target(role, Thing.OWN)
    url, good = url_about(rule, target, {}), body_about(rule, target, {})
    bodies = [json.dumps(body) for body in _varied(good, VALUES)]
    _check(rule, ((body, world.ask(role, rule.method, url, body.encode())) for body in dict.fromkeys(bodies)))


@pytest.mark.parametrize("rule", [_one(name) for name in FORMS], ids=str)
def test_forms_with_any_value(world, rule):
    target = world.target(Role.SUPERUSER, Thing.OWN)
    url, good = url_about(rule, target, {}), body_about(rule, target, {})
    forms = [urlencode(body).encode() for body in _varied(good, FORM_VALUES)]
    asked = ((form, world.ask(Role.SUPERUSER, rule.method, url, form, content_type=FORM)) for form in forms)
    _check(rule, asked)


@pytest.mark.parametrize("rule", [rule for rule in DOOR if rule.method == "GET"], ids=str)
def test_any_query(world, rule):
    target = world.target(Role.SUPERUSER, Thing.OWN)
    good = QUERIES[str(rule)](target) if str(rule) in QUERIES else {}
    path = url_about(rule, target, {}).partition("?")[0]
    names = QUERY_NAMES.get(rule.route, []) + OF_EVERY_LIST
    queries = [urlencode(good | {name: value}, errors="surrogatepass") for name in names for value in QUERY_VALUES]
    _check(rule, ((one, world.ask(Role.SUPERUSER, "GET", f"{path}?{one}")) for one in [*queries, *BROKEN_QUERIES]))


@pytest.mark.parametrize("rule", [rule for rule in DOOR if ROUTES[rule.route].parts], ids=str)
def test_any_path(world, rule):
    role = _caller(rule)
    target = world.target(role, Thing.OWN)
    raw = raw_about(rule, target, {})
    _check(rule, ((path, world.ask(role, rule.method, path, raw)) for path in _any_path(rule, target)))


def test_logs_name_nobody_and_quote_nothing(world, caplog):
    """Neither those of requests that are carried out, nor those of refused ones (§9.2 C5)."""
    caplog.set_level(logging.DEBUG, logger="proctoring")
    for rule in DOOR:
        for thing in Thing:
            target = world.target(_caller(rule), thing)
            good, url = body_about(rule, target, {}), url_about(rule, target, {})
            bodies = [json.dumps(body).encode() for body in _varied(good, [MARKER])] if good else []
            for raw in [raw_about(rule, target, {}), *bodies]:
                world.ask(_caller(rule), rule.method, url, raw)
                world.ask(Role.LEARNER, rule.method, url, raw)
    lines = {record.getMessage() for record in caplog.records if record.name.startswith("proctoring")}
    assert lines
    assert not [line for line in lines if PRIVATE_IN_LOGS.search(line)]


@pytest.mark.parametrize(
    ("accept", "status"), [("application/xml", 406), ("text/html", 406), (";;;", 406), ("*/*", 200)]
)
def test_an_answer_in_another_form_is_406(world, accept, status):
    answer = world.clients[Role.SUPERUSER].get(COLLECTION, headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (status, JSON)


def _any_kind() -> Iterator[tuple[str, bytes, str]]:
    return ((what, *body) for what, body in BODIES_OF_ANY_KIND.items())


def _caller(rule: Rule) -> Role:
    """What belongs to nobody else is asked for by somebody who may do everything."""
    return Role.LEGACY if rule.route == LEGACY_REVIEW else Role.SUPERUSER


def _varied(good: Any, values: list[Any]) -> Iterator[Any]:
    """The body with each of its fields missing, and with any value in it; of a list, its item."""
    if isinstance(good, list):
        yield from ([varied] for varied in _varied(good[0], values))
        yield from (good * times for times in (2, 2000))
        return
    for name in good:
        yield {key: value for key, value in good.items() if key != name}
        yield from (good | {name: value} for value in values)


def _any_path(rule: Rule, target: Target) -> Iterator[str]:
    for part in ROUTES[rule.route].parts:
        # The URL configuration would refuse to make these addresses, but anybody can send them.
        mark = "course-v1:mark+mark+mark" if part == "course_id" else "987654321"
        marked = url_about(rule, target, {}, **{part: mark})
        yield from (marked.replace(mark, quote(str(value), safe="/:+'")) for value in PARTS[part])


def _check(rule: Rule, answers: Iterable[tuple[Any, Answer]]) -> None:
    wrong = [(what, answer) for what, answer in answers if _is_wrong(rule, answer) or _names_somebody(answer)]
    if wrong:
        said = (f"{what!r:.90}: {answer.status} {answer.content[:150]!r} {answer.changed}" for what, answer in wrong)
        pytest.fail("\n".join([str(rule), *said]), pytrace=False)


def _names_somebody(answer: Answer) -> bool:
    """§9.2: a refusal names no person, no vendor, and nothing that only a vendor and we should know."""
    return answer.status >= 400 and PRIVATE.search(answer.content) is not None


def _is_wrong(rule: Rule, answer: Answer) -> bool:
    if answer.status >= 500:
        return True
    if answer.status < 400:
        return False
    changed = set(answer.changed) - set(KEPT)
    return bool(changed) or not _is_explained(rule, answer)


def _is_explained(rule: Rule, answer: Answer) -> bool:
    if rule.route == LAUNCH and answer.status == 404:
        return answer.content_type.startswith("text/plain")
    if answer.content_type != JSON:
        return False
    told = json.loads(answer.content)
    if isinstance(told, str):
        return rule.route in BARE and bool(told)
    if str(rule) in BY_FIELDS and (isinstance(told, list) or "detail" not in told):
        return True
    names = {"detail", "field"} if "field" in told else {"detail"}
    return set(told) == names and bool(told["detail"])
