"""What learners are granted beyond an exam's rules."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proctoring.exceptions import (
    AllowanceValueNotAllowedException,
    ProctoredExamNotActiveException,
    ProctoredExamNotFoundException,
    UserNotFoundException,
)
from proctoring.models import (
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
)
from proctoring.services import allowances, attempts, timing
from proctoring.services.allowances import TIME_MULTIPLIER
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AllowanceFactory, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TIME = "additional_time_granted"
NOTE = "review_policy_exception"
NOBODY = 10**6


def stored() -> list[tuple[int, int, str, str]]:
    rows = ProctoredExamStudentAllowance.objects.order_by("proctored_exam", "user", "key")
    return list(rows.values_list("proctored_exam_id", "user_id", "key", "value"))


def archived() -> list[str]:
    return list(ProctoredExamStudentAllowanceHistory.objects.order_by("id").values_list("value", flat=True))


def codes(outcomes) -> list[str | None]:
    return [outcome.error.code if outcome.error else None for outcome in outcomes]


# One learner, one exam


@pytest.mark.parametrize("called", ["pk", "username", "email"])
def test_a_learner_is_called_by_id_name_or_address(called):
    exam, user = ExamFactory(), UserFactory()
    UserFactory()
    allowance = allowances.grant(exam.pk, getattr(user, called), TIME, "30")
    assert stored() == [(exam.pk, user.pk, TIME, "30")]
    assert (allowance.user, allowance.proctored_exam, allowance.value) == (user, exam, "30")


def test_a_username_comes_before_an_address_and_the_first_of_an_address_before_others():
    exam = ExamFactory()
    first, second = UserFactory(email="both@example.com"), UserFactory(email="both@example.com")
    assert allowances.grant(exam.pk, "both@example.com", TIME, "5").user == first
    named = UserFactory(username="both@example.com", email="")
    assert allowances.grant(exam.pk, "both@example.com", TIME, "5").user == named
    assert allowances.grant(exam.pk, second.username, TIME, "5").user == second


def test_digits_in_a_text_are_a_username():
    exam, named = ExamFactory(), UserFactory(username="12")
    assert allowances.grant(exam.pk, "12", TIME, "5").user == named
    with pytest.raises(UserNotFoundException):
        allowances.grant(exam.pk, str(UserFactory(username="thirteen").pk), TIME, "5")


def test_what_stood_there_is_replaced_and_kept(lms, committed):
    exam, user = ExamFactory(), UserFactory()
    for value in ("10", "20", "20"):
        with committed():
            allowances.grant(exam.pk, user.pk, TIME, value)
    assert stored() == [(exam.pk, user.pk, TIME, "20")]
    assert archived() == ["10"]
    verbs = ["created", "updated", "updated"]
    assert lms.tracker.names == [f"edx.special_exam.proctored.allowance.{verb}" for verb in verbs]
    data = lms.tracker.events[-1][1]
    assert (data["allowance_user_id"], data["allowance_key"], data["allowance_value"]) == (user.pk, TIME, "20")


def test_a_change_is_seen_by_its_time():
    exam, user = ExamFactory(), UserFactory()
    for hours, value in enumerate(("10", "20")):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            allowance = allowances.grant(exam.pk, user.pk, TIME, value)
    allowance.refresh_from_db()
    assert (allowance.created, allowance.modified) == (NOW, NOW + timedelta(hours=1))


def test_a_pair_of_key_and_label_counts_as_its_key():
    allowance = AllowanceFactory.build()
    granted = allowances.grant(ExamFactory().pk, UserFactory().pk, allowance.ADDITIONAL_TIME_GRANTED, "30")
    assert granted.key == TIME


@pytest.mark.parametrize(
    ("key", "value"), [(NOTE, "May leave the desk."), (NOTE, ""), ("of_our_own", "x"), (TIME_MULTIPLIER, "1.5")]
)
def test_other_kinds_hold_any_text(key, value):
    assert allowances.grant(ExamFactory().pk, UserFactory().pk, key, value).value == value


@pytest.mark.parametrize(("value", "text"), [(5, "5"), (1.5, "1.5")])
def test_numbers_are_taken_for_other_kinds(value, text):
    assert allowances.grant(ExamFactory().pk, UserFactory().pk, NOTE, value).value == text


@pytest.mark.parametrize("value", ["-5", "1.5", "", " 5", "5 ", "+5", "1_0", "five", 5, 5.0, None, True, b"5", ["5"]])
def test_additional_time_is_a_text_of_digits(value):
    with pytest.raises(AllowanceValueNotAllowedException):
        allowances.grant(ExamFactory().pk, UserFactory().pk, TIME, value)
    assert stored() == []


@pytest.mark.parametrize("value", ["\u0663\u0660", "\uff13\uff10", "\u00b2", "3\u0660"])
def test_weakness_88_non_ascii_digits(value):
    with pytest.raises(AllowanceValueNotAllowedException):
        allowances.grant(ExamFactory().pk, UserFactory().pk, TIME, value)
    with pytest.raises(AllowanceValueNotAllowedException):
        allowances.grant_in_bulk([ExamFactory().pk], [UserFactory().pk], TIME, value)
    assert stored() == []


@pytest.mark.parametrize(("value", "minutes"), [("\u00b2", 90), ("\u0663\u0660", 120)])
def test_weakness_88_digits_of_old_rows_break_nothing(value, minutes):
    allowance = AllowanceFactory(value=value)
    assert timing.allowed_minutes(allowance.proctored_exam, allowance.user_id) == minutes


@pytest.mark.parametrize(
    "value", [None, True, [], {}, float("nan"), float("inf"), "x" * 256, "a\0b", "\ud800"], ids=repr
)
def test_what_no_column_holds_is_refused_for_every_kind(value):
    with pytest.raises(AllowanceValueNotAllowedException):
        allowances.grant(ExamFactory().pk, UserFactory().pk, NOTE, value)
    with pytest.raises(AllowanceValueNotAllowedException):
        allowances.grant(ExamFactory().pk, UserFactory().pk, value, "text")


@pytest.mark.parametrize("key", ["", (), ("",)])
def test_a_kind_has_a_name(key):
    with pytest.raises(AllowanceValueNotAllowedException):
        allowances.grant(ExamFactory().pk, UserFactory().pk, key, "5")


def test_weakness_89_unknown_users_and_exams_are_found_before_anything_is_written():
    exam, user = ExamFactory(), UserFactory()
    for nobody in (NOBODY, 10**30, 0, -1, True, None, "nobody", "", "a\0b", "\ud800", [1]):
        with pytest.raises(UserNotFoundException):
            allowances.grant(exam.pk, nobody, TIME, "5")
    for nothing in (NOBODY, 10**30, 0, None, "x", [1]):
        with pytest.raises(ProctoredExamNotFoundException):
            allowances.grant(nothing, user.pk, TIME, "5")
    assert stored() == []


def test_an_inactive_exam_grants_nothing():
    exam = ExamFactory(is_active=False)
    with pytest.raises(ProctoredExamNotActiveException):
        allowances.grant(exam.pk, UserFactory().pk, TIME, "5")
    assert stored() == []


# Taking back


def test_an_allowance_is_taken_back_and_kept(lms, committed):
    allowance = AllowanceFactory(value="30", proctored_exam=ExamFactory(is_active=False))
    other = AllowanceFactory(user=allowance.user, proctored_exam=allowance.proctored_exam, exception=True)
    with committed():
        assert allowances.remove(allowance.proctored_exam_id, allowance.user_id, TIME)
    assert list(ProctoredExamStudentAllowance.objects.all()) == [other]
    assert archived() == ["30"]
    assert lms.tracker.names == ["edx.special_exam.proctored.allowance.deleted"]
    assert allowances.remove(other.proctored_exam_id, other.user_id, other.REVIEW_POLICY_EXCEPTION)
    assert stored() == []


@pytest.mark.parametrize("nothing", [NOBODY, 0, None, "x"])
def test_taking_back_what_is_not_there_is_silent(lms, committed, nothing):
    allowance = AllowanceFactory()
    with committed():
        assert not allowances.remove(nothing, allowance.user_id, TIME)
        assert not allowances.remove(allowance.proctored_exam_id, nothing, TIME)
        for key in (NOTE, "a\0b", "\ud800", ()):
            assert not allowances.remove(allowance.proctored_exam_id, allowance.user_id, key)
    assert lms.tracker.names == []


# Running attempts


def running(exam, user):
    with time_machine.travel(NOW, tick=False):
        return attempts.start(AttemptFactory(proctored_exam=exam, user=user, status=Status.ready_to_start))


def end_of(attempt):
    return timing.deadline(ProctoredExamStudentAttempt.objects.get(pk=attempt.pk))


def test_who_is_sitting_the_exam_has_the_time_at_once():
    exam, user = ExamFactory(time_limit_mins=60), UserFactory()
    attempt, others = running(exam, user), running(exam, UserFactory())
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        allowances.grant(exam.pk, user.pk, NOTE, "May leave the desk.")
        assert end_of(attempt) == NOW + timedelta(minutes=60)
        allowances.grant(exam.pk, user.pk, TIME, "30")
        assert end_of(attempt) == NOW + timedelta(minutes=90)
        allowances.remove(exam.pk, user.pk, TIME)
        assert end_of(attempt) == NOW + timedelta(minutes=60)
        allowances.grant_in_bulk([exam.pk], [user.pk], TIME_MULTIPLIER, "2")
        assert end_of(attempt) == NOW + timedelta(minutes=120)
    assert end_of(others) == NOW + timedelta(minutes=60)


# Lists


def test_weakness_76_a_list_takes_one_statement(query_budget):
    for _ in range(3):
        AllowanceFactory()
    AllowanceFactory(proctored_exam=ExamFactory(is_active=False))
    with query_budget("allowances.for_course"):
        found = [(row.user.username, row.proctored_exam.exam_name) for row in allowances.for_course(COURSE_ID)]
    assert len(found) == 4


@pytest.fixture
def two_learners():
    """Zoe has three allowances in the course, Ann one; one of Zoe's and all of Bob's are in another course."""
    zoe, ann, bob = (UserFactory(username=name) for name in ("zoe", "ann", "bob"))
    granted = {"zoe": [AllowanceFactory(user=zoe)], "ann": [AllowanceFactory(user=ann)]}
    granted["zoe"] += AllowanceFactory.create_batch(2, user=zoe)
    for user in (zoe, bob):
        AllowanceFactory(user=user, proctored_exam__course_id="course-v1:Other+C+1")
    return granted


@pytest.mark.parametrize("batch", [1, 2, 4, 500])
def test_allowances_in_the_order_of_usernames_whatever_the_batch(two_learners, batch):
    assert list(allowances.by_learner(COURSE_ID, batch)) == two_learners["ann"] + two_learners["zoe"]


def test_a_batch_is_read_when_it_is_needed(two_learners):
    with CaptureQueriesContext(connection) as captured:
        rows = allowances.by_learner(COURSE_ID, 2)
        counts = [(len(captured), row.user.username, row.proctored_exam.is_active) for row in rows]
    assert [count for count, _, _ in counts] == [1, 1, 2, 2]
    assert len(captured) == 3


def test_learners_who_were_granted_something_and_what(two_learners):
    found = list(allowances.learners_of_course(COURSE_ID))
    assert [user.username for user in found] == ["ann", "zoe"]
    assert allowances.of_learners(COURSE_ID, found) == two_learners
    assert allowances.of_learners(COURSE_ID, found[:1]) == {"ann": two_learners["ann"]}
    assert allowances.of_learners(COURSE_ID, []) == {}
    counted = allowances.CountedLearners(COURSE_ID)
    assert (counted.count(), list(counted[0:1])) == (2, found[:1])


@pytest.mark.parametrize(("large", "then"), [(3, 3), (2, 2)])
def test_a_number_that_is_large_is_remembered_and_a_page_is_not(two_learners, large, then):
    assert allowances.CountedLearners(COURSE_ID, large).count() == 2
    AllowanceFactory(user__username="mid")
    again = allowances.CountedLearners(COURSE_ID, large)
    assert [user.username for user in again[0:3]] == ["ann", "mid", "zoe"]
    assert again.count() == then
    assert allowances.CountedLearners("course-v1:Test+OTHER+2026", large).count() < 2


# Many at once


def test_everybody_gets_it_for_every_exam():
    exams, users = ExamFactory.create_batch(2), UserFactory.create_batch(2)
    outcomes = allowances.grant_in_bulk([exam.pk for exam in exams], [user.pk for user in users], TIME, "15")
    pairs = [(exam.pk, user.pk) for exam in exams for user in users]
    assert [(outcome.exam, outcome.learner) for outcome in outcomes] == pairs
    assert codes(outcomes) == [None] * 4
    assert stored() == [(*pair, TIME, "15") for pair in pairs]


def test_repetitions_count_once_and_two_names_of_one_learner_are_one_row():
    exam, user = ExamFactory(), UserFactory()
    outcomes = allowances.grant_in_bulk([exam.pk, exam.pk], [user.username, user.email, user.username], TIME, "15")
    assert [outcome.learner for outcome in outcomes] == [user.username, user.email]
    assert stored() == [(exam.pk, user.pk, TIME, "15")]


def test_weakness_87_each_pair_says_what_came_of_it():
    exam, inactive, user = ExamFactory(), ExamFactory(is_active=False), UserFactory()
    outcomes = allowances.grant_in_bulk([exam.pk, NOBODY, inactive.pk], [user.email, "nobody"], TIME, "15")
    assert codes(outcomes) == [None, "user_not_found", *["exam_not_found"] * 2, "exam_not_active", "user_not_found"]
    assert stored() == [(exam.pk, user.pk, TIME, "15")]


@pytest.mark.parametrize("references", [[None], [[1]], ["x"], [True], [10**30], [{}]])
def test_weakness_87_references_that_are_none(references):
    exam, user = ExamFactory(), UserFactory()
    assert codes(allowances.grant_in_bulk(references, [user.pk], TIME, "1")) == ["exam_not_found"]
    assert codes(allowances.grant_in_bulk([exam.pk], references, TIME, "1")) == ["user_not_found"]
    assert stored() == []


@pytest.mark.parametrize("ids", [([], [1]), ([1], []), ([], [])])
def test_nobody_and_nothing(ids):
    assert allowances.grant_in_bulk(*ids, TIME, "1") == []


@pytest.mark.parametrize(
    ("limit", "value", "minutes"),
    [(90, "1.5", "45"), (90, 1.5, "45"), (90, "1", "0"), (5, "1.5", "2"), (7, "1.5", "4"), (60, " 2e0 ", "60")],
)
def test_a_multiple_is_stored_as_minutes_next_to_the_multiple(limit, value, minutes):
    exam, user = ExamFactory(time_limit_mins=limit), UserFactory()
    allowances.grant_in_bulk([exam.pk], [user.pk], TIME_MULTIPLIER, value)
    assert stored() == [(exam.pk, user.pk, TIME, minutes)]
    assert ProctoredExamStudentAllowance.objects.get().multiplier == Decimal(str(value).strip())


def test_plain_minutes_replace_a_multiple_and_the_archive_keeps_it():
    exam, user = ExamFactory(time_limit_mins=60), UserFactory()
    allowances.grant_in_bulk([exam.pk], [user.pk], TIME_MULTIPLIER, "1.5")
    allowances.grant(exam.pk, user.pk, TIME, "30")
    assert ProctoredExamStudentAllowance.objects.get().multiplier is None
    was = ProctoredExamStudentAllowanceHistory.objects.get()
    assert (was.value, was.multiplier) == ("30", Decimal("1.5"))


def test_a_multiple_of_exams_of_many_lengths_is_written_in_one_statement(query_budget):
    lengths = {60: "30", 90: "45", 7: "4", 5: "2", 120: "60"}
    exams = [ExamFactory(time_limit_mins=limit) for limit in lengths]
    users = UserFactory.create_batch(3)
    for exam in exams[:4]:
        AllowanceFactory(proctored_exam=exam, user=users[0], value="1")
    with query_budget("allowances.grant_in_bulk"):
        allowances.grant_in_bulk([exam.pk for exam in exams], [user.pk for user in users], TIME_MULTIPLIER, "1.5")
    minutes = list(lengths.values())
    assert stored() == [(exam.pk, user.pk, TIME, minutes[n]) for n, exam in enumerate(exams) for user in users]
    assert archived() == ["1"] * 4
    assert set(ProctoredExamStudentAllowance.objects.values_list("multiplier", flat=True)) == {Decimal("1.5")}


def test_multiples_of_many_kinds_follow_the_exams_time(query_budget):
    exam = ExamFactory(time_limit_mins=60)
    for multiple in ("1.25", "1.5", "2", "2"):
        allowances.grant_in_bulk([exam.pk], [UserFactory().pk], TIME_MULTIPLIER, multiple)
    plain = AllowanceFactory(proctored_exam=exam, value="7")
    exam.time_limit_mins = 120
    with query_budget("allowances.follow_time_limit"):
        allowances.follow_time_limit(exam)
    rows = ProctoredExamStudentAllowance.objects.exclude(pk=plain.pk).order_by("pk").values_list("value", "multiplier")
    assert list(rows) == [
        (value, Decimal(m)) for value, m in zip(("30", "60", "120", "120"), (1.25, 1.5, 2, 2), strict=True)
    ]
    assert archived() == ["15", "30", "60", "60"]
    plain.refresh_from_db()
    assert plain.value == "7"


def test_only_the_exams_that_the_caller_says_count():
    exam, other, user = ExamFactory(), ExamFactory(), UserFactory()
    outcomes = allowances.grant_in_bulk([exam.pk, other.pk], [user.pk], TIME, "5", {exam.pk: exam})
    assert codes(outcomes) == [None, "exam_not_found"]
    assert codes(allowances.grant_in_bulk([], [user.pk], TIME, "7", {exam.pk: exam})) == []
    assert stored() == [(exam.pk, user.pk, TIME, "5")]


def test_a_multiple_of_no_time_is_none():
    exam, user = ExamFactory(time_limit_mins=-5), UserFactory()
    allowances.grant_in_bulk([exam.pk], [user.pk], TIME_MULTIPLIER, "3")
    assert stored() == [(exam.pk, user.pk, TIME, "0")]


NUMBERS = ["nan", "inf", "-inf", "Infinity", "0.99", "-2", "1000", 0, float("nan"), float("inf"), 10**400, 10**5000]
NO_NUMBERS = [None, "", "two", "1_5", "\u0661.\u0665", True, [1.5], {}]


@pytest.mark.parametrize("value", [*NUMBERS, *NO_NUMBERS], ids=lambda value: type(value).__name__)
def test_weakness_87_a_multiple_is_a_finite_number_from_one_up(value):
    with pytest.raises(AllowanceValueNotAllowedException):
        allowances.grant_in_bulk([ExamFactory().pk], [UserFactory().pk], TIME_MULTIPLIER, value)
    assert stored() == []


@pytest.mark.parametrize(("kind", "value"), [(TIME, 15), (TIME, None), (NOTE, None), (None, "5"), ([], "5"), (5.5, [])])
def test_weakness_87_other_values_no_kind_has(kind, value):
    with pytest.raises(AllowanceValueNotAllowedException):
        allowances.grant_in_bulk([ExamFactory().pk], [UserFactory().pk], kind, value)


def test_many_take_as_many_statements_as_one(query_budget):
    def statements(exam_count: int, user_count: int) -> int:
        exams, users = ExamFactory.create_batch(exam_count), UserFactory.create_batch(user_count)
        AllowanceFactory(proctored_exam=exams[0], user=users[0], value="1")
        ids = [exam.pk for exam in exams], [user.username for user in users]
        with CaptureQueriesContext(connection) as captured, query_budget("allowances.grant_in_bulk"):
            allowances.grant_in_bulk(*ids, TIME, "15")
        return len(captured)

    assert statements(4, 10) == statements(1, 1)


def test_a_bulk_grant_keeps_history_and_tells_the_tracker(lms, committed):
    had = AllowanceFactory(value="10")
    user = UserFactory()
    with committed():
        allowances.grant_in_bulk([had.proctored_exam_id], [had.user_id, user.pk], TIME, "20")
    assert archived() == ["10"]
    verbs = {data["allowance_user_id"]: name.rpartition(".")[2] for name, data, _ in lms.tracker.events}
    assert verbs == {had.user_id: "updated", user.pk: "created"}


# The archive


def test_weakness_85_a_bulk_update_archives_what_was_there():
    AllowanceFactory(value="10"), AllowanceFactory(value="20")
    assert ProctoredExamStudentAllowance.objects.update(value="30") == 2
    assert sorted(archived()) == ["10", "20"]


def test_weakness_86_an_archive_row_has_all_that_its_table_holds():
    allowance = AllowanceFactory(value="30", multiplier="1.5")
    row = allowance.archived()
    columns = {field.attname for field in row._meta.concrete_fields}
    own = {field.attname for field in allowance._meta.concrete_fields}
    assert columns - own == {"allowance_id"}
    shared = own - {"id", "created", "modified"}
    assert {name: getattr(row, name) for name in shared} == {name: getattr(allowance, name) for name in shared}
