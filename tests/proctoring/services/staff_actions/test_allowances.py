"""Taking allowances back: what is foreseen is what comes, nothing is done twice, and refusals are sentences."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from proctoring.common.errors import DomainError
from proctoring.models import ProctoredExamStudentAllowance, ProctoredExamStudentAllowanceHistory
from proctoring.services import attempts
from proctoring.services.staff_actions import actions
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms", "vendor")]
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
VERB = actions.verbs.get("take-back-allowance")
Allowance = ProctoredExamStudentAllowance


def granted(**fields):
    return AllowanceFactory(proctored_exam=ExamFactory(backend="watcher", time_limit_mins=60), **fields)


def look(allowance):
    found = VERB.look(allowance, UserFactory.build(pk=1))
    assert Allowance.objects.filter(pk=allowance.pk).exists()
    return list(found.steps)


def take_back(allowance):
    VERB.perform(allowance, UserFactory(staff=True), "because")


def started(allowance, **fields):
    attempt = AttemptFactory(
        user=allowance.user, proctored_exam=allowance.proctored_exam, status=Status.ready_to_start, **fields
    )
    return attempts.start(attempt)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value": "1"}, "The learner loses 1 minute on top of the exam's time."),
        ({"value": "30"}, "The learner loses 30 minutes on top of the exam's time."),
        ({"exception": True}, "The learner loses the exception that reviewers are told of."),
        ({"value": ""}, "The learner loses nothing by it: the allowance has no effect."),
        ({"key": "time_multiplier", "value": "2"}, "The learner loses nothing by it: the allowance has no effect."),
    ],
)
def test_it_says_what_the_learner_loses(fields, sentence):
    assert look(granted(**fields)) == [sentence]


def test_the_text_of_an_exception_is_not_repeated():
    assert "diabetes" not in " ".join(look(granted(exception=True, value="diabetes")))


@pytest.mark.parametrize("minutes", [10, 70])
def test_a_running_attempt_ends_when_it_was_foreseen(settings, minutes):
    settings.TIME_ZONE = "UTC"
    allowance = granted(value="30")
    with time_machine.travel(NOW, tick=False):
        attempt = started(allowance)
    AttemptFactory(started=True, proctored_exam=allowance.proctored_exam)
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        [_, step] = look(allowance)
        attempt.refresh_from_db()
        assert attempt.deadline_at == NOW + timedelta(minutes=90)
        take_back(allowance)
    attempt.refresh_from_db()

    assert attempt.deadline_at == NOW + timedelta(minutes=max(60, minutes))
    if minutes > 60:
        assert step == "The attempt that is under way has no time left then."
    else:
        assert step == (
            "At May 4, 2026, 10 a.m. instead of May 4, 2026, 10:30 a.m. the attempt that is under way is over."
        )


@pytest.mark.parametrize("key", ["exception", "overdue", "carried"])
def test_an_end_that_does_not_move_is_not_spoken_of(key):
    allowance = granted(exception=True) if key == "exception" else granted(value="30")
    with time_machine.travel(NOW, tick=False):
        attempt = started(allowance, **({"time_remaining_seconds": 1200} if key == "carried" else {}))
        end = attempt.deadline_at
    with time_machine.travel(NOW + timedelta(minutes=95 if key == "overdue" else 5), tick=False):
        assert len(look(allowance)) == 1
        take_back(allowance)
    attempt.refresh_from_db()
    assert attempt.deadline_at == end


def test_nothing_is_taken_back_twice():
    allowance = granted(value="30")
    pk = allowance.pk
    take_back(allowance)
    with pytest.raises(DomainError) as refusal:
        take_back(allowance)
    assert refusal.value.detail == "This was taken back already."
    assert not Allowance.objects.filter(pk=pk).exists()
    assert ProctoredExamStudentAllowanceHistory.objects.count() == 1
