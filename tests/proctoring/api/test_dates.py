"""Times in words, dates, addresses and kinds, as the LMS's code asks for them (contract python.md §4.12)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from django.utils.timezone import override

from proctoring import api
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.lms import CourseOutline, CourseOutlineDetails, CourseSchedule, SequenceSchedule
from tests.factories import COURSE_ID, STARTED_AT, AttemptFactory, ExamFactory, UserFactory

NOW = STARTED_AT
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (61, "1 hour and 1 minute"),
        (150, "2 hours and 30 minutes"),
        (1800, "30 hours"),
        (-59, "0 minutes"),
        (-60, "error"),
        (-600, "error"),
    ],
)
def test_minutes_in_words(minutes, words):
    assert api.humanized_time(minutes) == words


@time_machine.travel(NOW, tick=False)
def test_whether_a_due_date_has_passed():
    assert not api.has_due_date_passed(None)
    assert not api.has_due_date_passed(NOW + timedelta(microseconds=1))
    assert api.has_due_date_passed(NOW)


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(("zone", "passed"), [("UTC", True), ("America/New_York", False)])
def test_weakness_72_a_due_date_without_a_time_zone_is_in_the_current_one(zone, passed):
    with override(zone):
        assert api.has_due_date_passed(NOW.replace(tzinfo=None)) is passed


@pytest.mark.django_db
def test_weakness_93_an_exams_due_date_for_a_user_for_an_id_and_for_everybody(lms):
    exam, user = api.get_exam_by_id(ExamFactory(due_date=NOW).pk), UserFactory()
    assert [api.get_exam_due_date(exam, whose) for whose in (None, user, user.pk)] == [NOW, NOW, NOW]
    lms.dates.due = {user.pk: NOW + HOUR}
    assert [api.get_exam_due_date(exam, whose) for whose in (None, user, user.pk)] == [NOW, NOW + HOUR, NOW + HOUR]


def test_the_end_of_a_course(lms):
    assert api.get_course_end_date(COURSE_ID) is None
    lms.dates.course_end = NOW
    assert api.get_course_end_date(COURSE_ID) == NOW


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("due", "grace", "until"),
    [
        (NOW - HOUR, 2 * HOUR, NOW + HOUR),
        (NOW + HOUR, HOUR, NOW + 2 * HOUR),
        (NOW - HOUR, HOUR, None),
        (NOW - HOUR, None, None),
        (None, HOUR, None),
    ],
)
def test_results_wait_for_the_end_of_the_grace_period(due, grace, until):
    context = {"grace_period": grace} if grace else {}
    exam = api.get_exam_by_id(ExamFactory(due_date=due).pk)
    assert api.verify_and_add_wait_deadline(context, exam, 1) is (until is not None)
    assert context.get("wait_deadline") == (until.isoformat() if until else None)


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_why_exams_cannot_be_opened():
    opened, hidden, early, late = ExamFactory.create_batch(4)
    details = CourseOutlineDetails(
        CourseOutline({opened.content_id}),
        CourseSchedule(
            {
                hidden.content_id: SequenceSchedule(),
                early.content_id: SequenceSchedule(effective_start=NOW + HOUR),
                late.content_id: SequenceSchedule(due=NOW - HOUR),
            }
        ),
    )
    assert api.categorize_inaccessible_exams_by_date([opened, hidden, early, late], details) == (
        [hidden],
        [early],
        [late],
    )


def test_until_when_a_part_of_a_course_is_seen():
    schedule = CourseSchedule({"a": SequenceSchedule(due=NOW), "b": SequenceSchedule()}, course_end=NOW + HOUR)
    dates = [api.get_visibility_check_date(schedule, key) for key in ("a", "b", "c")]
    assert dates == [NOW, NOW + HOUR, NOW + HOUR]
    assert api.get_visibility_check_date(CourseSchedule(), "a") == datetime.max.replace(tzinfo=UTC)


def test_addresses(settings):
    settings.LEARNING_MICROFRONTEND_URL = "https://learning.example"
    assert api.get_exam_url("course", "block", True) == "https://learning.example/course/course/block"
    assert api.get_course_home_url("course") == "https://learning.example/course/course/home"
    settings.ROOT_URLCONF = "tests.proctoring.screen_fakes"
    assert api.get_exam_url("course", "block", False) == "/courses/course/jump_to/block"


@pytest.mark.parametrize(
    ("proctored", "practice", "onboards", "kind", "words"),
    [
        (False, False, None, "timed", "a timed exam"),
        (True, False, True, "proctored", "a proctored exam"),
        (True, True, False, "practice", "a practice exam"),
        (True, True, True, "onboarding", "an onboarding exam"),
        (True, True, None, "practice", "a practice exam"),
        (False, True, None, "proctored", "a proctored exam"),
    ],
)
def test_kinds_of_exams(proctored, practice, onboards, kind, words):
    provider = None if onboards is None else ProctoringBackendProvider(supports_onboarding=onboards)
    exam = {"is_proctored": proctored, "is_practice_exam": practice}
    assert api.get_exam_type(exam, provider) == {"type": kind, "humanized_type": words}


def test_going_back_before_the_start():
    assert api.is_reattempting_exam("started", "created")
    assert api.is_reattempting_exam("ready_to_submit", "ready_to_start")
    assert not api.is_reattempting_exam("created", "started")
    assert not api.is_reattempting_exam("submitted", "created")


@pytest.mark.django_db
def test_an_attempt_is_found_by_its_code_also_when_it_is_gone(caplog):
    attempt = AttemptFactory()
    code = attempt.attempt_code
    assert api.locate_attempt_by_attempt_code(code) == (attempt, False)
    attempt.delete()
    found, archived = api.locate_attempt_by_attempt_code(code)
    assert (found.attempt_code, archived) == (code, True)
    assert not caplog.records
    assert api.locate_attempt_by_attempt_code("UNKNOWN") == (None, None)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "UNKNOWN" not in caplog.text


def test_links_to_recordings_come_back():
    key = bytes(range(32))
    assert api.decode_and_decrypt(api.encrypt_and_encode(b"https://vendor.example/video", key), key) == (
        b"https://vendor.example/video"
    )


def test_ids_for_vendors_depend_on_the_vendor():
    assert api.obscured_user_id(7, "watcher") == api.obscured_user_id(7, "watcher")
    assert api.obscured_user_id(7, "watcher") != api.obscured_user_id(7, "other")


def test_weakness_70_the_end_of_a_course_keeps_its_instant(lms):
    # The LMS may say the same instant in any time zone.
    lms.dates.course_end = NOW.astimezone(timezone(timedelta(hours=9)))
    assert api.get_course_end_date(COURSE_ID) == NOW
