"""A learner's attempts over HTTP."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.exceptions import BackendProviderCannotRegisterAttempt
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import attempts
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt


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


class TestActions:
    def test_the_way_through_an_exam(self, client, learner, lms):
        attempt = AttemptFactory(user=learner, proctored_exam__backend="watcher", status=Status.ready_to_start)
        for action, status in [("start", "started"), ("stop", "ready_to_submit"), ("submit", "submitted")]:
            answer = client.put(item(attempt.pk), {"action": action})
            assert answer.json() == {"exam_attempt_id": attempt.pk}
            assert client.get(item(attempt.pk)).json()["status"] == status

    def test_an_error_after_the_submission_is_ignored(self, client, learner):
        attempt = AttemptFactory(user=learner, submitted=True)
        answer = client.put(item(attempt.pk), {"action": "error", "detail": "no ping"})
        assert (answer.status_code, answer.json()) == (200, {"exam_attempt_id": False})

    @pytest.mark.parametrize("body", [{}, {"action": "dance"}, {"action": None}, []])
    def test_unknown_actions_are_400(self, client, learner, body):
        attempt = AttemptFactory(user=learner)
        assert client.put(item(attempt.pk), body, format="json").status_code == 400

    def test_an_illegal_move_is_400(self, client, learner):
        attempt = AttemptFactory(user=learner, status=Status.rejected)
        answer = client.put(item(attempt.pk), {"action": "submit"})
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})

    def test_nobody_acts_for_another(self, client, learner):
        assert client.put(item(AttemptFactory().pk), {"action": "start"}).status_code == 403
        own = AttemptFactory(user=learner)
        assert client.put(item(own.pk), {"action": "start", "user_id": learner.pk}).status_code == 403

    @pytest.mark.parametrize("action", ["submit", "decline", "start", "reset_attempt", "mark_ready_to_resume"])
    @pytest.mark.parametrize("status", [Status.rejected, Status.verified, Status.second_review_required])
    def test_weakness_s9_a_verdict_is_final_for_the_learner(self, client, learner, action, status):
        attempt = AttemptFactory(user=learner, status=status)
        answer = client.put(item(attempt.pk), {"action": action})
        attempt.refresh_from_db()
        assert (answer.status_code in {400, 403}, attempt.status) == (True, status)

    def test_weakness_s16_a_click_while_running_hands_nothing_in(self, client, learner):
        attempt = AttemptFactory(user=learner, status=Status.started)
        assert client.put(item(attempt.pk), {"action": "click_download_software"}).status_code == 400
        assert Attempt.objects.get().status == Status.started

    def test_starting_practice_over(self, client, learner, lms, vendor):
        exam = ExamFactory(backend="watcher", practice=True)
        attempt = AttemptFactory(user=learner, proctored_exam=exam, status=Status.error)
        answer = client.put(item(attempt.pk), {"action": "reset_attempt"})
        assert answer.json() == {"exam_attempt_id": Attempt.objects.latest("id").pk}
        assert Attempt.objects.count() == 2
        assert client.put(item(attempt.pk), {"action": "reset_attempt"}).status_code == 400


class TestApproveResume:
    @pytest.fixture
    def broken(self, learner):
        exam = ExamFactory(backend="watcher")
        return AttemptFactory(user=learner, proctored_exam=exam, status=Status.error, is_resumable=True)

    def approve(self, client, attempt, **fields):
        return client.put(item(attempt.pk), {"action": "mark_ready_to_resume", **fields})

    @pytest.mark.parametrize("everywhere", [True, False])
    def test_staff_of_the_attempts_course(self, client_of, client, learner, lms, vendor, broken, everywhere):
        staff = UserFactory(staff=everywhere)
        if not everywhere:
            lms.instructor.staff.add((staff.pk, broken.proctored_exam.course_id))
        answer = self.approve(client_of(staff), broken, user_id=learner.pk)
        assert answer.json() == {"exam_attempt_id": broken.pk}
        broken.refresh_from_db()
        assert (broken.status, broken.is_resumable, broken.ready_to_resume) == (Status.error, False, True)
        assert broken.history.first().history_user == staff
        body = {"exam_id": broken.proctored_exam_id, "attempt_proctored": "true"}
        assert client.post(collection(), body).status_code == 200
        assert self.approve(client_of(staff), broken, user_id=learner.pk).status_code == 400

    @pytest.mark.parametrize("named", [True, False])
    def test_weakness_s8_never_the_learner(self, client, learner, lms, broken, named):
        fields = {"user_id": learner.pk} if named else {}
        assert self.approve(client, broken, **fields).status_code == 403
        broken.refresh_from_db()
        assert not broken.ready_to_resume

    def test_nor_staff_of_another_course_nor_about_somebody_else(self, client_of, learner, lms, broken):
        elsewhere, staff = UserFactory(), UserFactory(staff=True)
        lms.instructor.staff.add((elsewhere.pk, "course-v1:Other+COURSE+2026"))
        assert self.approve(client_of(elsewhere), broken, user_id=learner.pk).status_code == 403
        assert self.approve(client_of(staff), broken, user_id=elsewhere.pk).status_code == 403
        assert self.approve(client_of(staff), broken).status_code == 403
        assert self.approve(client_of(staff), broken, user_id="nobody").status_code == 400

    def test_weakness_s10_nothing_left_stays_nothing(self, client, client_of, learner, lms, vendor, broken):
        Attempt.objects.update(time_remaining_seconds=0)
        self.approve(client_of(UserFactory(staff=True)), broken, user_id=learner.pk)
        body = {"exam_id": broken.proctored_exam_id, "attempt_proctored": "true"}
        again = client.post(collection(), body).json()["exam_attempt_id"]
        attempts.mark_ready(Attempt.objects.get(pk=again))
        client.put(item(again), {"action": "start"})
        assert Attempt.objects.get(pk=again).status == Status.submitted

    def test_weakness_s15_the_clock_stands_still_only_with_an_approval(self, client, learner, lms, broken):
        for action in ("start", "stop", "submit", "mark_ready_to_resume"):
            assert client.put(item(broken.pk), {"action": action}).status_code in {400, 403}
        body = {"exam_id": broken.proctored_exam_id, "attempt_proctored": "true"}
        assert client.post(collection(), body).status_code == 400
