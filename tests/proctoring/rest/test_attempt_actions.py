"""What learners and staff do to an attempt over HTTP (contract rest.md §5.4)."""

import json
import logging
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import attempts
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt

FAR = timezone.now() + timedelta(days=9999)

# What an action comes to: the status after a 200, or one of these.
REFUSED, IGNORED, ANEW = 400, "ignored", "a new attempt"
ACTIONS = ["start", "stop", "submit", "click_download_software", "decline", "error", "reset_attempt"]
BEFORE = [REFUSED, REFUSED, "download_software_clicked", "declined", "error", REFUSED]
OVER = [REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, IGNORED]

# At a graded proctored exam: start, stop, submit, click, decline, error; and the reset of practice.
TABLE = {
    "eligible": [*OVER, REFUSED],
    "created": [REFUSED, *BEFORE],
    "download_software_clicked": [REFUSED, *BEFORE],
    "ready_to_start": ["started", *BEFORE],
    "started": [REFUSED, "ready_to_submit", "submitted", REFUSED, REFUSED, "error", REFUSED],
    "ready_to_submit": ["started", "ready_to_submit", "submitted", REFUSED, REFUSED, "error", REFUSED],
    "declined": [REFUSED, REFUSED, REFUSED, REFUSED, "declined", IGNORED, ANEW],
    "timed_out": [*OVER, ANEW],
    "submitted": [REFUSED, REFUSED, "submitted", REFUSED, REFUSED, IGNORED, ANEW],
    "second_review_required": [*OVER, ANEW],
    "verified": [*OVER, REFUSED],
    "rejected": [*OVER, ANEW],
    "error": [*OVER, ANEW],
    "expired": [*OVER, ANEW],
    "onboarding_reset": [*OVER, ANEW],
    "onboarding_missing": [*OVER, ANEW],
    "onboarding_pending": [*OVER, ANEW],
    "onboarding_failed": [*OVER, ANEW],
    "onboarding_expired": [*OVER, ANEW],
}
CASES = [
    (status, action, outcome)
    for status, outcomes in TABLE.items()
    for action, outcome in zip(ACTIONS, outcomes, strict=True)
]
# Without proctoring there is no set-up to wait for, and nothing to download.
TIMED = {
    ("created", "start"): "started",
    ("download_software_clicked", "start"): "started",
    ("created", "click_download_software"): REFUSED,
    ("download_software_clicked", "click_download_software"): REFUSED,
    ("ready_to_start", "click_download_software"): REFUSED,
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


class TestTable:
    """Weaknesses S9, S16, D22: who may do what is one table; in every status every action is tried."""

    def outcome(self, client, attempt, action):
        answer = client.put(item(attempt.pk), {"action": action}, format="json")
        attempt.refresh_from_db()
        if answer.status_code != 200:
            assert set(answer.json()) == {"detail"}
            return answer.status_code
        told = answer.json()["exam_attempt_id"]
        if told is False:
            return IGNORED
        return attempt.status if Attempt.objects.get(pk=told) == attempt else ANEW

    def test_no_status_is_forgotten(self):
        assert set(TABLE) == set(Status)

    @pytest.mark.parametrize(("status", "action", "outcome"), CASES)
    def test_graded(self, client, learner, lms, vendor, status, action, outcome):
        attempt = AttemptFactory(user=learner, proctored_exam=ExamFactory(backend="watcher"), status=status)
        # Only practice is started over.
        expected = REFUSED if action == "reset_attempt" else outcome
        assert self.outcome(client, attempt, action) == expected
        assert attempt.status == (expected if expected in set(Status) else status)

    @pytest.mark.parametrize(("status", "action", "outcome"), CASES)
    def test_practice(self, client, learner, lms, vendor, status, action, outcome):
        exam = ExamFactory(backend="watcher", practice=True)
        attempt = AttemptFactory(user=learner, proctored_exam=exam, status=status, external_id="theirs")
        old = {ANEW: Status.onboarding_reset, REFUSED: status, IGNORED: status}.get(outcome, outcome)
        if (status, action) == ("submitted", "reset_attempt"):
            assert client.put(item(attempt.pk), {"action": action}).status_code == 200
            assert Attempt.objects.get().pk != attempt.pk
        else:
            assert self.outcome(client, attempt, action) == outcome
            assert attempt.status == old

    @pytest.mark.parametrize(("status", "action", "outcome"), CASES)
    def test_timed(self, client, learner, lms, status, action, outcome):
        attempt = AttemptFactory(user=learner, proctored_exam=ExamFactory(timed=True), status=status)
        outcome = REFUSED if action == "reset_attempt" else TIMED.get((status, action), outcome)
        assert self.outcome(client, attempt, action) == outcome


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

    @pytest.mark.parametrize("format", ["json", "multipart"])
    def test_forms_and_json(self, client, learner, lms, format):
        attempt = AttemptFactory(user=learner, status=Status.started)
        assert client.put(item(attempt.pk), {"action": "stop"}, format=format).json() == {"exam_attempt_id": attempt.pk}

    def test_a_form_as_pages_send_it(self, client, learner, lms):
        attempt = AttemptFactory(user=learner, status=Status.started)
        kind = "application/x-www-form-urlencoded"
        assert client.put(item(attempt.pk), "action=submit&user_id=", content_type=kind).status_code == 200
        attempt.refresh_from_db()
        assert attempt.status == Status.submitted

    def test_weakness_d18_the_attempt_of_the_address_is_started(self, client, learner, lms, vendor):
        exam = ExamFactory(practice=True, backend="watcher")
        older, newer = AttemptFactory.create_batch(2, user=learner, proctored_exam=exam, status=Status.ready_to_start)
        assert client.put(item(older.pk), {"action": "start"}).json() == {"exam_attempt_id": older.pk}
        assert client.put(item(newer.pk), {"action": "start"}).status_code == 400
        statuses = Attempt.objects.order_by("pk").values_list("status", flat=True)
        assert list(statuses) == [Status.started, Status.ready_to_start]

    @pytest.mark.parametrize(
        "detail", ["no ping\nERROR all is lost\r\n\u2028\x1b[2Jmore", "x" * 10_000, {"a": ["b"]}, 7, None]
    )
    def test_what_a_browser_reports_is_one_short_line_of_the_log(self, client, learner, lms, caplog, detail):
        attempt = AttemptFactory(user=learner, started=True, proctored_exam__timed=True, deadline_at=FAR)
        with caplog.at_level(logging.WARNING, logger="proctoring.rest.attempts"):
            body = json.dumps({"action": "error", "detail": detail})
            answer = client.put(item(attempt.pk), body, content_type="application/json")
        assert answer.json() == {"exam_attempt_id": attempt.pk}
        [record] = [one for one in caplog.records if one.name == "proctoring.rest.attempts"]
        line = record.getMessage()
        assert record.levelno == logging.WARNING
        assert line.startswith(f"A browser reports an error: attempt={attempt.pk} detail=")
        assert line.isprintable()
        assert len(line) < 300

    def test_operators_may_let_a_vendors_failures_pass(self, client, learner, lms):
        lms.switches.on.add("edx_proctoring.watcher_ping_failure_passthrough")
        exam = ExamFactory(backend="watcher")
        attempt = AttemptFactory(user=learner, proctored_exam=exam, started=True, deadline_at=FAR)
        assert client.put(item(attempt.pk), {"action": "error"}).json() == {"exam_attempt_id": False}
        attempt.refresh_from_db()
        assert attempt.status == Status.started

    def test_an_error_keeps_the_time_that_is_left(self, client, learner, lms):
        exam = ExamFactory(backend="watcher")
        attempt = AttemptFactory(user=learner, proctored_exam=exam, started=True, deadline_at=FAR)
        client.put(item(attempt.pk), {"action": "error"})
        attempt.refresh_from_db()
        assert (attempt.status, attempt.is_resumable) == (Status.error, True)
        assert attempt.time_remaining_seconds > 0

    @pytest.mark.parametrize("body", [{}, {"action": "dance"}, {"action": None}, {"action": ["start"]}, []])
    def test_unknown_actions_are_400(self, client, learner, body):
        attempt = AttemptFactory(user=learner)
        assert client.put(item(attempt.pk), body, format="json").status_code == 400

    def test_an_illegal_move_is_400(self, client, learner):
        attempt = AttemptFactory(user=learner, status=Status.rejected)
        answer = client.put(item(attempt.pk), {"action": "submit"})
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})

    @pytest.mark.parametrize("body", [{"action": "start"}, {"action": "dance"}, {}, {"action": "mark_ready_to_resume"}])
    def test_an_unknown_attempt_is_400(self, client, body):
        answer = client.put(item(999_999), body)
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})

    @pytest.mark.parametrize("named", ["owner", "self"])
    def test_staff_do_nothing_else_for_a_learner(self, client_of, learner, lms, named):
        attempt, staff = AttemptFactory(user=learner), UserFactory(staff=True)
        body = {"action": "start", "user_id": learner.pk if named == "owner" else staff.pk}
        assert client_of(staff).put(item(attempt.pk), body).status_code == 403

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
