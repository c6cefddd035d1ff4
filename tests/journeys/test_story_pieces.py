"""How the story reads pages, waits, prints, and says what went wrong."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import responses

from demo.__main__ import main
from demo.story import deciding, effects, stuttering, taking
from demo.story.page import Form, Page
from demo.story.play import play
from demo.story.report import HttpCall, Report, StepFailed, call_of, line_of
from demo.story.stage import Stage, set_up
from demo.story.vendor import accepted, callbacks_of
from demo.story.waiting import wait_for

LMS, SIMULATOR = "http://lms.invalid", "http://simulator.invalid"
LOGIN_FORM = """
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="token"><input name="username">
<input type="password" name="password"><button name="go">Sign in</button></form>
"""
NOTHING = {
    "attempts": [{"id": 0, "status": "verified"}],
    "credit": {"status": "satisfied", "writes": 2},
    "mails": {"submitted": 1, "verified": 1, "rejected": 0},
    "vendor_calls": 2,
    "grade_override": False,
    "inbox": {"applied": 2},
}


@pytest.fixture
def stage() -> Stage:
    stage = set_up(LMS, SIMULATOR, ("amal", "bruno"))
    stage.passing.external_id, stage.failing.external_id = "ext-a", "ext-b"
    return stage


@pytest.fixture
def site() -> Iterator[responses.RequestsMock]:
    """Pages and answers of both sites; what is not named is an error."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


# Pages


@pytest.mark.parametrize(
    ("html", "fields"),
    [
        ('<input name="a" value="1"><input name="b">', [("a", "1"), ("b", "")]),
        ('<input type="submit" name="save"><input value="nameless">', []),
        ('<input type="checkbox" name="a"><input type="checkbox" name="b" checked>', [("b", "on")]),
        ('<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>', [("a", "2")]),
        ('<select name="a"><option value="1"><option value="2" selected></select>', [("a", "2")]),
        ('<select name="a"><option value="1"><option value="2"></select>', [("a", "1")]),
        ('<select name="a"></select>', []),
        ("<textarea name='a'>\nfirst\n&lt;second&gt;</textarea>", [("a", "first\n<second>")]),
    ],
)
def test_a_form_is_sent_as_a_browser_sends_it(html: str, fields: list[tuple[str, str]]) -> None:
    (form,) = Page(f'<form action="/there" method="POST">{html}</form><input name="outside">').forms
    assert (form.action, form.method, form.fields) == ("/there", "post", fields)


def test_filling_in_replaces_and_adds() -> None:
    form = Form("", "post", [("token", "t"), ("name", "old")])
    assert form.filled(name="new", go="1") == [("token", "t"), ("name", "new"), ("go", "1")]


def test_marked_elements_are_found_by_their_attributes() -> None:
    page = Page('<p data-id="1" data-kind="a"></p><p data-id="2" data-kind="b"></p><a href="/x">x</a><a>y</a>')
    assert (page.marks("data-id") or {})["data-id"] == "1"
    assert (page.marks("data-id", data_kind="b") or {})["data-id"] == "2"
    assert page.marks("data-id", data_kind="c") is None
    assert page.links == ["/x"]


def test_entries_of_an_admin_list_are_found_once() -> None:
    addresses = ["/list/1/change/?f=1", "/list/1/change/", "/list/add/", "/other/1/change/", "/list/2/change/"]
    page = Page("".join(f"<a href='{address}'></a>" for address in addresses))
    assert deciding.entries_of(page, "/list/") == ["/list/1/change/", "/list/2/change/"]


# Waiting and printing


def test_waiting_ends_with_what_was_waited_for() -> None:
    sights = iter([1, 2, 3])
    assert wait_for(lambda: next(sights), lambda seen: seen == 3, "three", pause=0) == 3


def test_waiting_in_vain_says_what_was_expected_and_seen() -> None:
    with pytest.raises(StepFailed) as failed:
        wait_for(lambda: "started", lambda _: False, "the attempt to be verified", seconds=0)
    assert failed.value.expected == "the attempt to be verified within 0 s"
    assert failed.value.seen == "started"


def test_calls_that_repeat_one_another_are_one_line() -> None:
    out = io.StringIO()
    report = Report(out)
    report.step("Somebody waits.")
    for milliseconds in (5, 6, 7):
        report.call(HttpCall("amal", "GET", "/attempt", 200, milliseconds))
    report.call(HttpCall("amal", "PUT", "/attempt", 200, 8))
    report.end("Over.")
    assert out.getvalue().split("\n") == [
        "",
        "  1. Somebody waits.",
        "       amal → GET /attempt  200  7 ms  (3 times)",
        "       amal → PUT /attempt  200  8 ms",
        "",
        "Over.",
        "",
    ]


def entry(**values: Any) -> dict[str, Any]:
    return {
        "direction": "in",
        "operation": "started",
        "attempt": "ext-a",
        "method": "PATCH",
        "path": "/attempt/",
        "status": 200,
        "milliseconds": 4,
        "duplicate": False,
        "answer_lost": False,
    } | values


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({}, "exam app → PATCH /attempt/  200  4 ms  [started]"),
        ({"direction": "out", "status": None}, "vendor → PATCH /attempt/  no answer  4 ms  [started]"),
        ({"duplicate": True}, "exam app → PATCH /attempt/  200  4 ms  [started, same again]"),
        ({"answer_lost": True}, "exam app → PATCH /attempt/  200  4 ms  [started, answer lost]"),
    ],
)
def test_the_vendors_journal_is_printed(values: dict[str, Any], line: str) -> None:
    assert line_of(call_of(entry(**values))) == line


def test_only_new_and_accepted_calls_count() -> None:
    others = [
        {"attempt": "ext-b"},
        {"operation": "submitted"},
        {"status": 500},
        {"duplicate": True},
        {"direction": "out"},
    ]
    assert accepted([entry(), *(entry(**other) for other in others)], "ext-a", "started") == 1


def test_callbacks_are_found_by_id() -> None:
    attempts = [{"callbacks": [{"id": 1}, {"id": 2}]}, {"callbacks": [{"id": 3}]}]
    assert callbacks_of(attempts, [2, 3]) == [{"id": 2}, {"id": 3}]


# What can go wrong


def test_a_site_that_is_not_there_fails_the_first_step(capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = "http://127.0.0.1:9"
    assert main(["story", "--lms", nowhere, "--simulator", nowhere]) == 1
    told = capsys.readouterr().out
    assert "FAILED in step 1: The vendor is told how to review" in told
    assert "expected: the simulator to answer GET /simulator/health" in told
    assert "seen:     ConnectionError" in told


def test_an_answer_of_an_unknown_shape_fails_its_step(
    stage: Stage, site: responses.RequestsMock, capsys: pytest.CaptureFixture[str]
) -> None:
    site.get(f"{SIMULATOR}/simulator/health", json={"status": "ok"})
    site.get(f"{SIMULATOR}/simulator/journal", json={"entries": []})
    assert play(stage) is False
    assert "FAILED in step 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>no form</p>", "a login form with a CSRF token"),
        (LOGIN_FORM, "POST /accounts/login/ to be accepted"),
    ],
)
def test_a_login_that_fails_is_said(stage: Stage, site: responses.RequestsMock, html: str, expected: str) -> None:
    site.get(f"{LMS}/accounts/login/", body=html, content_type="text/html")
    site.post(f"{LMS}/accounts/login/", body="wrong password", content_type="text/html")
    with pytest.raises(StepFailed, match=expected):
        taking.sign_in(stage.passing.browser, "amal")


def test_redirects_without_end_are_said(stage: Stage, site: responses.RequestsMock) -> None:
    site.get(f"{LMS}/round", status=302, headers={"Location": "/round"})
    with pytest.raises(StepFailed, match="an end of redirects"):
        stage.passing.browser.open("/round")


def test_a_page_with_an_error_is_said(stage: Stage, site: responses.RequestsMock) -> None:
    site.get(f"{LMS}/broken", status=500, body="x" * 1000, content_type="text/html")
    with pytest.raises(StepFailed, match="saw 500 a page of 1000 characters"):
        stage.passing.browser.open("/broken")


def test_a_refusal_is_said_in_the_sites_words(stage: Stage, site: responses.RequestsMock) -> None:
    site.put(f"{LMS}/thing", status=400, json={"detail": "not now"})
    with pytest.raises(StepFailed, match="not now"):
        stage.passing.browser.call("PUT", "/thing", {})


def test_an_answer_that_is_no_json_is_said(stage: Stage, site: responses.RequestsMock) -> None:
    site.get(f"{LMS}/thing", body="<html>", content_type="text/html")
    with pytest.raises(StepFailed, match="to answer JSON"):
        stage.passing.browser.call("GET", "/thing")


@pytest.mark.parametrize(
    ("outline", "exam", "expected"),
    [
        ("<a href='/elsewhere'></a>", "", "a link to the proctored exam"),
        (f"<a href='{taking.EXAM}'></a>", "<p>no screen</p>", "the exam's screen"),
    ],
)
def test_a_course_without_the_exam_is_said(
    stage: Stage, site: responses.RequestsMock, outline: str, exam: str, expected: str
) -> None:
    site.get(LMS + taking.COURSE, body=outline)
    site.get(LMS + taking.EXAM, body=exam)
    with pytest.raises(StepFailed, match=expected):
        taking.open_exam(stage.passing)


def test_an_attempt_that_the_vendor_does_not_know_is_said(stage: Stage, site: responses.RequestsMock) -> None:
    site.post(LMS + taking.ATTEMPTS, json={"exam_attempt_id": 7})
    site.get(f"{SIMULATOR}/simulator/attempts", json={"attempts": []})
    with pytest.raises(StepFailed, match="one attempt of the learner at the vendor"):
        taking.begin(stage.passing, stage.vendor)


def test_an_action_without_its_effect_is_said(stage: Stage, site: responses.RequestsMock) -> None:
    site.put(f"{LMS}{taking.ATTEMPTS}/0", json={"exam_attempt_id": 0})
    site.get(f"{LMS}{taking.ATTEMPTS}/0", json={"status": "created"})
    with pytest.raises(StepFailed, match="the attempt to be started; saw created"):
        taking.act(stage.passing, "start", "started")


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("<p>no questions</p>", "the exam's questions"),
        ("<form method='post'><input name='question-1'></form>", "the answers to be kept"),
    ],
)
def test_answers_that_cannot_be_given_are_said(
    stage: Stage, site: responses.RequestsMock, before: str, expected: str
) -> None:
    site.get(LMS + taking.EXAM, body=before)
    site.post(LMS + taking.EXAM, status=302, headers={"Location": taking.EXAM})
    with pytest.raises(StepFailed, match=expected):
        taking.answer(stage.passing)


@pytest.mark.parametrize(
    ("listed", "review", "expected"),
    [
        ("", "", "one review of the learner"),
        (f"<a href='{deciding.REVIEWS}1/change/'></a>", "<p>nothing</p>", "the vendor's comments"),
        (f"<a href='{deciding.REVIEWS}1/change/'></a>", "COMMENTS", "the review's form"),
        (
            f"<a href='{deciding.REVIEWS}1/change/'></a>",
            "COMMENTS<form><input name='csrfmiddlewaretoken'><input name='review_status' value='Clean'></form>",
            "a review that is Suspicious; saw Clean",
        ),
    ],
)
def test_a_review_that_cannot_be_decided_is_said(
    stage: Stage, site: responses.RequestsMock, listed: str, review: str, expected: str
) -> None:
    comments = " ".join(comment["comment"] for comment in deciding.COMMENTS)
    site.get(LMS + deciding.REVIEWS, body=listed)
    site.get(f"{LMS}{deciding.REVIEWS}1/change/", body=review.replace("COMMENTS", comments))
    with pytest.raises(StepFailed, match=expected):
        deciding.confirm_suspicion(stage.staff, stage.failing)


# What must not happen twice


@pytest.fixture
def effects_are(stage: Stage, site: responses.RequestsMock) -> Callable[..., None]:
    """The LMS counts these effects for the learner, call after call; the last ones stay."""

    def counted(*seen: dict[str, Any]) -> None:
        for each in seen:
            site.get(f"{LMS}/demo/effects/amal/{taking.CONTENT_ID}", json=each)

    return counted


def test_effects_as_wanted_are_fine(stage: Stage, effects_are: Callable[..., None]) -> None:
    effects_are(NOTHING)
    assert effects.expect_effects(stage.passing, "verified", effects.PASSED) == NOTHING


def test_a_changed_effect_is_said(stage: Stage, effects_are: Callable[..., None]) -> None:
    effects_are(NOTHING | {"vendor_calls": 3})
    with pytest.raises(StepFailed, match=r"no effect to change; saw {'vendor_calls': \(2, 3\)}"):
        effects.expect_unchanged(NOTHING, stage.passing)


def test_a_progress_page_that_says_otherwise_is_said(stage: Stage, site: responses.RequestsMock) -> None:
    row = f"<tr data-content-id='{taking.CONTENT_ID}' data-credit-status='failed' data-mails='2'>"
    site.get(LMS + taking.PROGRESS, body=row)
    effects.expect_progress(stage.passing, "failed", 2)
    with pytest.raises(StepFailed, match="credit satisfied and 2 mails"):
        effects.expect_progress(stage.passing, "satisfied", 2)


def test_a_call_that_the_vendor_took_twice_is_said(stage: Stage, site: responses.RequestsMock) -> None:
    entries = [entry(sequence=1), entry(sequence=2), entry(sequence=3, operation="register")]
    site.get(f"{SIMULATOR}/simulator/journal", json={"entries": entries}, match=[_since(0)])
    site.get(f"{SIMULATOR}/simulator/journal", json={"entries": []}, match=[_since(3)])
    with pytest.raises(StepFailed, match="'started': 2, 'submitted': 0"):
        effects.expect_once_at_vendor(stage)


def _since(sequence: int) -> Any:
    return responses.matchers.query_param_matcher({"since": sequence})


@pytest.fixture
def answered(site: responses.RequestsMock) -> Callable[[int], None]:
    """The LMS answers this to every callback that the vendor is told to send."""

    def by(status: int) -> None:
        callbacks = [{"id": 1, "state": "delivered", "status": status}]
        site.post(f"{SIMULATOR}/simulator/reviews", json={"callbacks": callbacks})
        site.get(f"{SIMULATOR}/simulator/attempts", json={"attempts": [{"callbacks": callbacks}]})

    return by


def test_a_repeated_review_that_is_not_taken_is_said(
    stage: Stage, effects_are: Callable[..., None], answered: Callable[[int], None]
) -> None:
    effects_are(NOTHING)
    answered(500)
    with pytest.raises(StepFailed, match="10 times 200"):
        stuttering.repeat_review(stage, stage.passing)


@pytest.mark.parametrize(
    ("status", "inbox", "expected"),
    [
        (200, {"applied": 2, "refused": 1}, "400"),
        (400, {"applied": 2}, "one more refused message"),
        (400, {"applied": 3, "refused": 1}, "one more refused message"),
    ],
)
def test_a_broken_review_that_is_not_kept_is_said(
    stage: Stage,
    effects_are: Callable[..., None],
    answered: Callable[[int], None],
    status: int,
    inbox: dict[str, int],
    expected: str,
) -> None:
    effects_are(NOTHING, NOTHING | {"inbox": inbox})
    answered(status)
    with pytest.raises(StepFailed, match=expected):
        stuttering.send_malformed(stage, stage.passing)


def test_a_refused_message_that_staff_cannot_find_is_said(stage: Stage, site: responses.RequestsMock) -> None:
    site.get(LMS + deciding.INBOX, body="<p>empty</p>")
    with pytest.raises(StepFailed, match="one refused message about the attempt"):
        stuttering.find_malformed(stage, stage.passing)
