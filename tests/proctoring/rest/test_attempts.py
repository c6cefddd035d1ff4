"""A learner's attempts over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from proctoring.exceptions import BackendProviderCannotRegisterAttempt
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt

ELSEWHERE = "course-v1:Test+OTHER+2026"
FAR = timezone.now() + timedelta(days=9999)
# The timer payload of every exam (contract rest.md §3.5).
TIMER = {
    "in_timed_exam",
    "taking_as_proctored",
    "exam_type",
    "exam_display_name",
    "exam_url_path",
    "time_remaining_seconds",
    "total_time",
    "low_threshold_sec",
    "critically_low_threshold_sec",
    "course_id",
    "attempt_id",
    "external_id",
    "accessibility_time_string",
    "attempt_status",
    "exam_started_poll_url",
    "attempt_ready_to_resume",
    "use_legacy_attempt_api",
    "desktop_application_js_url",
}


@pytest.fixture(autouse=True)
def _everybody_may(settings):
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "tests.proctoring.screen_fakes.EverybodyMay"]


@pytest.fixture
def learner():
    return UserFactory()


@pytest.fixture
def client(client_of, learner):
    return client_of(learner)


def collection():
    return reverse("edx_proctoring:proctored_exam.attempt.collection")


def item(attempt_id):
    return reverse("edx_proctoring:proctored_exam.attempt", args=[attempt_id])


class TestCreate:
    def test_routes_are_those_of_the_contract(self):
        assert collection() == "/api/edx_proctoring/v1/proctored_exam/attempt"
        assert item(7) == "/api/edx_proctoring/v1/proctored_exam/attempt/7"

    @pytest.mark.parametrize("yes", [True, "true", "True"])
    @pytest.mark.parametrize("format", ["json", "multipart"])
    def test_proctored(self, client, learner, lms, vendor, yes, format):
        exam = ExamFactory(backend="watcher")
        answer = client.post(collection(), {"exam_id": exam.pk, "attempt_proctored": yes}, format=format)
        attempt = Attempt.objects.get()
        assert (answer.status_code, answer.json()) == (200, {"exam_attempt_id": attempt.pk})
        assert (attempt.user, attempt.status, attempt.taking_as_proctored) == (learner, Status.created, True)

    def test_timed_with_the_clock(self, client, lms):
        exam = ExamFactory(timed=True)
        client.post(collection(), {"exam_id": exam.pk, "start_clock": "true"})
        assert Attempt.objects.get().status == Status.started

    def test_weakness_02_the_clock_waits_for_the_set_up(self, client, lms, vendor):
        exam = ExamFactory(backend="watcher")
        answer = client.post(collection(), {"exam_id": exam.pk, "attempt_proctored": "true", "start_clock": "true"})
        assert answer.status_code == 200
        assert Attempt.objects.get().status == Status.created

    def test_weakness_25_only_who_may_take_proctored_exams(self, client, lms, vendor, settings):
        settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
        exam = ExamFactory(backend="watcher")
        answer = client.post(collection(), {"exam_id": exam.pk, "attempt_proctored": "true"})
        assert answer.status_code == 403
        assert not Attempt.objects.exists()

    def test_a_proctored_exam_taken_without_is_declined(self, client, lms):
        exam = ExamFactory(backend="watcher")
        answer = client.post(collection(), {"exam_id": exam.pk, "start_clock": "true"})
        assert answer.status_code == 200
        assert Attempt.objects.get().status == Status.declined

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"exam_id": "seven"},
            {"exam_id": True},
            {"exam_id": -1},
            {"exam_id": 10**30},
            {"exam_id": None},
            {"exam_id": 999_999},
            {"exam_id": 1, "start_clock": "perhaps"},
            {"exam_id": 1, "attempt_proctored": []},
            [],
            "text",
        ],
    )
    def test_bad_input_is_400_and_loses_nothing(self, client, body):
        answer = client.post(collection(), body, format="json")
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})
        assert not Attempt.objects.exists()

    def test_a_vendors_refusal_is_502_with_one_sentence(self, client, lms, vendor):
        vendor.fail_with = BackendProviderCannotRegisterAttempt(b"secret words", 401)
        answer = client.post(collection(), {"exam_id": ExamFactory(backend="watcher").pk, "attempt_proctored": True})
        assert answer.status_code == 502
        assert "secret" not in answer.json()["detail"]

    def test_a_second_attempt_is_400(self, client, lms, vendor):
        body = {"exam_id": ExamFactory(backend="watcher").pk, "attempt_proctored": True}
        assert [client.post(collection(), body).status_code for _ in range(2)] == [200, 400]

    def test_nobody_and_suspended_people_are_403(self, learner, client):
        assert APIClient().post(collection(), {}).status_code == 403
        learner.is_active = False
        learner.save()
        assert client.post(collection(), {}).status_code == 403


class TestTimer:
    def test_without_a_running_exam(self, client, learner):
        AttemptFactory(user=learner)
        AttemptFactory(started=True, deadline_at=FAR)
        assert client.get(collection()).json() == {"in_timed_exam": False, "is_proctored": False}

    def test_the_newest_in_any_course(self, client, learner, lms):
        for course_id in ("course-v1:Test+ONE+2026", "course-v1:Test+TWO+2026"):
            exam = ExamFactory(backend="watcher", course_id=course_id)
            newest = AttemptFactory(user=learner, proctored_exam=exam, started=True, deadline_at=FAR)
        answer = client.get(collection(), {"course_id": "course-v1:Test+ONE+2026"})
        body = answer.json()
        assert answer.status_code == 200
        assert (body["attempt_id"], body["course_id"]) == (newest.pk, "course-v1:Test+TWO+2026")
        assert body["exam_url_path"].startswith("/")
        assert body["exam_started_poll_url"] == item(newest.pk)
        assert set(body) == TIMER | {"ping_interval", "attempt_code"}

    def test_a_timed_exam_has_no_vendor(self, client, learner, lms):
        AttemptFactory(user=learner, proctored_exam__timed=True, started=True, deadline_at=FAR)
        assert set(client.get(collection()).json()) == TIMER

    def test_what_has_just_run_out_is_told_once(self, client, learner, lms):
        AttemptFactory(user=learner, started=True)
        assert client.get(collection()).json()["attempt_status"] == "submitted"
        assert client.get(collection()).json() == {"in_timed_exam": False, "is_proctored": False}

    @pytest.mark.parametrize("running", [1, 12])
    def test_as_many_statements_however_many_run(self, client, learner, lms, query_budget, running):
        AttemptFactory.create_batch(running, user=learner, status=Status.ready_to_submit)
        client.get(collection())
        with query_budget("proctored_exam.attempt.collection"):
            assert client.get(collection()).json()["in_timed_exam"] is True

    def test_other_methods(self, client, learner):
        assert {client.put(collection(), {}).status_code, client.delete(collection()).status_code} == {405}


class TestPoll:
    def test_the_owner_sees_the_attempt_and_the_time_left(self, client, learner, query_budget):
        attempt = AttemptFactory(user=learner, proctored_exam__backend="watcher")
        with query_budget("proctored_exam.attempt"):
            answer = client.get(item(attempt.pk))
        body = answer.json()
        assert (body["id"], body["status"], body["user"]["username"]) == (attempt.pk, "created", learner.username)
        assert body["proctored_exam"]["id"] == attempt.proctored_exam_id
        assert body["time_remaining_seconds"] == 0
        assert body["accessibility_time_string"] == "you have less than a minute remaining"

    def test_strangers_are_403_staff_included(self, client_of):
        attempt = AttemptFactory()
        assert client_of(UserFactory(staff=True)).get(item(attempt.pk)).status_code == 403

    def test_an_unknown_attempt_is_400(self, client):
        assert client.get(item(999_999)).status_code == 400

    def test_a_broken_off_attempt_shows_the_live_time(self, client, learner):
        end = timezone.now() + timedelta(hours=1)
        attempt = AttemptFactory(
            user=learner, started=True, status=Status.error, deadline_at=end, time_remaining_seconds=7
        )
        body = client.get(item(attempt.pk)).json()
        assert body["time_remaining_seconds"] > 3000
        assert body["accessibility_time_string"] == "you have 1 hour remaining"

    @pytest.mark.parametrize("others", [0, 20])
    def test_as_many_statements_however_many_attempts(self, client, learner, query_budget, others):
        attempt = AttemptFactory(user=learner, started=True, deadline_at=FAR)
        AttemptFactory.create_batch(others, user=learner, proctored_exam=attempt.proctored_exam)
        with query_budget("proctored_exam.attempt"):
            assert client.get(item(attempt.pk)).status_code == 200

    @pytest.mark.parametrize("attempt_id", [0, 10**30])
    @pytest.mark.parametrize("method", ["get", "put", "delete"])
    def test_numbers_that_are_no_ids(self, client, method, attempt_id):
        answer = getattr(client, method)(f"{collection()}/{attempt_id}")
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})


class TestRemove:
    @pytest.fixture
    def attempt(self, learner):
        return AttemptFactory(user=learner, proctored_exam__backend="watcher", submitted=True, external_id="theirs")

    @pytest.mark.parametrize("everywhere", [True, False])
    def test_staff_of_its_course(self, client_of, lms, vendor, attempt, committed, everywhere):
        staff = UserFactory(staff=everywhere)
        if not everywhere:
            lms.instructor.staff.add((staff.pk, attempt.proctored_exam.course_id))
        with committed():
            answer = client_of(staff).delete(item(attempt.pk))
        assert (answer.status_code, answer.content, "Content-Type" in answer) == (200, b"", False)
        assert ("remove", attempt.proctored_exam.external_id, "theirs") in vendor.calls
        assert not Attempt.objects.exists()
        assert lms.instructor.deleted

    def test_nobody_else(self, client, client_of, lms, vendor, attempt):
        elsewhere = UserFactory()
        lms.instructor.staff.add((elsewhere.pk, ELSEWHERE))
        assert client.delete(item(attempt.pk)).status_code == 403
        # Weakness S1: the course in the body is nobody's business.
        body = {"course_id": ELSEWHERE, "exam_id": ExamFactory(course_id=ELSEWHERE).pk}
        assert client_of(elsewhere).delete(item(attempt.pk), body, format="json").status_code == 403
        assert Attempt.objects.exists()

    @pytest.mark.parametrize("staff", [True, False])
    def test_an_unknown_attempt_is_400_for_everybody(self, client_of, staff):
        answer = client_of(UserFactory(staff=staff)).delete(item(999_999))
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})

    def test_a_vendor_that_cannot_remove_it_is_502(self, client_of, lms, vendor, attempt):
        vendor.fail_with = OSError("secret words")
        answer = client_of(UserFactory(staff=True)).delete(item(attempt.pk))
        assert (answer.status_code, set(answer.json())) == (502, {"detail"})
        assert "secret" not in answer.json()["detail"]
        assert Attempt.objects.exists()


class TestReviewStatus:
    def url(self, attempt_id):
        return reverse("edx_proctoring:proctored_exam.attempt.review_status", args=[attempt_id])

    @pytest.fixture
    def _on(self, settings):
        settings.PROCTORED_EXAM_VIEWABLE_PAST_DUE = True

    @pytest.mark.usefixtures("_on")
    @pytest.mark.parametrize("status", [Status.verified, Status.started])
    def test_the_owner_acknowledges(self, client, learner, status):
        attempt = AttemptFactory(user=learner, status=status)
        answer = client.put(self.url(attempt.pk), {"anything": "goes"})
        assert (answer.status_code, answer.content, "Content-Type" in answer) == (200, b"", False)
        attempt.refresh_from_db()
        assert (attempt.is_status_acknowledged, attempt.status) == (True, status)

    @pytest.mark.usefixtures("_on")
    def test_nobody_else(self, client, client_of):
        attempt = AttemptFactory()
        assert client.put(self.url(attempt.pk)).status_code == 403
        assert client_of(UserFactory(staff=True)).put(self.url(attempt.pk)).status_code == 403
        assert client.put(self.url(999_999)).status_code == 400
        assert {client.get(self.url(attempt.pk)).status_code, client.post(self.url(attempt.pk)).status_code} == {405}

    def test_first_of_all_the_site_has_to_want_it(self, client, learner):
        for attempt_id in (AttemptFactory(user=learner).pk, AttemptFactory().pk, 999_999):
            answer = client.put(self.url(attempt_id))
            assert (answer.status_code, set(answer.json())) == (404, {"detail"})
        assert not Attempt.objects.filter(is_status_acknowledged=True).exists()


class TestReset:
    def url(self, exam_id, user_id):
        return f"/api/edx_proctoring/v1/proctored_exam/exam_id/{exam_id}/user_id/{user_id}/reset_attempts"

    @pytest.fixture
    def exam(self):
        return ExamFactory(backend="watcher", practice=True)

    @pytest.fixture
    def staff(self, client_of, lms, exam):
        user = UserFactory()
        lms.instructor.staff.add((user.pk, exam.course_id))
        return client_of(user)

    def test_every_attempt_of_the_learner_at_the_exam(self, staff, learner, vendor, exam):
        for status in (Status.verified, Status.error, Status.created):
            AttemptFactory(user=learner, proctored_exam=exam, status=status)
        kept = {AttemptFactory(proctored_exam=exam), AttemptFactory(user=learner)}
        answer = staff.delete(self.url(exam.pk, learner.pk))
        assert (answer.status_code, answer.content, "Content-Type" in answer) == (200, b"", False)
        assert set(Attempt.objects.all()) == kept
        assert [call[0] for call in vendor.calls].count("remove") == 3

    def test_nothing_to_reset_is_404_with_a_text(self, staff, client_of, learner, exam):
        AttemptFactory(proctored_exam=exam)
        everywhere = client_of(UserFactory(staff=True))
        for client, exam_id, user_id in [
            (staff, exam.pk, learner.pk),
            (staff, exam.pk, 999_999),
            (staff, exam.pk, 10**30),
            (everywhere, 999_999, learner.pk),
            (everywhere, 10**30, 10**30),
        ]:
            answer = client.delete(self.url(exam_id, user_id))
            assert answer.status_code == 404
            assert isinstance(answer.json(), str)

    def test_others_are_told_nothing(self, client, client_of, lms, learner, exam):
        AttemptFactory(user=learner, proctored_exam=exam)
        elsewhere = UserFactory()
        lms.instructor.staff.add((elsewhere.pk, ELSEWHERE))
        for caller in (client, client_of(elsewhere)):
            for exam_id, user_id in [(exam.pk, learner.pk), (exam.pk, 999_999), (999_999, learner.pk)]:
                answer = caller.delete(self.url(exam_id, user_id), {"course_id": ELSEWHERE}, format="json")
                assert (answer.status_code, set(answer.json())) == (403, {"detail"})
        assert Attempt.objects.exists()

    def test_weakness_x5_doing_it_again_finishes_what_a_vendor_interrupted(self, staff, learner, vendor, exam):
        attempts = AttemptFactory.create_batch(3, user=learner, proctored_exam=exam, status=Status.error)
        vendor.before_answering = lambda: setattr(vendor, "confirms_removal", len(vendor.answered) != 2)
        vendor.answered.clear()
        answer = staff.delete(self.url(exam.pk, learner.pk))
        assert (answer.status_code, set(answer.json())) == (502, {"detail"})
        assert "1 of 3 attempts were removed" in answer.json()["detail"]
        assert list(Attempt.objects.order_by("pk")) == attempts[1:]
        vendor.before_answering, vendor.confirms_removal = None, True
        assert staff.delete(self.url(exam.pk, learner.pk)).status_code == 200
        assert not Attempt.objects.exists()

    def test_other_methods(self, staff, learner, exam):
        url = self.url(exam.pk, learner.pk)
        assert {staff.get(url).status_code, staff.post(url).status_code, staff.put(url).status_code} == {405}
