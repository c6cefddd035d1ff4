"""What is put on record of exams, and what is not."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

import proctoring
from proctoring.api import update_attempt_status
from proctoring.common.inbox import Envelope, store
from proctoring.conf import config
from proctoring.exceptions import ProctoredBaseException
from proctoring.models import AuditEntry, InboxDelivery, ProctoredExamStudentAttempt
from proctoring.services import (
    allowances,
    attempts,
    audit,
    clock,
    inbox,
    moves,
    policies,
    removal,
    resuming,
    retirement,
    second_reviews,
    transitions,
)
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db
RECORDED = re.compile(r'(?:record|entry)\(\s*"([a-z_.]+)"')
OF_PAGES = {"inboxdelivery.looked_at", "outboxmessage.looked_at"}


def on_record():
    """Event, kind of actor, and who, of every entry."""
    return list(AuditEntry.objects.order_by("id").values_list("event", "actor_kind", "actor_id"))


def facts():
    return json.loads(AuditEntry.objects.latest("id").facts)


@pytest.fixture
def person():
    return UserFactory(staff=True)


def test_what_learners_do_themselves_is_not_on_record(lms, vendor):
    exam, learner = ExamFactory(), UserFactory()
    attempt = attempts.create(exam, learner, proctored=False)
    attempts.start(attempt)
    attempts.submit(attempt)
    assert on_record() == []


def test_a_move_by_staff_is(person):
    attempt = AttemptFactory(submitted=True)
    transitions.change_status(attempt.pk, Status.verified, actor=Actor.STAFF, by=person)
    assert on_record() == [("attempt.moved", "person", person.pk)]
    assert facts() == {"as": "course_staff", "from_status": "submitted", "to_status": "verified"}


@pytest.mark.parametrize(
    ("source", "target"),
    [(Status.submitted, Status.verified), (Status.rejected, Status.verified), (Status.verified, Status.declined)],
)
@pytest.mark.parametrize("moved", [moves.move, update_attempt_status])
def test_a_verdict_is_on_record_also_when_nobody_is_named(lms, source, target, moved):
    attempt = AttemptFactory(status=source)
    moved(attempt.pk, target)
    assert on_record() == [("attempt.moved", "system", None)]
    assert facts() == {"as": "system", "from_status": source, "to_status": target}


def test_other_moves_of_commands_and_of_the_clock_are_not(lms):
    moves.move(AttemptFactory(status=Status.submitted).pk, Status.error)
    overdue = AttemptFactory(started=True, started_at=timezone.now() - timedelta(days=2))
    assert clock.close_if_overdue(overdue).status == Status.submitted
    assert on_record() == []


def test_a_refused_move_is_not(person):
    attempt = AttemptFactory(submitted=True)
    transitions.change_status(attempt.pk, Status.submitted, actor=Actor.STAFF, by=person)
    assert on_record() == []


def test_a_second_review_is_one_decision_and_what_it_moves(person):
    review = ReviewFactory(attempt=AttemptFactory(submitted=True), suspicious=True)
    before = len(on_record())
    seen = second_reviews.seen(review, second_reviews.attempt_of(review))
    second_reviews.decide(review, reviewer=person, decision="Suspicious", reason="Ann cheated.", looked_at=seen)
    decided = on_record()[before:]
    assert sorted(decided) == [("attempt.moved", "person", person.pk), ("review.decided", "person", person.pk)]
    assert "Ann" not in "".join(AuditEntry.objects.values_list("facts", flat=True))


def test_removed_attempts_are_on_record_one_by_one_in_one_statement(person):
    first, second, third = AttemptFactory.create_batch(3)
    removal.discard(first.pk, by=person)
    assert facts() == {"exam": first.proctored_exam_id, "learner": first.user_id, "status": "created"}
    removal.remove_listed([second.pk, third.pk], removal.Scope())
    entries = AuditEntry.objects.filter(event="attempt.removed").order_by("id")
    assert [int(entry.subject_id) for entry in entries] == [first.pk, second.pk, third.pk]
    assert not ProctoredExamStudentAttempt.objects.exists()


def test_a_learner_who_starts_over_decides_about_nobody():
    attempt = AttemptFactory()
    removal.discard(attempt.pk, by=attempt.user)
    assert on_record() == []


def test_approved_resuming_is_on_record(person):
    attempt = AttemptFactory(status=Status.error, is_resumable=True)
    resuming.approve(attempt.pk, by=person)
    assert on_record() == [("attempt.resume_approved", "person", person.pk)]


def test_allowances_are_on_record_without_what_they_say(person):
    exam, learner = ExamFactory(), UserFactory()
    for value in ("10", "10", "20"):
        allowances.grant(exam.pk, learner.pk, "additional_time_granted", value, by=person)
    allowances.remove(exam.pk, learner.pk, "additional_time_granted", by=person)
    assert on_record() == [
        ("allowance.granted", "person", person.pk),
        ("allowance.changed", "person", person.pk),
        ("allowance.taken_back", "person", person.pk),
    ]
    assert facts() == {"exam": exam.pk, "learner": learner.pk, "kind": "additional_time_granted"}


def test_review_policies_are_on_record_without_their_text(person):
    exam, nobody = ExamFactory(), person.pk + 1000
    policies.create(exam.pk, person.pk, "Ann may use a reader.")
    policies.update(exam.pk, person.pk, "Ann may not.")
    policies.update(exam.pk, person.pk, "")
    policies.create(exam.pk, person.pk, "Books.")
    policies.update(exam.pk, nobody, "")
    assert on_record() == [
        ("review_policy.set", "person", person.pk),
        ("review_policy.set", "person", person.pk),
        ("review_policy.removed", "person", person.pk),
        ("review_policy.set", "person", person.pk),
        ("review_policy.removed", "system", None),
    ]


def test_erasure_is_on_record():
    learner = UserFactory()
    certificate = retirement.erase(learner.pk)
    retirement.at_vendors(learner.pk)
    entries = AuditEntry.objects.order_by("id").values_list("event", "subject_kind", "subject_id")
    assert list(entries) == [
        ("certificate.issued", "erasurecertificate", str(certificate.pk)),
        ("learner.erased", "learner", str(learner.pk)),
        ("learner.retired_at_vendors", "learner", str(learner.pk)),
    ]


def test_a_replay_is_on_record_also_when_it_fails(person):
    made = store(InboxDelivery, Envelope("watcher", "ready", "nobody's", b"{}"), config.keyring)
    with pytest.raises(ProctoredBaseException):
        inbox.replay(made.pk, person)
    assert on_record() == [("inboxdelivery.replayed", "person", person.pk)]


def test_a_replay_of_nothing_is_not(person):
    with pytest.raises(InboxDelivery.DoesNotExist):
        inbox.replay(17, person)
    assert on_record() == []


def test_every_event_can_be_looked_for():
    root = Path(proctoring.__file__).parent
    code = "".join(path.read_text() for path in root.rglob("*.py") if path.parts[-2:] != ("services", "audit.py"))
    assert set(RECORDED.findall(code)) <= set(audit.EVENTS)
    assert {event for event in audit.EVENTS if f'"{event}"' not in code} == OF_PAGES
