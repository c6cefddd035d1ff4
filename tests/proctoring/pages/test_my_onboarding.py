"""The learner's onboarding panel: what it says of each standing, what it offers, who may look."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from proctoring.models import VERIFICATION_DAYS_VALID
from proctoring.pages.my_onboarding import Standing
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, UserFactory
from tests.proctoring.onboarding_fakes import BACKENDS, NOW, OTHER_COURSE, FakeOutline, registered, rehearsal

pytestmark = pytest.mark.django_db

PANEL = reverse("edx_proctoring:pages.my_onboarding", args=[COURSE_ID])
HTMX = {"HX-Request": "true"}
VALID = timedelta(days=VERIFICATION_DAYS_VALID)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = BACKENDS


@pytest.fixture
def learner(client):
    someone = UserFactory(username="ada")
    client.force_login(someone)
    return someone


@pytest.fixture
def exam():
    return rehearsal()


@pytest.fixture
def outline():
    with registered("learning_sequences", FakeOutline()) as fake:
        yield fake


def made(learner, exam, status, age=timedelta()):
    with time_machine.travel(NOW - age, tick=False):
        return AttemptFactory(user=learner, proctored_exam=exam, status=status)


def shown(client, **query):
    answer = client.get(PANEL, query, headers=HTMX)
    assert answer.status_code == 200
    return answer.context["panel"], " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("status", "standing", "tone", "says", "offers"),
    [
        (None, Standing.NOT_STARTED, "bad", "not started", "Go to the onboarding exam"),
        (Status.created, Standing.NOT_STARTED, "bad", "not started", "Go to the onboarding exam"),
        (Status.ready_to_start, Standing.NOT_STARTED, "bad", "not started", "Go to the onboarding exam"),
        (Status.onboarding_reset, Standing.NOT_STARTED, "bad", "not started", "Go to the onboarding exam"),
        (Status.started, Standing.STARTED, "bad", "started, not handed in", "Go on with the onboarding exam"),
        (Status.ready_to_submit, Standing.STARTED, "bad", "started, not handed in", "Go on with the onboarding exam"),
        (Status.submitted, Standing.SUBMITTED, "wait", "handed in, being reviewed", ""),
        (Status.second_review_required, Standing.SUBMITTED, "wait", "handed in, being reviewed", ""),
        (Status.verified, Standing.VERIFIED, "good", "accepted", ""),
        (Status.rejected, Standing.REJECTED, "bad", "not accepted", "Take the onboarding exam again"),
        (Status.error, Standing.ERROR, "bad", "interrupted", "Take the onboarding exam again"),
    ],
)
def test_every_standing_has_words_and_what_to_do(client, learner, exam, status, standing, tone, says, offers):
    if status is not None:
        made(learner, exam, status)
    panel, html = shown(client)
    assert (panel.standing, panel.tone) == (standing, tone)
    assert f"Status: {says}" in html
    address = f'href="/courses/{COURSE_ID}/jump_to/{exam.content_id}"'
    assert (address in html) is bool(offers)
    assert offers in html


@pytest.mark.parametrize(
    ("age", "standing", "says"),
    [
        (VALID - timedelta(days=29), Standing.VERIFIED, "counts until"),
        (VALID - timedelta(days=28), Standing.EXPIRES_SOON, "counts until"),
        (VALID - timedelta(seconds=1), Standing.EXPIRES_SOON, "counts until"),
        (VALID, Standing.EXPIRED, "counted until"),
    ],
)
def test_an_approval_that_ends_says_so_and_can_be_renewed(client, learner, exam, age, standing, says):
    made(learner, exam, Status.verified, age)
    panel, html = shown(client)
    assert panel.standing is standing
    assert says in html
    assert ("Take the onboarding exam again" in html) is (standing is not Standing.VERIFIED)


@pytest.mark.parametrize(
    ("renewal", "standing"),
    [
        (Status.created, Standing.EXPIRED),
        (Status.started, Standing.STARTED),
        (Status.submitted, Standing.SUBMITTED),
        (Status.rejected, Standing.REJECTED),
        (Status.verified, Standing.VERIFIED),
    ],
)
def test_a_renewal_is_told_instead_of_what_it_renews(client, learner, exam, renewal, standing):
    made(learner, exam, Status.verified, VALID + timedelta(days=1))
    made(learner, exam, renewal)
    panel, _html = shown(client)
    assert panel.standing is standing


def test_an_approval_of_another_course_counts_and_the_exam_is_there_all_the_same(client, learner, exam):
    made(learner, rehearsal(course_id=OTHER_COURSE), Status.verified)
    panel, html = shown(client)
    assert (panel.standing, panel.tone) == (Standing.APPROVED_ELSEWHERE, "good")
    assert "another computer" in html
    assert "See the onboarding exam" in html


@pytest.mark.parametrize(
    ("start", "due", "says"),
    [
        (timedelta(days=3), timedelta(days=9), "opens on March 5, 2026, 2:30 p.m. IST"),
        (timedelta(days=-9), timedelta(days=-3), "past its due date"),
    ],
)
def test_an_exam_that_is_not_open_is_explained_and_not_linked(client, learner, exam, outline, lms, start, due, says):
    lms.preferences.time_zones[learner.pk] = "Asia/Kolkata"
    outline.hide(exam, start=NOW + start, due=NOW + due)
    _panel, html = shown(client)
    assert says in html
    assert "jump_to" not in html


def test_the_vendors_requirements_are_linked_or_the_sites(client, learner, exam):
    assert "help/#computer" in shown(client)[1]
    rehearsal(backend="profiling")
    assert "https://vendor.example/requirements" in shown(client)[1]


def test_the_panel_is_a_part_for_htmx_and_a_page_by_itself(client, learner, exam, query_budget):
    with query_budget("pages.my_onboarding"):
        part = client.get(PANEL, headers=HTMX).content.decode()
    page = client.get(PANEL).content.decode()
    assert "<html" not in part
    assert "<h1" in page
    assert "Status: not started" in page


class TestWhoMayLook:
    @pytest.fixture
    def other(self, exam):
        other = UserFactory(username="<b>bob</b>")
        made(other, exam, Status.rejected)
        return other

    def test_staff_of_the_course_see_a_learners_and_are_not_sent_to_the_exam(self, client, learner, other, lms):
        lms.instructor.staff.add((learner.pk, COURSE_ID))
        panel, html = shown(client, username=other.username)
        assert panel.standing is Standing.REJECTED
        assert "<a class=" not in html
        assert "bob" not in html

    @pytest.mark.parametrize("username", ["<b>bob</b>", "nobody", "a\0b"])
    def test_others_see_nothing_whoever_it_is(self, client, learner, other, username):
        assert client.get(PANEL, {"username": username}).status_code == 404
        answer = client.get(PANEL, {"username": username}, headers=HTMX)
        assert (answer.status_code, answer.content) == (204, b"")

    def test_their_own_name_is_no_secret(self, client, learner, exam):
        assert shown(client, username="ada")[0].is_own

    def test_strangers_sign_in_and_no_sign_in_page_is_put_into_a_page(self, client, exam):
        assert client.get(PANEL).headers["Location"].startswith("/accounts/login/")
        assert client.get(PANEL, headers=HTMX).status_code == 204


def test_nothing_is_there_without_onboarding(client, learner):
    assert client.get(PANEL).status_code == 404
    assert client.get(PANEL, headers=HTMX).status_code == 204
