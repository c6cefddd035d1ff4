"""What a legal hold covers is neither purged nor erased."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from proctoring.common.acting import ReasonMissing
from proctoring.common.inbox import Envelope, InboxState, store
from proctoring.common.retention.holds import LiftedAlready, NothingToHold
from proctoring.conf import config
from proctoring.models import (
    AuditEntry,
    IdempotentAnswer,
    InboxDelivery,
    OutboxMessage,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
    RetentionHold,
    StaffAction,
)
from proctoring.services import holds, idempotency, retention
from proctoring.services.idempotency import Asked
from proctoring.services.pace import account_of
from tests.factories import AllowanceFactory, AttemptFactory, CommentFactory, ExamFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db

Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview
LONG_AGO = timezone.now() - timedelta(days=2000)
SHORT = {
    "REVIEW_RETENTION_DAYS": 100,
    "ATTEMPT_HISTORY_RETENTION_DAYS": 100,
    "ALLOWANCE_HISTORY_RETENTION_DAYS": 100,
    "STAFF_ACTION_RETENTION_DAYS": 100,
}


@pytest.fixture(autouse=True)
def _short(settings):
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | SHORT


@pytest.fixture
def boss():
    return UserFactory()


def old_data(user):
    """Of every kind that goes in time, one of the learner's, in a course of its own."""
    attempt = AttemptFactory(user=user, submitted=True)
    review = ReviewFactory(attempt=attempt, raw_data='{"who": "Ada"}', encrypted_video_url=b"sealed")
    CommentFactory(review=review)
    AllowanceFactory(user=user, proctored_exam=attempt.proctored_exam).save()
    envelope = Envelope("watcher", "review", attempt.external_id, b"{}")
    delivery = store(InboxDelivery, envelope, config.keyring)
    InboxDelivery.objects.filter(pk=delivery.pk).update(state=InboxState.APPLIED, due_at=None)
    OutboxMessage.objects.create(kind="vendor.stop", payload={"attempt_id": attempt.pk})
    idempotency.begin(Asked(owner=account_of(user), key=f"k{user.pk}", digest="d"))
    return attempt


def make_old():
    Review.objects.update(modified=LONG_AGO)
    Attempt.history.update(history_date=LONG_AGO)
    ProctoredExamStudentAllowanceHistory.objects.update(created=LONG_AGO)
    InboxDelivery.objects.update(received_at=LONG_AGO)
    OutboxMessage.objects.update(state="done", due_at=LONG_AGO, done_at=LONG_AGO)
    IdempotentAnswer.objects.update(claimed_at=LONG_AGO)


def left(attempt):
    """What is there of the learner, kind by kind."""
    user = attempt.user
    return {
        "reviews": Review.objects.filter(student=user).exclude(raw_data="").count(),
        "history": Attempt.history.filter(user_id=user.pk).exists(),
        "allowances": ProctoredExamStudentAllowanceHistory.objects.filter(user=user).count(),
        "received": InboxDelivery.objects.filter(subject=attempt.external_id).count(),
        "sent": OutboxMessage.objects.filter(kind="vendor.stop", payload__attempt_id=attempt.pk).count(),
        "answers": IdempotentAnswer.objects.filter(owner=account_of(user)).count(),
    }


ALL = {"reviews": 1, "history": True, "allowances": 1, "received": 1, "sent": 1, "answers": 1}
NOTHING = {"reviews": 0, "history": False, "allowances": 0, "received": 0, "sent": 0, "answers": 0}


def test_what_is_old_goes_unless_its_learner_is_held(boss, lms):
    held, free = old_data(UserFactory()), old_data(UserFactory())
    make_old()
    hold = holds.place(boss, "A lawsuit", case="7 U 12", learner=held.user)
    retention.purge()
    assert (left(held), left(free)) == (ALL, NOTHING)
    holds.lift(hold, boss, "Settled")
    retention.purge()
    assert left(held) == NOTHING


def test_a_course_is_held_with_all_who_are_in_it(boss, lms):
    held, free = old_data(UserFactory()), old_data(UserFactory())
    free.proctored_exam.course_id = "another"
    free.proctored_exam.save()
    make_old()
    holds.place(boss, "An audit", course_id=held.proctored_exam.course_id)
    retention.purge()
    # Their browsers' repeated requests belong to no course.
    assert (left(held), left(free)) == (ALL | {"answers": 0}, NOTHING)


def test_a_learner_in_another_course_is_not_covered(boss, lms):
    attempt = old_data(UserFactory())
    make_old()
    holds.place(boss, "A complaint", learner=attempt.user, course_id="another")
    retention.purge()
    assert left(attempt) == NOTHING | {"answers": 1}
    assert not holds.cover(attempt.user_id)


def test_what_staff_did_stays_while_anything_is_held(boss):
    StaffAction.objects.create(verb="approve-attempt", state="done", finished_at=LONG_AGO, reason="Why")
    hold = holds.place(boss, "A lawsuit", learner=UserFactory())
    assert retention.purge() == 0
    holds.lift(hold, boss, "Settled")
    assert retention.purge() == 1


def test_deleted_attempts_are_covered_too(boss, lms):
    attempt = old_data(UserFactory())
    make_old()
    holds.place(boss, "A lawsuit", learner=attempt.user)
    attempt.delete()
    Attempt.history.update(history_date=LONG_AGO)
    retention.purge()
    assert left(attempt)["received"] == 1
    assert left(attempt)["history"]


def test_what_is_left_of_deleted_exams_is_covered_too(boss, lms):
    """What told its course is the exam's own history; its reviews and allowances went before the hold came."""
    held, free = old_data(UserFactory()), old_data(UserFactory())
    free.proctored_exam.course_id = "another"
    free.proctored_exam.save()
    for attempt in (held, free):
        attempt.proctored_exam.delete()
    make_old()
    holds.place(boss, "An audit", course_id=held.proctored_exam.course_id)
    retention.purge()
    assert left(held) == NOTHING | {"history": True, "received": 1, "sent": 1}
    assert left(free) == NOTHING


def test_what_is_left_of_deleted_attempts_is_covered_too(boss, lms):
    held, free = old_data(UserFactory()), old_data(UserFactory())
    for attempt in (held, free):
        # As rows of an old release are, that do not know their learner.
        Review.objects.filter(attempt_code=attempt.attempt_code).update(student=None)
        Attempt.objects.filter(pk=attempt.pk).delete()
    make_old()
    holds.place(boss, "A lawsuit", learner=held.user)
    retention.purge()
    assert left(held) == ALL | {"reviews": 0}
    assert left(free) == NOTHING
    kept = Review.objects.exclude(raw_data="").values_list("attempt_code", flat=True)
    assert list(kept) == [held.attempt_code]


@pytest.mark.skipif(connection.vendor != "mysql", reason="one collation only; `make test-services` runs this")
def test_tables_may_have_another_collation_than_the_connection(boss, lms):
    held, free = old_data(UserFactory()), old_data(UserFactory())
    free.proctored_exam.course_id = "another"
    free.proctored_exam.save()
    make_old()
    holds.place(boss, "An audit", course_id=held.proctored_exam.course_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@collation_connection")
        before = cursor.fetchone()
        cursor.execute("SET collation_connection = 'utf8mb4_unicode_520_ci'")
        retention.purge()
        cursor.execute("SET collation_connection = %s", before)
    assert (left(held)["sent"], left(free)["sent"]) == (1, 0)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_holds_cost_no_statements(boss, lms, query_budget, count):
    old_data(UserFactory())
    make_old()
    for _ in range(count):
        holds.place(boss, "A lawsuit", learner=UserFactory())
    with query_budget("retention.purge"):
        retention.purge()


def test_a_hold_has_a_reason_and_something_to_hold(boss):
    with pytest.raises(ReasonMissing):
        holds.place(boss, " ", learner=UserFactory())
    with pytest.raises(NothingToHold):
        holds.place(boss, "A lawsuit", course_id=" ")
    assert not RetentionHold.objects.exists()


def test_a_hold_is_lifted_once_and_stays_on_record(boss):
    hold = holds.place(boss, "A lawsuit", case=" 7 U 12 ", learner=UserFactory())
    with pytest.raises(ReasonMissing):
        holds.lift(hold, boss, "")
    holds.lift(hold, boss, "Settled")
    with pytest.raises(LiftedAlready):
        holds.lift(hold, boss, "Again")
    hold.refresh_from_db()
    assert (hold.case_reference, hold.lifted_by, hold.lifted_because) == ("7 U 12", boss, "Settled")
    assert list(AuditEntry.objects.order_by("pk").values_list("event", "actor_id")) == [
        ("hold.placed", boss.pk),
        ("hold.lifted", boss.pk),
    ]


def test_whose_data_is_held_cannot_be_deleted(boss):
    learner = UserFactory()
    hold = holds.place(boss, "A lawsuit", learner=learner)
    with pytest.raises(ProtectedError):
        learner.delete()
    holds.lift(hold, boss, "Settled")
    learner.delete()
    hold.refresh_from_db()
    assert hold.user is None


def test_an_account_with_data_of_a_held_course_cannot_be_deleted(boss):
    attempt = AttemptFactory()
    other = UserFactory()
    hold = holds.place(boss, "An audit", course_id=attempt.proctored_exam.course_id)
    with pytest.raises(ProtectedError) as refused, transaction.atomic():
        attempt.user.delete()
    assert attempt.user.username not in str(refused.value.args[0])
    other.delete()
    holds.lift(hold, boss, "Settled")
    attempt.user.delete()
    assert not Attempt.objects.exists()


def test_the_hosts_own_admin_says_that_it_may_not(boss, client, caplog):
    attempt = AttemptFactory()
    holds.place(boss, "An audit", course_id=attempt.proctored_exam.course_id)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    address = reverse("admin:auth_user_delete", args=[attempt.user_id])
    assert client.post(address, {"post": "yes"}).status_code == HTTPStatus.FORBIDDEN
    assert Attempt.objects.filter(pk=attempt.pk).exists()
    assert attempt.user.username not in caplog.text


class TestAnExam:
    """It takes reviews, comments and allowances with it."""

    def refused(self, exam):
        with pytest.raises(ProtectedError), transaction.atomic():
            type(exam).objects.filter(pk=exam.pk).delete()
        return type(exam).objects.filter(pk=exam.pk).exists()

    def test_in_a_held_course_stays(self, boss):
        exam, other = ExamFactory(), ExamFactory(course_id="another")
        hold = holds.place(boss, "An audit", course_id=exam.course_id)
        assert self.refused(exam)
        other.delete()
        holds.lift(hold, boss, "Settled")
        exam.delete()

    @pytest.mark.parametrize("course", ["", "its own"])
    @pytest.mark.parametrize("make", [AttemptFactory, AllowanceFactory])
    def test_with_a_row_of_a_held_learner_stays(self, boss, make, course):
        row, other = make(), make(proctored_exam__course_id="another")
        exam = row.proctored_exam
        holds.place(boss, "A lawsuit", learner=row.user, course_id=course and exam.course_id)
        assert self.refused(exam)
        other.proctored_exam.delete()

    def test_with_a_row_that_is_gone_of_a_held_learner_stays(self, boss):
        attempt = AttemptFactory()
        attempt.delete()
        holds.place(boss, "A lawsuit", learner=attempt.user)
        assert self.refused(attempt.proctored_exam)

    def test_of_a_learner_who_is_held_in_another_course_goes(self, boss):
        attempt = AttemptFactory()
        holds.place(boss, "A lawsuit", learner=attempt.user, course_id="another")
        attempt.proctored_exam.delete()
        assert not Attempt.objects.exists()
