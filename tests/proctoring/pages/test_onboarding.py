"""The onboarding of a course's learners, for its staff."""

import pytest
from django.urls import reverse

from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, UserFactory
from tests.proctoring.onboarding_fakes import BACKENDS, Enrolled, FakeEnrollments, registered, rehearsal

pytestmark = pytest.mark.django_db
PAGE = reverse("edx_proctoring:pages.onboarding", args=[COURSE_ID])


@pytest.fixture(autouse=True)
def staff(client, lms, settings):
    settings.PROCTORING_BACKENDS = BACKENDS
    someone = UserFactory()
    lms.instructor.staff.add((someone.pk, COURSE_ID))
    client.force_login(someone)
    return someone


@pytest.fixture
def people():
    """Thirty learners; the second has handed in."""
    exam = rehearsal()
    users = [UserFactory(username=f"person{number:02}") for number in range(30)]
    AttemptFactory(proctored_exam=exam, user=users[1], status=Status.submitted)
    with registered("enrollments", FakeEnrollments([Enrolled(user) for user in users])):
        yield users


def shown(client, query=""):
    return [(row.username, row.status) for row in client.get(f"{PAGE}{query}").context["rows"]]


def test_everybody_who_may_take_proctored_exams_a_page_at_a_time(client, people):
    first = client.get(PAGE).context
    assert shown(client)[:2] == [("person00", "not_started"), ("person01", "submitted")]
    assert len(first["rows"]) == 25
    assert len(shown(client, first["next_url"])) == 5


def test_found_by_name_and_by_status(client, people):
    assert shown(client, "?status=submitted") == [("person01", "submitted")]
    assert shown(client, "?q=person07") == [("person07", "not_started")]
    assert "No learner fits" in client.get(f"{PAGE}?q=nobody").content.decode()


@pytest.mark.parametrize("query", ["?status=nothing", "?page=x", "?q=%00", "?page=99999999999999999999"])
def test_what_makes_no_sense_is_as_if_it_were_not_there(client, people, query):
    assert shown(client, query)


def test_a_course_without_onboarding_says_so(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert answer.context["refusal"]
    assert str(answer.context["refusal"]) in answer.content.decode()


@pytest.mark.parametrize("known", [1, 20])
def test_as_many_statements_at_any_size(client, people, query_budget, known):
    exam = rehearsal()
    for user in people[:known]:
        AttemptFactory(proctored_exam=exam, user=user)
    with query_budget("pages.onboarding"):
        client.get(PAGE)
