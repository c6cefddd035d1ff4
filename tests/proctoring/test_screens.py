"""Which screen: the tables of contract python.md §5.2-5.5, row by row, and what holds for every situation."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.screens import ExamKind, Facts, Prerequisites, Screen, Situation, choose, declines_silently
from proctoring.statuses import INCOMPLETE, ONBOARDING_ERRORS
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

TIMED, PRACTICE, ONBOARDING, PROCTORED = ExamKind.TIMED, ExamKind.PRACTICE, ExamKind.ONBOARDING, ExamKind.PROCTORED
WATCHED = [PRACTICE, ONBOARDING, PROCTORED]
EVERY_STATUS = [None, *Status, "no such status"]
CONTENT = None
PENDING_RESULTS = Facts(results_at=datetime(2026, 3, 9, tzinfo=UTC))

# One line a status, one column a kind: the plain case, nothing past due, nothing special.
PLAIN = {
    None: (Screen.TIMED_ENTRANCE, Screen.PRACTICE_ENTRANCE, Screen.ONBOARDING_ENTRANCE, Screen.PROCTORED_ENTRANCE),
    "created": (Screen.TIMED_ENTRANCE, Screen.INSTRUCTIONS, Screen.INSTRUCTIONS, Screen.INSTRUCTIONS),
    "download_software_clicked": (Screen.TIMED_ENTRANCE, Screen.INSTRUCTIONS, Screen.INSTRUCTIONS, Screen.INSTRUCTIONS),
    "ready_to_start": (Screen.TIMED_ENTRANCE, Screen.READY_TO_START, Screen.READY_TO_START, Screen.READY_TO_START),
    "started": (CONTENT, CONTENT, CONTENT, CONTENT),
    "ready_to_submit": (
        Screen.TIMED_READY_TO_SUBMIT,
        Screen.READY_TO_SUBMIT,
        Screen.ONBOARDING_READY_TO_SUBMIT,
        Screen.READY_TO_SUBMIT,
    ),
    "declined": (Screen.UNAVAILABLE, CONTENT, CONTENT, CONTENT),
    "timed_out": (Screen.TIMED_SUBMITTED, Screen.PRACTICE_SUBMITTED, Screen.ONBOARDING_SUBMITTED, Screen.SUBMITTED),
    "submitted": (Screen.TIMED_SUBMITTED, Screen.PRACTICE_SUBMITTED, Screen.ONBOARDING_SUBMITTED, Screen.SUBMITTED),
    "second_review_required": (
        Screen.TIMED_SUBMITTED,
        Screen.PRACTICE_SUBMITTED,
        Screen.ONBOARDING_SUBMITTED,
        Screen.SUBMITTED,
    ),
    "verified": (Screen.TIMED_SUBMITTED, Screen.PRACTICE_SUBMITTED, Screen.ONBOARDING_VERIFIED, Screen.VERIFIED),
    "rejected": (Screen.TIMED_SUBMITTED, Screen.PRACTICE_SUBMITTED, Screen.ONBOARDING_REJECTED, Screen.REJECTED),
    "error": (Screen.UNAVAILABLE, Screen.PRACTICE_ERROR, Screen.ONBOARDING_EXAM_ERROR, Screen.ERROR),
    "onboarding_reset": (Screen.UNAVAILABLE, Screen.PRACTICE_ENTRANCE, Screen.ONBOARDING_ENTRANCE, Screen.UNAVAILABLE),
    "onboarding_missing": (Screen.UNAVAILABLE, Screen.UNAVAILABLE, Screen.UNAVAILABLE, Screen.ONBOARDING_ERROR),
    "onboarding_pending": (Screen.UNAVAILABLE, Screen.UNAVAILABLE, Screen.UNAVAILABLE, Screen.ONBOARDING_ERROR),
    "onboarding_failed": (Screen.UNAVAILABLE, Screen.UNAVAILABLE, Screen.UNAVAILABLE, Screen.ONBOARDING_ERROR),
    "onboarding_expired": (Screen.UNAVAILABLE, Screen.UNAVAILABLE, Screen.UNAVAILABLE, Screen.ONBOARDING_ERROR),
    "eligible": (Screen.UNAVAILABLE,) * 4,
    "expired": (Screen.UNAVAILABLE,) * 4,
    "no such status": (Screen.UNAVAILABLE,) * 4,
}


def situation(kind: ExamKind | None, status: str | None = None, **changes: object) -> Situation:
    return replace(Situation(kind=kind, status=status), **changes)  # type: ignore[arg-type]


# The contract's tables row by row, each with every situation that the row names. Rows end where an earlier one matches.
LATE, GRACE = {"past_due": True}, {"facts": PENDING_RESULTS}
SETTING_UP = [Status.created, Status.download_software_clicked]
UNFINISHED = [Status.eligible, *SETTING_UP, Status.ready_to_start, Status.started, Status.ready_to_submit]
RELEASED = {"acknowledged": True, "past_due": True, "viewable_past_due": True}
# Where the contract falls through to the content, content is shown in no status that nobody thought of.
NO_SCREEN = Screen.UNAVAILABLE


def row(number, expected, statuses, *changes):
    return [
        pytest.param(status, change, expected, id=f"{number} {status} {', '.join(change)}".strip())
        for status in statuses
        for change in changes or ({},)
    ]


TIMED_ROWS = [
    *row("1", Screen.TIMED_EXPIRED, [None, Status.created], LATE),
    *row("2", Screen.TIMED_ENTRANCE, [None, Status.created], {}, {"hide_after_due": True}),
    *row("3", Screen.TIMED_EXPIRED, UNFINISHED, LATE, LATE | GRACE),
    # The contract raises an error here; the status is shown like a submission.
    *row("4", Screen.TIMED_SUBMITTED, [Status.timed_out]),
    *row("5", CONTENT, [Status.started], {}, {"vendor_blocks": True}),
    *row("6", Screen.TIMED_READY_TO_SUBMIT, [Status.ready_to_submit]),
    *row("7", CONTENT, [Status.submitted], LATE),
    *row("8", Screen.TIMED_SUBMITTED, [Status.submitted], {}, LATE | GRACE, LATE | {"hide_after_due": True}),
    # The contract shows the content without a clock.
    *row("9", Screen.TIMED_ENTRANCE, [Status.download_software_clicked, Status.ready_to_start]),
    *row("9", NO_SCREEN, [Status.declined, Status.error, Status.expired, Status.onboarding_reset]),
]
PRACTICE_ROWS = [
    *row("0", CONTENT, EVERY_STATUS, {"may_take": False}, {"may_take": False, "account_active": False}),
    *row("1", Screen.INACTIVE_ACCOUNT, EVERY_STATUS, {"account_active": False}),
    *row("2", Screen.PRACTICE_ENTRANCE, [None], {}, LATE),
    *row("3", Screen.READY_TO_RESUME, Status, {"ready_to_resume": True}),
    *row("4", Screen.WRONG_BROWSER, [Status.started], {"vendor_blocks": True}),
    *row("5", CONTENT, [Status.started]),
    *row("6", Screen.INSTRUCTIONS, SETTING_UP, {}, {"vendor_blocks": True}),
    *row("7", Screen.READY_TO_START, [Status.ready_to_start]),
    *row("8", Screen.PRACTICE_ERROR, [Status.error]),
    *row("9", Screen.PRACTICE_SUBMITTED, [Status.submitted]),
    *row("10", Screen.READY_TO_SUBMIT, [Status.ready_to_submit]),
    *row("11", CONTENT, [Status.declined]),
    # The contract shows the content.
    *row("11", Screen.PRACTICE_SUBMITTED, [Status.verified, Status.rejected, Status.second_review_required]),
    *row("11", Screen.PRACTICE_SUBMITTED, [Status.timed_out]),
    *row("11", Screen.PRACTICE_ENTRANCE, [Status.onboarding_reset]),
    *row("11", NO_SCREEN, [Status.eligible, Status.expired, *sorted(ONBOARDING_ERRORS)]),
]
ONBOARDING_ROWS = [
    *row("0", CONTENT, EVERY_STATUS, {"may_take": False}, {"may_take": False, "account_active": False}),
    *row("1", Screen.INACTIVE_ACCOUNT, EVERY_STATUS, {"account_active": False}),
    *row("2", Screen.EXPIRED, [None], LATE),
    *row("3", Screen.ONBOARDING_ENTRANCE, [None]),
    *row("4", Screen.READY_TO_RESUME, Status, {"ready_to_resume": True}),
    *row("5", CONTENT, [Status.started], {}, {"vendor_blocks": True}, LATE),
    *row("6", Screen.INSTRUCTIONS, SETTING_UP, {}, LATE),
    *row("7", Screen.READY_TO_START, [Status.ready_to_start], {}, LATE),
    *row("8", Screen.ONBOARDING_EXAM_ERROR, [Status.error], {}, LATE),
    *row("9", Screen.ONBOARDING_SUBMITTED, [Status.submitted, Status.second_review_required], {}, LATE),
    *row("10", Screen.ONBOARDING_READY_TO_SUBMIT, [Status.ready_to_submit], {}, LATE),
    *row("11", Screen.ONBOARDING_VERIFIED, [Status.verified], {}, LATE),
    *row("12", Screen.ONBOARDING_REJECTED, [Status.rejected], {}, LATE),
    *row("13", CONTENT, [Status.declined]),
    # The contract shows the content.
    *row("13", Screen.ONBOARDING_SUBMITTED, [Status.timed_out]),
    *row("13", Screen.ONBOARDING_ENTRANCE, [Status.onboarding_reset]),
    *row("13", NO_SCREEN, [Status.eligible, Status.expired, *sorted(ONBOARDING_ERRORS)]),
]
PROCTORED_ROWS = [
    *row("0", CONTENT, EVERY_STATUS, {"may_take": False}, {"may_take": False, "account_active": False}),
    *row("1", CONTENT, [Status.declined], {}, {"account_active": False}, LATE, {"ready_to_resume": True}),
    *row(
        "2", Screen.INACTIVE_ACCOUNT, [None, *UNFINISHED], {"account_active": False}, LATE | {"account_active": False}
    ),
    *row("3", Screen.EXPIRED, [None], LATE, LATE | {"prerequisites": Prerequisites.DECLINED}),
    *row("4", CONTENT, [None], {"prerequisites": Prerequisites.DECLINED}),
    *row("5", Screen.FAILED_PREREQUISITES, [None], {"prerequisites": Prerequisites.FAILED}),
    *row("6", Screen.PENDING_PREREQUISITES, [None], {"prerequisites": Prerequisites.PENDING}),
    *row("7", Screen.PROCTORED_ENTRANCE, [None]),
    *row("8", Screen.EXPIRED, UNFINISHED, LATE, LATE | {"ready_to_resume": True}),
    *row("9", Screen.READY_TO_RESUME, [each for each in Status if each != "declined"], {"ready_to_resume": True}),
    *row("10", Screen.WRONG_BROWSER, [Status.started], {"vendor_blocks": True}),
    *row("11", CONTENT, [Status.started]),
    *row("12", Screen.INSTRUCTIONS, SETTING_UP, {}, {"prerequisites": Prerequisites.FAILED}),
    *row("13", Screen.READY_TO_START, [Status.ready_to_start]),
    *row("14", Screen.ERROR, [Status.error], {}, LATE, RELEASED),
    # The contract raises an error here; the status is shown like a submission.
    *row("15", Screen.SUBMITTED, [Status.timed_out]),
    *row("16", Screen.SUBMITTED, [Status.submitted, Status.second_review_required], {}, LATE),
    *row("16", CONTENT, [Status.submitted, Status.second_review_required], RELEASED, RELEASED | GRACE),
    *row("17", Screen.VERIFIED, [Status.verified], {}, LATE, RELEASED | GRACE),
    *row("17", CONTENT, [Status.verified], RELEASED),
    *row("18", Screen.REJECTED, [Status.rejected], {}, LATE),
    *row("18", CONTENT, [Status.rejected], RELEASED, RELEASED | GRACE),
    *row("19", Screen.READY_TO_SUBMIT, [Status.ready_to_submit]),
    *row("20", Screen.ONBOARDING_ERROR, sorted(ONBOARDING_ERRORS), {}, LATE, RELEASED),
    # The contract shows the content.
    *row("21", NO_SCREEN, [Status.eligible, Status.expired, Status.onboarding_reset]),
]
TABLES = {
    TIMED: (TIMED_ROWS, range(1, 10)),
    PRACTICE: (PRACTICE_ROWS, range(12)),
    ONBOARDING: (ONBOARDING_ROWS, range(14)),
    PROCTORED: (PROCTORED_ROWS, range(22)),
}


@pytest.mark.parametrize(
    ("kind", "status", "changes", "expected"),
    [pytest.param(kind, *case.values, id=f"{kind} {case.id}") for kind, (rows, _) in TABLES.items() for case in rows],
)
def test_every_row_of_the_contracts_tables(kind, status, changes, expected):
    assert choose(situation(kind, status, **changes)) is expected


@pytest.mark.parametrize("kind", TABLES)
def test_no_row_of_the_contracts_tables_is_left_out(kind):
    rows, numbers = TABLES[kind]
    assert {int(str(case.id).split(maxsplit=1)[0]) for case in rows} == set(numbers)


def test_the_plain_table_knows_every_status():
    assert set(PLAIN) == set(EVERY_STATUS)


@pytest.mark.parametrize("status", EVERY_STATUS)
@pytest.mark.parametrize(("column", "kind"), list(enumerate([TIMED, PRACTICE, ONBOARDING, PROCTORED])))
def test_plain_case(status, column, kind):
    assert choose(situation(kind, status)) is PLAIN[status][column]


@pytest.mark.parametrize("kind", [TIMED, PROCTORED])
@pytest.mark.parametrize("status", [None, *INCOMPLETE])
def test_past_due_closes_what_is_not_finished(kind, status):
    expected = Screen.TIMED_EXPIRED if kind is TIMED else Screen.EXPIRED
    assert choose(situation(kind, status, past_due=True)) is expected
    assert choose(situation(kind, status, past_due=True, ready_to_resume=True, vendor_blocks=True)) is expected


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_practice_ignores_the_due_date(status):
    assert choose(situation(PRACTICE, status, past_due=True)) is choose(situation(PRACTICE, status))


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_onboarding_due_date_only_keeps_from_beginning(status):
    beginning = status in {None, "onboarding_reset"}
    expected = Screen.EXPIRED if beginning else choose(situation(ONBOARDING, status))
    assert choose(situation(ONBOARDING, status, past_due=True)) is expected


@pytest.mark.parametrize("kind", ExamKind)
@pytest.mark.parametrize("status", [status for status in Status if status is not Status.declined])
def test_ready_to_resume_beats_the_status(kind, status):
    assert choose(situation(kind, status, ready_to_resume=True)) is Screen.READY_TO_RESUME


@pytest.mark.parametrize("kind", WATCHED)
@pytest.mark.parametrize("status", EVERY_STATUS)
def test_without_permission_or_after_the_course_the_host_shows_the_content(kind, status):
    assert choose(situation(kind, status, may_take=False, account_active=False)) is CONTENT
    assert choose(situation(kind, status, course_ended=True, account_active=False)) is CONTENT


@pytest.mark.parametrize("kind", WATCHED)
@pytest.mark.parametrize("status", EVERY_STATUS)
def test_inactive_account_comes_first(kind, status):
    opted_out = kind is PROCTORED and status == Status.declined
    shown = choose(situation(kind, status, account_active=False, past_due=True, ready_to_resume=True))
    assert shown is (CONTENT if opted_out else Screen.INACTIVE_ACCOUNT)


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_timed_exams_ask_neither_account_nor_permission_nor_course_end(status):
    changed = situation(TIMED, status, may_take=False, account_active=False, course_ended=True)
    assert choose(changed) is choose(situation(TIMED, status))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(TIMED, CONTENT), (PRACTICE, Screen.WRONG_BROWSER), (ONBOARDING, CONTENT), (PROCTORED, Screen.WRONG_BROWSER)],
)
def test_vendor_that_blocks_this_browser(kind, expected):
    assert choose(situation(kind, Status.started, vendor_blocks=True)) is expected


@pytest.mark.parametrize(
    ("prerequisites", "expected"),
    [
        (Prerequisites.SATISFIED, Screen.PROCTORED_ENTRANCE),
        (Prerequisites.DECLINED, CONTENT),
        (Prerequisites.FAILED, Screen.FAILED_PREREQUISITES),
        (Prerequisites.PENDING, Screen.PENDING_PREREQUISITES),
    ],
)
def test_prerequisites_matter_before_the_first_attempt_only(prerequisites, expected):
    assert choose(situation(PROCTORED, prerequisites=prerequisites)) is expected
    assert choose(situation(PROCTORED, prerequisites=prerequisites, past_due=True)) is Screen.EXPIRED
    assert choose(situation(PROCTORED, Status.created, prerequisites=prerequisites)) is Screen.INSTRUCTIONS
    assert choose(situation(PRACTICE, prerequisites=prerequisites)) is Screen.PRACTICE_ENTRANCE


@pytest.mark.parametrize("status", ["submitted", "timed_out", "second_review_required", "verified", "rejected"])
def test_timed_work_can_be_read_after_the_due_date(status):
    assert choose(situation(TIMED, status, past_due=True)) is CONTENT
    assert choose(situation(TIMED, status, past_due=True, hide_after_due=True)) is Screen.TIMED_SUBMITTED
    assert choose(situation(TIMED, status, past_due=True, facts=PENDING_RESULTS)) is Screen.TIMED_SUBMITTED


@pytest.mark.parametrize("status", ["submitted", "timed_out", "second_review_required", "verified", "rejected"])
def test_released_results_show_the_content(status):
    released = situation(PROCTORED, status, acknowledged=True, past_due=True, viewable_past_due=True)
    assert choose(released) is CONTENT
    for missing in ("acknowledged", "past_due", "viewable_past_due"):
        assert choose(replace(released, **{missing: False})) is choose(situation(PROCTORED, status))


def test_a_grace_period_keeps_a_verified_exam_back():
    released = situation(PROCTORED, Status.verified, acknowledged=True, past_due=True, viewable_past_due=True)
    assert choose(replace(released, facts=PENDING_RESULTS)) is Screen.VERIFIED
    rejected = replace(released, status=Status.rejected, facts=PENDING_RESULTS)
    assert choose(rejected) is CONTENT


@pytest.mark.parametrize("status", [Status.error, *sorted(ONBOARDING_ERRORS)])
def test_interrupted_and_refused_attempts_are_never_released(status):
    assert choose(situation(PROCTORED, status, acknowledged=True, past_due=True, viewable_past_due=True)) is not CONTENT


@pytest.mark.parametrize("status", ["download_software_clicked", "ready_to_start", "declined", "error"])
def test_weakness_3_a_timed_exam_is_never_shown_without_a_clock(status):
    assert choose(situation(TIMED, status)) is not CONTENT


@pytest.mark.parametrize("kind", [PRACTICE, ONBOARDING, PROCTORED])
@pytest.mark.parametrize("status", [*sorted(set(Status) - {Status.started, Status.declined}), "no such status"])
def test_weakness_4_a_status_that_nobody_thought_of_does_not_open_an_exam(kind, status):
    assert choose(situation(kind, status)) is not CONTENT


@pytest.mark.parametrize("kind", ExamKind)
def test_weakness_24_a_timed_out_attempt_has_a_screen(kind):
    assert choose(situation(kind, Status.timed_out)) is choose(situation(kind, Status.submitted))


def test_flags_that_no_exam_has_show_the_content():
    assert choose(situation(None, Status.created)) is CONTENT


def test_an_earlier_opt_out_is_carried_over_only_where_a_proctored_exam_is_undecided():
    undecided = situation(PROCTORED, prerequisites=Prerequisites.DECLINED)
    assert declines_silently(undecided)
    hindrances = [
        {"kind": PRACTICE},
        {"status": Status.created},
        {"past_due": True},
        {"course_ended": True},
        {"may_take": False},
        {"account_active": False},
        {"prerequisites": Prerequisites.FAILED},
    ]
    for hindrance in hindrances:
        assert not declines_silently(replace(undecided, **hindrance))


@pytest.mark.parametrize("kind", ExamKind)
@pytest.mark.parametrize("status", EVERY_STATUS)
def test_only_finished_rehearsals_can_be_begun_again(kind, status):
    finished = status is not None and status not in INCOMPLETE | {Status.verified}
    assert situation(kind, status).can_retry is (kind in {PRACTICE, ONBOARDING} and finished)


any_situation = st.builds(
    Situation,
    kind=st.one_of(st.none(), st.sampled_from(ExamKind)),
    status=st.one_of(st.none(), st.sampled_from(Status), st.text(max_size=20)),
    may_take=st.booleans(),
    account_active=st.booleans(),
    course_ended=st.booleans(),
    past_due=st.booleans(),
    ready_to_resume=st.booleans(),
    vendor_blocks=st.booleans(),
    acknowledged=st.booleans(),
    viewable_past_due=st.booleans(),
    hide_after_due=st.booleans(),
    prerequisites=st.sampled_from(Prerequisites),
    facts=st.sampled_from([Facts(), PENDING_RESULTS]),
)


@given(any_situation)
def test_every_situation_has_an_answer_and_the_same_one_twice(given_situation):
    shown = choose(given_situation)
    assert shown is None or isinstance(shown, Screen)
    assert choose(given_situation) is shown


@given(any_situation)
def test_content_is_shown_only_for_a_reason_that_a_row_names(given_situation):
    if choose(given_situation) is not None:
        return
    reasons = [
        given_situation.kind is None,
        given_situation.kind in WATCHED and (given_situation.course_ended or not given_situation.may_take),
        given_situation.status == Status.started,
        given_situation.kind in WATCHED and given_situation.status == Status.declined,
        given_situation.kind is TIMED and given_situation.past_due and not given_situation.hide_after_due,
        given_situation.kind is PROCTORED and given_situation.released,
        declines_silently(given_situation),
    ]
    assert any(reasons)
