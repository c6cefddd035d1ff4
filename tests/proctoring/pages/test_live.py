"""The board of running sessions."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from proctoring.services import live, presence
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
LIVE = reverse("edx_proctoring:pages.live", args=[COURSE_ID])


@pytest.fixture
def staff(client, lms):
    someone = UserFactory()
    lms.instructor.staff.add((someone.pk, COURSE_ID))
    client.force_login(someone)
    return someone


def running(minutes_left, **fields):
    now = timezone.now()
    fields = {"status": Status.started, "allowed_time_limit_mins": 90} | fields
    times = {"started_at": now - timedelta(minutes=60), "deadline_at": now + timedelta(minutes=minutes_left)}
    return AttemptFactory(**fields, **times)


def sessions(client):
    return client.get(LIVE).context["board"].sessions


def test_only_running_attempts_of_the_course_those_that_end_first_on_top(client, staff):
    late, soon = running(80), running(20)
    AttemptFactory(submitted=True)
    running(30, proctored_exam__course_id="course-v1:Other+COURSE+2026")
    assert [session.attempt for session in sessions(client)] == [soon, late]


@pytest.mark.parametrize(
    ("minutes", "low", "over"), [(60, False, False), (18, True, False), (1, True, False), (-1, False, True)]
)
def test_little_time_is_marked(client, staff, minutes, low, over):
    running(minutes)
    [session] = sessions(client)
    assert (session.is_low, session.is_over) == (low, over)


def test_handing_in_is_marked(client, staff):
    running(30, status=Status.ready_to_submit)
    assert "About to hand in" in client.get(LIVE).content.decode()


def test_a_page_that_asks_for_its_attempt_is_heard_of(client, client_of, staff):
    attempt = running(30)
    [session] = sessions(client)
    assert session.seen_at is None
    client_of(attempt.user).get(reverse("edx_proctoring:proctored_exam.attempt", args=[attempt.pk]))
    [session] = sessions(client)
    assert session.seen_at is not None
    assert not session.is_silent


def test_a_page_that_has_gone_silent_is_marked(client, staff):
    attempt = running(30)
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        presence.seen(attempt.pk)
    [session] = sessions(client)
    assert session.is_silent


def test_htmx_gets_the_board_alone(client, staff):
    assert "<html" not in client.get(LIVE, headers={"HX-Request": "true"}).content.decode()


def test_more_sessions_than_fit_are_said_to_be_there(client, staff):
    exam = ExamFactory()
    made = [running(30 + number, proctored_exam=exam) for number in range(live.PAGE_SIZE + 1)]
    first = client.get(LIVE)
    assert [session.attempt for session in first.context["board"].sessions] == made[:-1]
    assert "more sessions than fit" in first.content.decode()
    second = client.get(f"{LIVE}{first.context['next_url']}")
    assert [session.attempt for session in second.context["board"].sessions] == made[-1:]
    assert second.context["next_url"] == ""
    # It refreshes itself where it is.
    assert f'hx-get="{LIVE}?page=2"' in second.content.decode()
    assert f'href="{second.context["previous_url"]}"' in second.content.decode()


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "²", "9" * 5000])
def test_a_page_that_is_none_is_the_first(client, staff, page):
    attempt = running(30)
    assert [session.attempt for session in client.get(LIVE, {"page": page}).context["board"].sessions] == [attempt]


def test_each_session_names_its_learner_and_its_exam(client, staff):
    running(30, user__username="ada", proctored_exam__exam_name="<b>Final")
    page = client.get(LIVE).content.decode()
    assert "<bdi>ada</bdi>" in page
    assert "&lt;b&gt;Final" in page


@pytest.mark.parametrize("rows", [1, 20])
def test_as_many_statements_at_any_size(client, staff, query_budget, rows):
    for _ in range(rows):
        running(30)
    with query_budget("pages.live"):
        client.get(LIVE)
