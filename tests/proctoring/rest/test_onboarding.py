"""Onboarding over HTTP (contract rest.md §5.16, §5.17)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from django.urls import reverse
from rest_framework.test import APIClient

from demo.lms.models import Course, Enrollment
from proctoring.backends import provider_named
from proctoring.conf import ONBOARDING_PROFILE_INSTRUCTOR_DASHBOARD_API
from proctoring.models import VERIFICATION_DAYS_VALID
from proctoring.services.vendors import obscured_user_id
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Shown
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, UserFactory
from tests.proctoring.onboarding_fakes import (
    BACKENDS,
    NOW,
    OTHER_COURSE,
    Enrolled,
    FakeEnrollments,
    FakeOutline,
    registered,
    rehearsal,
)

pytestmark = pytest.mark.django_db

LEARNER = "/api/edx_proctoring/v1/user_onboarding/status"
COURSE = f"{LEARNER}/course_id/{COURSE_ID}"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = BACKENDS


@pytest.fixture
def vendor():
    provider = provider_named("profiling")
    provider.forget()
    yield provider
    provider.forget()
    provider.__dict__.pop("answer", None)


@pytest.fixture
def exam():
    return rehearsal(backend="profiling")


@pytest.fixture
def user():
    return UserFactory(username="ada")


@pytest.fixture
def outline():
    with registered("learning_sequences", FakeOutline()) as fake:
        yield fake


@pytest.fixture
def enrollments():
    with registered("enrollments", FakeEnrollments()) as fake:
        yield fake


@pytest.fixture
def staff(lms):
    user = UserFactory()
    lms.instructor.staff.add((user.pk, COURSE_ID))
    return user


def test_routes_are_those_of_the_contract():
    assert reverse("edx_proctoring:user_onboarding.status") == LEARNER
    assert reverse("edx_proctoring:user_onboarding.status.course", args=[COURSE_ID]) == COURSE


@pytest.mark.parametrize("address", [LEARNER, COURSE])
def test_nobody_in_particular_is_told_nothing(address):
    assert APIClient().get(address, {"course_id": COURSE_ID}).status_code == 403


class TestLearner:
    def ask(self, client, **query):
        return client.get(LEARNER, {"course_id": COURSE_ID} | query)

    def test_every_key(self, client_of, user, exam, outline, lms, query_budget):
        outline.show(exam, start=NOW - timedelta(days=3), due=NOW + timedelta(days=1))
        AttemptFactory(proctored_exam=exam, user=user, status=Status.verified)
        client = client_of(user)
        with query_budget("user_onboarding.status"):
            answer = self.ask(client)
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "onboarding_status": "verified",
                "onboarding_link": f"/courses/{COURSE_ID}/jump_to/{exam.content_id}",
                "expiration_date": "2027-03-02T09:00:00Z",
                "onboarding_past_due": False,
                "onboarding_release_date": "2026-02-27T09:00:00+00:00",
                "review_requirements_url": "https://vendor.example/requirements",
            },
        )
        assert timedelta(days=VERIFICATION_DAYS_VALID) == datetime(2027, 3, 2, 9, tzinfo=UTC) - NOW

    @pytest.mark.parametrize("yes", ["1", "true", "True"])
    def test_the_link_for_the_learning_front_end(self, client_of, user, exam, lms, settings, yes):
        settings.LEARNING_MICROFRONTEND_URL = "https://learning.example"
        answer = self.ask(client_of(user), is_learning_mfe=yes)
        assert answer.json()["onboarding_link"] == f"https://learning.example/course/{COURSE_ID}/{exam.content_id}"

    def test_nothing_begun_and_not_open_yet(self, client_of, user, exam, outline, lms):
        outline.hide(exam, start=(NOW + timedelta(days=1)).astimezone(timezone(timedelta(hours=5))))
        said = self.ask(client_of(user)).json()
        assert (said["onboarding_status"], said["expiration_date"], said["onboarding_link"]) == (None, None, None)
        assert not said["onboarding_past_due"]
        assert said["onboarding_release_date"] == "2026-03-03T09:00:00+00:00"

    def test_past_due_without_a_start_date(self, client_of, user, exam, outline, lms):
        outline.hide(exam, due=NOW - timedelta(days=1))
        answer = self.ask(client_of(user))
        assert answer.status_code == 200
        said = answer.json()
        assert (said["onboarding_past_due"], said["onboarding_link"]) == (True, None)
        assert said["onboarding_release_date"] is None

    def test_the_status_is_the_attempts_own(self, client_of, user, exam, lms):
        AttemptFactory(proctored_exam=exam, user=user, status=Status.second_review_required)
        assert self.ask(client_of(user)).json()["onboarding_status"] == "second_review_required"

    def test_another_learner_is_for_course_staff(self, client_of, user, exam, staff):
        AttemptFactory(proctored_exam=exam, user=user, status=Status.submitted)
        assert self.ask(client_of(staff), username="ada").json()["onboarding_status"] == "submitted"
        assert self.ask(client_of(UserFactory(staff=True)), username="ada").status_code == 200
        assert self.ask(client_of(user), username="ada").status_code == 200
        for name in ("ada", "nobody"):
            refused = self.ask(client_of(UserFactory()), username=name)
            assert (refused.status_code, list(refused.json())) == (403, ["detail"])

    def test_staff_of_another_course_are_not_staff_of_this_one(self, client_of, user, staff):
        rehearsal(course_id=OTHER_COURSE)
        answer = client_of(staff).get(LEARNER, {"course_id": OTHER_COURSE, "username": "ada"})
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        "query",
        [
            {"course_id": ""},
            {"course_id": "x" * 256},
            {"course_id": "a\0b"},
            {"username": "nobody"},
            {"username": "a\0b"},
            {"username": "x" * 256},
        ],
    )
    def test_what_cannot_be_meant_is_400(self, client_of, exam, staff, query):
        answer = self.ask(client_of(staff), **query)
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    def test_no_course_is_400(self, client_of, user):
        answer = client_of(user).get(LEARNER)
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    @pytest.mark.parametrize("exams", [[], [{"backend": "plain"}], [{"backend": "gone"}], [{"is_active": False}]])
    def test_a_course_without_onboarding_is_404(self, client_of, user, exams):
        for fields in exams:
            rehearsal(**fields)
        answer = self.ask(client_of(user))
        assert (answer.status_code, list(answer.json())) == (404, ["detail"])

    def test_exams_that_the_learner_cannot_open_are_404(self, client_of, user, exam, outline):
        answer = self.ask(client_of(user))
        assert (answer.status_code, list(answer.json())) == (404, ["detail"])

    def test_the_vendors_word(self, client_of, user, exam, vendor, lms, settings):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"USE_ONBOARDING_PROFILE_API": True}
        vendor.answer = {"status": "approved-in-different-course", "expiration_date": "2026-12-24"}
        said = self.ask(client_of(user)).json()
        assert (said["onboarding_status"], said["expiration_date"]) == ("other_course_approved", "2026-12-24")
        AttemptFactory(proctored_exam=exam, user=user, status=Status.submitted)
        vendor.fail_with = OSError("away")
        answer = self.ask(client_of(user))
        assert (answer.status_code, answer.json()["onboarding_status"]) == (200, "submitted")

    def test_a_vendor_that_keeps_no_profiles_is_404_and_a_bare_text(self, client_of, user, lms, settings):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"USE_ONBOARDING_PROFILE_API": True}
        rehearsal()
        answer = self.ask(client_of(user))
        assert answer.status_code == 404
        assert isinstance(answer.json(), str)

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_other_methods_are_405(self, client_of, user, method):
        assert getattr(client_of(user), method)(LEARNER).status_code == 405


class TestCourse:
    @pytest.fixture
    def people(self, enrollments):
        users = [UserFactory(username=f"learner_{number:02}") for number in range(60)]
        enrollments.enrolled = [Enrolled(user) for user in users]
        return users

    def ask(self, client_of, staff, **query):
        return client_of(staff).get(COURSE, query)

    def names(self, answer):
        return [row["username"] for row in answer.json()["results"]]

    def test_the_envelope(self, client_of, staff, exam, people):
        AttemptFactory(proctored_exam=exam, user=people[0], status=Status.submitted)
        said = self.ask(client_of, staff).json()
        rows = said.pop("results")
        assert said == {
            "count": 60,
            "num_pages": 3,
            "next": f"{COURSE}?page=2",
            "previous": None,
            "use_onboarding_profile_api": False,
        }
        assert len(rows) == 25
        assert rows[0] == {
            "username": "learner_00",
            "enrollment_mode": "verified",
            "status": "submitted",
            "modified": "2026-03-02T09:00:00Z",
        }
        assert rows[1] == rows[0] | {"username": "learner_01", "status": "not_started", "modified": None}

    def test_nobody_is_enrolled(self, client_of, staff, exam, enrollments):
        said = self.ask(client_of, staff).json()
        assert (said["results"], said["count"], said["num_pages"]) == ([], 0, 1)
        assert (said["next"], said["previous"]) == (None, None)

    @pytest.mark.parametrize(
        ("page", "first", "previous", "next_"),
        [
            ("2", "learner_25", 1, 3),
            ("3", "learner_50", 2, None),
            ("99", "learner_50", 2, None),
            ("-1", "learner_50", 2, None),
            ("x", "learner_00", None, 2),
            ("", "learner_00", None, 2),
            ("9" * 5000, "learner_00", None, 2),
        ],
    )
    def test_pages_are_clamped(self, client_of, staff, exam, people, page, first, previous, next_):
        answer = self.ask(client_of, staff, page=page)
        assert self.names(answer)[0] == first
        said = answer.json()
        assert said["previous"] == (f"{COURSE}?page={previous}" if previous else None)
        assert said["next"] == (f"{COURSE}?page={next_}" if next_ else None)

    def test_the_paths_keep_search_and_statuses(self, client_of, staff, exam, people, enrollments):
        said = self.ask(client_of, staff, text_search="learner_", statuses="not_started,submitted", page="2").json()
        kept = "text_search=learner_&statuses=not_started%2Csubmitted"
        assert (said["previous"], said["next"]) == (f"{COURSE}?{kept}&page=1", f"{COURSE}?{kept}&page=3")
        assert enrollments.asked == [(COURSE_ID, "learner_")]
        again = client_of(staff).get(said["next"])
        assert self.names(again)[0] == "learner_50"

    def test_a_search(self, client_of, staff, exam, people):
        assert self.names(self.ask(client_of, staff, text_search="_07")) == ["learner_07"]

    def test_statuses_filter_what_is_counted(self, client_of, staff, exam, people):
        for user in people[40:45]:
            AttemptFactory(proctored_exam=exam, user=user, status=Status.rejected)
        answer = self.ask(client_of, staff, statuses="rejected,verified")
        assert self.names(answer) == [user.username for user in people[40:45]]
        assert answer.json()["count"] == 5

    @pytest.mark.parametrize("query", [{"statuses": "typo"}, {"statuses": "verified,x"}, {"text_search": "a\0"}])
    def test_what_cannot_be_meant_is_400(self, client_of, staff, exam, people, query):
        answer = self.ask(client_of, staff, **query)
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    def test_staff_of_the_course_only(self, client_of, staff, exam, enrollments, user):
        assert self.ask(client_of, UserFactory(staff=True)).status_code == 200
        refused = self.ask(client_of, user)
        assert (refused.status_code, list(refused.json())) == (403, ["detail"])
        other = f"{LEARNER}/course_id/{OTHER_COURSE}"
        assert client_of(staff).get(other).status_code == 403
        # What a body says is not asked.
        assert client_of(staff).generic("GET", other, f'{{"course_id": "{COURSE_ID}"}}').status_code == 403

    @pytest.mark.parametrize("backend", [None, "plain", "gone"])
    def test_a_course_without_onboarding_is_404(self, client_of, staff, enrollments, backend):
        if backend:
            rehearsal(backend=backend)
        answer = self.ask(client_of, staff)
        assert (answer.status_code, list(answer.json())) == (404, ["detail"])

    @pytest.mark.parametrize("query", [{}, {"statuses": "submitted,not_started"}, {"page": "3"}])
    def test_weakness_p3_a_page_costs_the_same_however_long_the_list(
        self, client_of, staff, exam, people, query_budget, query
    ):
        for user in people:
            AttemptFactory(proctored_exam=exam, user=user, status=Status.submitted)
        client = client_of(staff)
        with query_budget("user_onboarding.status.course"):
            assert client.get(COURSE, query).json()["count"] == 60

    @pytest.mark.parametrize("select_related", [(), ("user",)])
    def test_weakness_p3_hosts_may_leave_the_list_to_the_database(
        self, client_of, staff, exam, query_budget, select_related
    ):
        course = Course.objects.create(course_id=COURSE_ID, display_name="Course")
        for number in range(60):
            Enrollment.objects.create(user=UserFactory(username=f"l{number:02}"), course=course, mode="verified")

        class Lazy:
            def get_enrollments_can_take_proctored_exams(self, course_id, text_search):
                return Enrollment.objects.filter(course__course_id=course_id).select_related(*select_related)

        client = client_of(staff)
        with registered("enrollments", Lazy()):
            with query_budget("user_onboarding.status.course"):
                answer = client.get(COURSE, {"page": 2})
            assert (self.names(answer)[0], answer.json()["count"]) == ("l25", 60)
            with query_budget("user_onboarding.status.course"):
                assert client.get(COURSE, {"statuses": "not_started"}).json()["count"] == 60


class TestCourseByVendor:
    @pytest.fixture(autouse=True)
    def _on(self, lms):
        lms.switches.on.add(ONBOARDING_PROFILE_INSTRUCTOR_DASHBOARD_API)

    @pytest.fixture
    def people(self, enrollments):
        users = [UserFactory(username=name) for name in ("ann", "bob", "cleo")]
        enrollments.enrolled = [Enrolled(user) for user in users]
        return users

    def answer(self, vendor, *entries):
        vendor.answer = {
            "results": [{"user_id": obscured_user_id(user.pk, "profiling"), "status": said} for user, said in entries]
        }

    def test_the_vendors_statuses_with_our_times(self, client_of, staff, exam, vendor, people):
        AttemptFactory(proctored_exam=exam, user=people[2], status=Status.started)
        self.answer(vendor, (people[2], "pending"))
        said = client_of(staff).get(COURSE).json()
        assert said["use_onboarding_profile_api"] is True
        assert [(row["username"], row["status"], row["modified"]) for row in said["results"]] == [
            ("cleo", "submitted", "2026-03-02T09:00:00Z"),
            ("ann", "not_started", None),
            ("bob", "not_started", None),
        ]

    def test_a_filter(self, client_of, staff, exam, vendor, people):
        self.answer(vendor, (people[0], "rejected"))
        said = client_of(staff).get(COURSE, {"statuses": "rejected"}).json()
        assert [row["username"] for row in said["results"]] == ["ann"]

    @pytest.mark.parametrize(
        "status", [Shown.setup_started, Shown.onboarding_started, Shown.error, Shown.onboarding_reset_past_due, "typo"]
    )
    def test_statuses_that_vendors_do_not_tell_apart_are_400(self, client_of, staff, exam, vendor, people, status):
        answer = client_of(staff).get(COURSE, {"statuses": f"verified,{status}"})
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    def test_a_vendor_that_does_not_answer_is_503(self, client_of, staff, exam, vendor, people):
        vendor.fail_with = OSError("secret")
        answer = client_of(staff).get(COURSE)
        assert (answer.status_code, list(answer.json())) == (503, ["detail"])
        assert "secret" not in answer.content.decode()

    def test_a_vendor_that_keeps_no_profiles_is_404(self, client_of, staff, people):
        rehearsal()
        answer = client_of(staff).get(COURSE)
        assert (answer.status_code, list(answer.json())) == (404, ["detail"])

    def test_a_page_costs_the_same_however_long_the_list(
        self, client_of, staff, exam, vendor, enrollments, query_budget
    ):
        users = UserFactory.create_batch(60)
        enrollments.enrolled = [Enrolled(user) for user in users]
        for user in users:
            AttemptFactory(proctored_exam=exam, user=user, status=Status.submitted)
        self.answer(vendor, *((user, "pending") for user in users))
        client = client_of(staff)
        with query_budget("user_onboarding.status.course"):
            assert client.get(COURSE).json()["count"] == 60
