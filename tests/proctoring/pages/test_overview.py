"""The overview of a course: its exams at once, figures of its attempts afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.pages.instructor.overview import HEIGHT, WIDTH
from proctoring.services.course_figures import STATE_OF, STATES
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
OVERVIEW = reverse("edx_proctoring:pages.overview", args=[COURSE_ID])
FIGURES = reverse("edx_proctoring:pages.figures", args=[COURSE_ID])


@pytest.fixture
def staff(client, lms):
    someone = UserFactory()
    lms.instructor.staff.add((someone.pk, COURSE_ID))
    client.force_login(someone)
    return someone


def test_every_status_has_one_state():
    assert set(STATE_OF) == set(Status)
    assert sum(len(state.statuses) for state in STATES) == len(Status)


def test_the_exams_are_shown_with_what_matters(client, staff):
    ExamFactory(exam_name="Midterm <b>", backend="gone")
    ExamFactory(timed=True, exam_name="Quiz", is_active=False, time_limit_mins=1)
    page = client.get(OVERVIEW).content.decode()
    assert "Midterm &lt;b&gt;" in page
    assert "gone" in page
    assert "not active" in page
    assert "1 minute\n" in page


def test_a_vendor_that_is_gone_is_missed_once(client, staff, caplog):
    for _ in range(3):
        ExamFactory(backend="gone")
    page = client.get(OVERVIEW)
    assert page.content.decode().count("<bdi>gone</bdi>") == 3
    assert caplog.text.count("The vendor of an exam is not configured") == 1


@pytest.mark.parametrize(("fields", "is_there"), [({}, True), ({"is_active": False}, False), ({"timed": True}, False)])
def test_the_vendors_dashboard_is_offered_for_active_proctored_exams(client, staff, settings, fields, is_there):
    backend = settings.PROCTORING_BACKENDS["watcher"] | {"has_dashboard": True}
    settings.PROCTORING_BACKENDS = settings.PROCTORING_BACKENDS | {"watcher": backend}
    ExamFactory(backend="watcher", **fields)
    assert ("own dashboard" in client.get(OVERVIEW).content.decode()) is is_there


def test_a_course_without_exams_says_so(client, staff):
    assert "no special exams" in client.get(OVERVIEW).content.decode()


@time_machine.travel(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), tick=False)
def test_attempts_are_counted_by_the_viewers_day_and_by_state(client, staff, lms):
    lms.preferences.time_zones[staff.pk] = "Asia/Tokyo"
    exam = ExamFactory()
    for status in (Status.verified, Status.verified, Status.error):
        AttemptFactory(proctored_exam=exam, status=status)
    old = AttemptFactory(proctored_exam=exam, status=Status.rejected)
    ProctoredExamStudentAttempt.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(hours=9))
    days = client.get(FIGURES).context["days"]
    assert len(days) == 30
    assert (str(days[-1].day), days[-1].counts) == ("2026-03-03", {"passed": 2, "error": 1})
    assert days[-2].counts == {"failed": 1}


def test_columns_stay_within_the_chart(client, staff):
    for status in Status:
        AttemptFactory(status=status)
    bars = client.get(FIGURES).context["bars"]
    assert sum(bar.number for bar in bars) == len(Status)
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH and bar.y >= -0.01 for bar in bars)
    assert round(sum(bar.height for bar in bars)) == HEIGHT


def test_attempts_of_other_courses_are_not_counted(client, staff):
    AttemptFactory(proctored_exam__course_id="course-v1:Other+COURSE+2026")
    assert "No attempt was begun" in client.get(FIGURES).content.decode()


@pytest.mark.parametrize("rows", [1, 20])
def test_as_many_statements_at_any_size(client, staff, query_budget, rows):
    for _ in range(rows):
        AttemptFactory()
    with query_budget("pages.overview"):
        client.get(OVERVIEW)
    with query_budget("pages.figures"):
        client.get(FIGURES)
