"""Which onboarding exam a learner is sent to (contract python.md §4.9, §4.12; rest.md §5.16)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine

from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.lms import CourseOutlineDetails, CourseSchedule, SequenceSchedule
from proctoring.services import onboarding
from proctoring.services.onboarding import Opening
from tests.factories import COURSE_ID, ExamFactory, UserFactory
from tests.proctoring.onboarding_fakes import BACKENDS, NOW, OTHER_COURSE, FakeOutline, Key, registered, rehearsal

pytestmark = pytest.mark.django_db

EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
# A zone in which it is still the day before.
FAR_WEST = timezone(-timedelta(hours=11))


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = BACKENDS


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def outline():
    with registered("learning_sequences", FakeOutline()) as fake:
        yield fake


def chosen(user, now=NOW):
    return onboarding.choose(COURSE_ID, onboarding.exams_of(COURSE_ID), user, now)


def link(user, now=NOW):
    return onboarding.exam_link(COURSE_ID, user, is_learning_mfe=False, now=now)


def address(exam):
    return f"/courses/{COURSE_ID}/jump_to/{exam.content_id}"


def test_active_rehearsals_of_the_course_newest_first():
    old, new = rehearsal(), rehearsal()
    rehearsal(is_active=False)
    rehearsal(course_id=OTHER_COURSE)
    rehearsal(is_proctored=False)
    ExamFactory()
    assert onboarding.exams_of(COURSE_ID) == [new, old]


def test_an_open_exam_comes_first_then_one_that_opens_then_one_that_is_over(user, outline):
    assert chosen(user) is None
    over, upcoming, open_now, other = rehearsal(), rehearsal(), rehearsal(), rehearsal()
    outline.hide(over, due=EARLIER)
    assert chosen(user) == onboarding.Choice(over, Opening.PAST_DUE)
    outline.hide(upcoming, start=LATER)
    assert chosen(user) == onboarding.Choice(upcoming, Opening.UPCOMING, LATER)
    outline.show(open_now, start=EARLIER, due=LATER)
    assert chosen(user) == onboarding.Choice(open_now, Opening.OPEN, EARLIER)
    outline.show(other)
    assert chosen(user).exam == other
    assert outline.asked[-1] == (COURSE_ID, user, NOW)


def test_exams_that_are_hidden_for_another_reason_are_left_out(user, outline):
    unknown, hidden = rehearsal(), rehearsal()
    outline.hide(hidden, start=EARLIER, due=LATER)
    assert chosen(user) is None
    assert link(user) == ""
    found = onboarding.by_date([unknown, hidden], outline.get_user_course_outline_details(COURSE_ID, user, NOW), NOW)
    assert found.inaccessible == [unknown, hidden]


def test_only_what_the_outline_hides_is_categorised(user, outline):
    accessible, future, over, ended = rehearsal(), rehearsal(), rehearsal(), rehearsal()
    outline.show(accessible, start=LATER, due=EARLIER)
    outline.hide(future, start=LATER)
    outline.hide(over, due=EARLIER)
    outline.hide(ended)
    outline.course_end = EARLIER
    details = outline.get_user_course_outline_details(COURSE_ID, user, NOW)
    found = onboarding.by_date([accessible, future, over, ended], details, NOW)
    assert found == onboarding.Categories(inaccessible=[], future=[future], past_due=[over, ended])
    assert onboarding.by_date([future], CourseOutlineDetails(), NOW).inaccessible == [future]


def test_until_when_a_part_is_there():
    due, end = NOW + timedelta(days=1), NOW + timedelta(days=2)
    schedule = CourseSchedule({Key("a"): SequenceSchedule(due=due), Key("b"): SequenceSchedule()}, end)
    assert onboarding.visibility_check_date(schedule, "a") == due
    assert onboarding.visibility_check_date(schedule, Key("b")) == end
    assert onboarding.visibility_check_date(CourseSchedule(), "a") == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_weakness_69_dates_are_instants_whatever_the_sites_time_zone(user, outline, settings, zone):
    settings.TIME_ZONE = zone
    exam = rehearsal()
    outline.show(exam, start=EARLIER, due=LATER)
    with time_machine.travel(NOW, tick=False):
        assert onboarding.exam_link(COURSE_ID, user, is_learning_mfe=False) == address(exam)
        assert outline.asked[-1][2] == NOW
        outline.schedules[exam.content_id] = SequenceSchedule(due=EARLIER.astimezone(FAR_WEST))
        assert onboarding.exam_link(COURSE_ID, user, is_learning_mfe=False) == ""


def test_weakness_70_the_end_of_the_course_is_converted_not_relabelled(user, outline):
    exam = rehearsal()
    outline.hide(exam)
    # Read as if it were UTC, both would be eleven hours ago.
    outline.course_end = LATER.astimezone(FAR_WEST)
    assert chosen(user) is None
    outline.course_end = EARLIER.astimezone(FAR_WEST)
    assert chosen(user).opening is Opening.PAST_DUE


def test_the_link_of_an_open_exam(user, outline, settings):
    exam = rehearsal()
    outline.show(exam)
    assert link(user) == address(exam)
    settings.LEARNING_MICROFRONTEND_URL = "https://learning.example"
    mfe = onboarding.exam_link(COURSE_ID, user, is_learning_mfe=True, now=NOW)
    assert mfe == f"https://learning.example/course/{COURSE_ID}/{exam.content_id}"


def test_weakness_36_no_link_leads_to_an_exam_that_is_not_open(user, outline):
    exam = rehearsal()
    outline.hide(exam, start=LATER)
    assert link(user) == ""
    outline.hide(exam, due=EARLIER)
    assert link(user) == ""
    outline.show(exam, due=EARLIER)
    assert link(user) == ""
    older = exam
    newest = rehearsal()
    outline.hide(newest, start=LATER)
    outline.show(older, due=LATER)
    assert link(user) == address(older)


def test_no_link_without_onboarding(user, outline):
    assert link(user) == ""
    outline.show(rehearsal())
    newest = rehearsal(backend="plain")
    outline.show(newest)
    assert link(user) == ""


def test_an_unknown_vendor_is_refused(user):
    rehearsal(backend="gone")
    with pytest.raises(NotImplementedError):
        link(user)


def test_a_host_without_outlines_has_dates(user, lms):
    exam = rehearsal(due_date=LATER)
    assert link(user) == address(exam)
    lms.dates.due[user.pk] = EARLIER
    assert link(user) == ""
    assert chosen(user).opening is Opening.PAST_DUE


def test_who_offers_onboarding():
    for setup in (lambda: None, lambda: rehearsal(backend="plain"), lambda: rehearsal(backend="gone")):
        setup()
        with pytest.raises(ProctoredExamNotFoundException) as refusal:
            onboarding.offered_by(COURSE_ID)
        assert refusal.value.http_status == 404
    rehearsal(backend=None)
    assert onboarding.offered_by(COURSE_ID) == "watcher"
