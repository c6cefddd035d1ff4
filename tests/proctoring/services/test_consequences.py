"""What follows from a status, and that each effect happens once."""

import pytest

from proctoring.models import OutboxMessage
from proctoring.services import attempts, consequences
from proctoring.services.transitions import change_status
from proctoring.signals import exam_attempt_status_signal
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt():
    return AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), status=Status.started, external_id="theirs")


def kinds():
    return sorted(OutboxMessage.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.submitted, ["completion", "credit", "mail.status", "vendor.stop"]),
        (Status.verified, ["credit", "mail.status"]),
        (Status.rejected, ["certificate.invalidate", "credit", "grade.zero", "mail.status"]),
        (Status.error, ["credit", "vendor.error"]),
        (Status.declined, ["credit", "vendor.remove"]),
        (Status.second_review_required, []),
        (Status.ready_to_submit, []),
    ],
)
def test_effects_of_each_status(attempt, status, expected):
    OutboxMessage.objects.all().delete()
    change_status(attempt.pk, status, actor=Actor.SYSTEM)
    assert kinds() == expected


def test_the_same_status_again_has_no_effect(attempt):
    change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM)
    OutboxMessage.objects.all().delete()
    assert not change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM).changed
    assert kinds() == []


def test_a_vendor_is_told_of_the_first_start_only(lms):
    attempt = AttemptFactory(
        proctored_exam=ExamFactory(backend="watcher"), status=Status.ready_to_start, external_id="a"
    )
    attempts.start(attempts.stop(attempts.start(attempt)))
    assert kinds().count("vendor.start") == 1


@pytest.mark.parametrize("kind", [{"timed": True}, {"practice": True}])
def test_weakness_26_credit_is_for_graded_proctored_exams(kind):
    attempt = AttemptFactory(proctored_exam=ExamFactory(**kind), status=Status.started, taking_as_proctored=False)
    OutboxMessage.objects.all().delete()
    change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM)
    assert "credit" not in kinds()
    assert "mail.status" not in kinds()


def test_effects_are_done_after_commit(attempt, lms, vendor, committed, mailoutbox):
    with committed():
        change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM)
        assert lms.credit.statuses == []
    content_id = attempt.proctored_exam.content_id
    assert lms.credit.statuses == [(attempt.user_id, content_id, "submitted")]
    assert lms.instructor.completed == [(attempt.user.username, content_id)]
    assert ("stop", attempt.proctored_exam.external_id, "theirs") in vendor.calls
    assert [mail.subject for mail in mailoutbox] == ["Proctoring attempt submitted"]


def test_a_rejection_costs_the_grade_and_the_certificate(attempt, lms, committed):
    judge = UserFactory(staff=True)
    with committed():
        change_status(attempt.pk, Status.rejected, actor=Actor.STAFF, by=judge)
    override = lms.grades.overrides[0]
    assert (override["earned_all"], override["earned_graded"], override["overrider"]) == (0.0, 0.0, judge)
    assert lms.certificates.invalidated == [
        {"user_id": attempt.user_id, "course_key_or_id": attempt.proctored_exam.course_id}
    ]


def test_a_course_that_does_not_want_overrides_keeps_grade_and_certificate(attempt, lms, committed):
    lms.grades.wanted = False
    with committed():
        change_status(attempt.pk, Status.rejected, actor=Actor.STAFF)
        change_status(attempt.pk, Status.verified, actor=Actor.STAFF)
    assert (lms.grades.overrides, lms.grades.undone, lms.certificates.invalidated) == ([], [], [])


def test_weakness_17_a_rejection_taken_back_later_restores_the_grade(attempt, lms, committed):
    with committed():
        for status in (Status.rejected, Status.second_review_required, Status.verified):
            change_status(attempt.pk, status, actor=Actor.STAFF)
    assert len(lms.grades.undone) == 1


def test_weakness_38_a_failing_effect_loses_nothing_and_stops_nothing(attempt, lms, committed, mailoutbox):
    lms.credit.fail_with = RuntimeError("the credit service is down")
    with committed():
        change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM)
    attempt.refresh_from_db()
    assert attempt.status == Status.submitted
    assert lms.instructor.completed
    assert len(mailoutbox) == 1
    waiting = OutboxMessage.objects.get(kind="credit")
    assert (waiting.state, waiting.error_code) == ("pending", "RuntimeError")


def test_completion_of_a_learner_who_is_gone_is_nothing(lms):
    consequences.complete_subsection({"user_id": 10**6, "content_id": "block"})
    assert lms.instructor.completed == []


def test_the_status_is_announced_after_commit(attempt, committed):
    heard = []

    def listen(**payload):
        heard.append(payload)

    exam_attempt_status_signal.connect(listen)
    try:
        with committed():
            change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM)
            assert heard == []
    finally:
        exam_attempt_status_signal.disconnect(listen)
    told = {key: value for key, value in heard[0].items() if key != "signal"}
    assert told == {
        "sender": "edx_proctoring",
        "attempt_id": attempt.pk,
        "user_id": attempt.user_id,
        "status": "submitted",
        "full_name": None,
        "profile_name": None,
        "is_practice_exam": False,
        "is_proctored": True,
        "backend_supports_onboarding": True,
    }


def test_history_says_who_and_why(attempt):
    judge = UserFactory(staff=True)
    change_status(attempt.pk, Status.rejected, actor=Actor.STAFF, by=judge)
    row = attempt.history.first()
    assert (row.status, row.history_user, row.history_change_reason) == (
        "rejected",
        judge,
        "course staff: started -> rejected",
    )


S = Status
GATE_CASES = [
    ([S.submitted], S.submitted, True),
    ([S.verified], S.verified, True),
    ([S.error, S.declined], S.declined, True),
    ([S.verified, S.error], S.error, True),
    ([S.submitted, S.error], S.submitted, True),
    ([S.submitted, S.rejected], S.submitted, False),
    ([S.verified, S.verified], S.verified, True),
    ([S.verified, S.submitted], S.verified, False),
    ([S.rejected, S.verified], S.rejected, True),
    ([S.rejected, S.rejected], S.rejected, False),
    ([S.rejected, S.declined], S.rejected, False),
    ([S.started, S.error], S.started, False),
]


@pytest.mark.parametrize(("statuses", "target", "is_open"), GATE_CASES)
def test_gate_of_several_attempts(statuses, target, is_open):
    assert consequences.gate_is_open(statuses, target, is_practice=False) is is_open


def test_gate_of_practice_is_always_open():
    assert consequences.gate_is_open([S.rejected, S.rejected], S.rejected, is_practice=True)


def test_a_closed_gate_keeps_credit_grades_and_mail_back(attempt):
    AttemptFactory(user=attempt.user, proctored_exam=attempt.proctored_exam, status=Status.rejected)
    OutboxMessage.objects.all().delete()
    change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM)
    assert kinds() == ["completion", "vendor.stop"]
