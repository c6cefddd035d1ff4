"""What the learning front end shows around an exam."""

import pytest
import requests
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.backends import provider_named
from proctoring.common.http import VendorTimeout
from tests.factories import COURSE_ID, ExamFactory, ReviewPolicyFactory, UserFactory
from tests.fakes import WatchingBackend
from tests.proctoring.screen_fakes import EVERYBODY

pytestmark = pytest.mark.django_db
SESSIONS = "django.contrib.auth.backends.ModelBackend"
BACKEND = "tests.proctoring.rest.test_policies.TalkingBackend"
ROUTES = ["proctoring_settings", "review_policy"]


class TalkingBackend(WatchingBackend):
    """A vendor with a document about itself."""

    tech_support_email = "help@vendor.example"
    tech_support_phone = "+1 555 0100"
    learner_notification_from_email = "results@vendor.example"
    document = {"name": "Talker", "download_url": "https://vendor.example/get", "rules": {}, "instructions": ["Go."]}

    def get_proctoring_config(self):
        self._called("config")
        return self.document


@pytest.fixture
def talker(settings):
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "talker",
        "talker": {"class": BACKEND, "verbose_name": "Talker", "integration_specific_email": "we@vendor.example"},
    }
    backend = provider_named("talker")
    backend.forget()
    return backend


@pytest.fixture
def learner(client_of, settings):
    settings.AUTHENTICATION_BACKENDS = [SESSIONS, EVERYBODY]
    return client_of(UserFactory())


def url(name, exam_id):
    return reverse(f"edx_proctoring:proctored_exam.{name}", args=[exam_id])


def settings_of(exam_id):
    return url("proctoring_settings", exam_id)


def policy_of(exam_id):
    return url("review_policy", exam_id)


def test_routes_are_those_of_the_contract():
    start = "/api/edx_proctoring/v1/proctored_exam"
    assert settings_of(7) == f"{start}/settings/exam_id/7/"
    assert policy_of(7) == f"{start}/review_policy/exam_id/7/"


@pytest.mark.parametrize("route", ROUTES)
class TestReaders:
    def test_weakness_s13_staff_read_everything_and_learners_what_they_may_take(self, client_of, settings, lms, route):
        settings.AUTHENTICATION_BACKENDS = [SESSIONS]
        staff, stranger = UserFactory(), UserFactory()
        lms.instructor.staff.add((staff.pk, COURSE_ID))
        for exam, for_staff, for_stranger in [
            (ExamFactory(timed=True), 200, 200),
            (ExamFactory(backend="watcher"), 200, 403),
            (ExamFactory(timed=True, is_active=False), 200, 403),
            (ExamFactory(course_id="course-v1:Other+C+1"), 403, 403),
        ]:
            assert client_of(staff).get(url(route, exam.pk)).status_code == for_staff
            assert client_of(stranger).get(url(route, exam.pk)).status_code == for_stranger
            assert APIClient().get(url(route, exam.pk)).status_code == 403

    def test_other_methods_are_405(self, learner, route):
        for method in (learner.post, learner.put, learner.patch, learner.delete):
            assert method(url(route, ExamFactory().pk)).status_code == 405

    def test_the_slash_belongs_to_it(self, learner, route):
        answer = learner.get(url(route, 7).rstrip("/"))
        assert (answer.status_code, answer["Location"]) == (301, url(route, 7))


class TestSettings:
    def test_of_a_timed_exam(self, learner, settings):
        settings.PLATFORM_NAME, settings.CONTACT_EMAIL = "Platform", "contact@example.com"
        settings.PROCTORING_SETTINGS = {"LINK_URLS": {"faq": "https://faq.example"}}
        assert learner.get(settings_of(ExamFactory(timed=True).pk)).json() == {
            "platform_name": "Platform",
            "contact_us": "contact@example.com",
            "link_urls": {"faq": "https://faq.example"},
            "exam_proctoring_backend": {},
        }

    @pytest.mark.parametrize("backend", ["talker", None])
    def test_of_a_proctored_exam(self, learner, lms, settings, talker, backend, query_budget):
        settings.PROCTORING_SETTINGS = {}
        lms.instructor.escalation_email = "team@example.com"
        exam = ExamFactory(backend=backend)
        with query_budget("proctored_exam.proctoring_settings"):
            answer = learner.get(settings_of(exam.pk))
        found = answer.json()
        assert answer.status_code == 200
        assert (found.pop("platform_name"), found.pop("contact_us")) == (
            settings.PLATFORM_NAME,
            settings.CONTACT_EMAIL,
        )
        assert found == {
            "link_urls": None,
            "exam_proctoring_backend": TalkingBackend.document,
            "provider_tech_support_email": "help@vendor.example",
            "provider_tech_support_phone": "+1 555 0100",
            "provider_name": "Talker",
            "learner_notification_from_email": "results@vendor.example",
            "integration_specific_email": "we@vendor.example",
            "proctoring_escalation_email": "team@example.com",
        }

    def test_of_a_vendor_without_a_document(self, learner, lms):
        found = learner.get(settings_of(ExamFactory(backend="watcher").pk)).json()
        assert (found["exam_proctoring_backend"], found["proctoring_escalation_email"]) == (None, None)

    @pytest.mark.parametrize(
        "failure",
        [
            VendorTimeout("talker"),
            requests.ConnectionError("secret"),
            ValueError("no JSON: secret"),
            KeyError("secret"),
        ],
        ids=repr,
    )
    def test_a_vendor_that_is_away_leaves_the_rest(self, learner, lms, talker, failure, caplog):
        lms.instructor.escalation_email = "team@example.com"
        talker.fail_with = failure
        answer = learner.get(settings_of(ExamFactory(backend="talker").pk))
        found = answer.json()
        assert (answer.status_code, found["exam_proctoring_backend"]) == (200, {})
        assert found["provider_tech_support_email"] == "help@vendor.example"
        assert found["proctoring_escalation_email"] == "team@example.com"
        assert "secret" not in caplog.text + answer.content.decode()

    def test_a_vendor_that_is_not_configured_is_500_and_names_none(self, learner, talker):
        answer = learner.get(settings_of(ExamFactory(backend="gone").pk))
        assert (answer.status_code, list(answer.json())) == (500, ["detail"])
        assert not {"gone", "talker"} & set(answer.json()["detail"].lower().split())

    @pytest.mark.parametrize("exam_id", [0, 999_999, 10**30])
    def test_of_an_exam_nobody_knows(self, learner, exam_id):
        answer = learner.get(settings_of(exam_id))
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])


class TestReviewPolicy:
    def test_what_the_reviewers_are_told(self, learner, query_budget):
        policy = ReviewPolicyFactory(review_policy="Closed book")
        with query_budget("proctored_exam.review_policy"):
            answer = learner.get(policy_of(policy.proctored_exam_id))
        assert (answer.status_code, answer.json()) == (200, {"review_policy": "Closed book"})

    def test_nothing_of_an_exam_without_one(self, learner):
        answer = learner.get(policy_of(ExamFactory().pk))
        assert (answer.status_code, answer.json()) == (200, {"review_policy": None})

    @pytest.mark.parametrize("exam_id", [0, 999_999, 10**30])
    def test_nothing_of_an_exam_nobody_knows(self, learner, exam_id):
        answer = learner.get(policy_of(exam_id))
        assert (answer.status_code, answer.json()) == (200, {"review_policy": None})

    def test_weakness_42_of_several_the_newest_counts(self, learner):
        older = ReviewPolicyFactory(review_policy="Older")
        ReviewPolicyFactory(proctored_exam=older.proctored_exam, review_policy="Newer")
        assert learner.get(policy_of(older.proctored_exam_id)).json() == {"review_policy": "Newer"}
