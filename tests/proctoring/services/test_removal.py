"""Attempts that go, here and at their vendor."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.common.http import VendorUnreachable
from proctoring.exceptions import (
    BackendProviderCannotRemoveAttempt,
    BackendProviderRemovalNotConfirmed,
    StudentExamAttemptDoesNotExistsException,
)
from proctoring.models import OutboxMessage, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import consequences, delivery, removal
from proctoring.services.transitions import change_status
from proctoring.statuses import CREDIT_RELEVANT, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt


@pytest.fixture
def attempt(vendor, lms):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), submitted=True, external_id="theirs")
    delivery.deliver_due()
    attempt.refresh_from_db()
    vendor.forget()
    return attempt


@pytest.fixture
def staff():
    return UserFactory(staff=True)


def kinds():
    return list(OutboxMessage.objects.order_by("pk").exclude(kind="vendor.exam").values_list("kind", flat=True))


def asked(vendor):
    return [call for call in vendor.calls if call[0] == "remove"]


class TestRemove:
    def test_asks_the_vendor_first_and_deletes_then(self, attempt, vendor, staff):
        removal.remove(attempt.pk, by=staff)
        assert asked(vendor) == [("remove", attempt.proctored_exam.external_id, "theirs")]
        assert not Attempt.objects.exists()
        assert kinds() == ["answers.delete", "grade.undo", "credit.remove"]
        row = Attempt.history.first()
        assert (row.history_type, row.history_user, row.history_change_reason) == ("-", staff, "removed")

    def test_what_the_lms_keeps_because_of_it_goes_after_commit(self, attempt, lms, staff, committed):
        with committed():
            removal.remove(attempt.pk, by=staff)
            assert lms.instructor.deleted == []
        exam, user = attempt.proctored_exam, attempt.user
        assert lms.instructor.deleted == [(user.username, exam.course_id, exam.content_id)]
        assert lms.grades.undone == [
            {"user_id": user.pk, "course_key_or_id": exam.course_id, "usage_key_or_id": exam.content_id}
        ]
        assert lms.credit.removed == [(user.pk, exam.content_id)]

    @pytest.mark.parametrize("status", sorted(Status))
    def test_credit_goes_where_the_status_meant_any(self, lms, status):
        attempt = AttemptFactory(status=status, proctored_exam__timed=True)
        removal.remove(attempt.pk, by=None)
        assert ("credit.remove" in kinds()) == (status in CREDIT_RELEVANT)

    @pytest.mark.parametrize("error", [VendorUnreachable("watcher"), ZeroDivisionError("secret words")])
    def test_keeps_everything_while_the_vendor_is_away(self, attempt, vendor, staff, caplog, error):
        vendor.fail_with = error
        with pytest.raises(BackendProviderCannotRemoveAttempt) as refusal:
            removal.remove(attempt.pk, by=staff)
        assert refusal.value.response_status == 502
        assert Attempt.objects.get() == attempt
        assert kinds() == []
        assert "secret" not in caplog.text + refusal.value.detail

    @pytest.mark.parametrize("answer", [False, None])
    def test_keeps_everything_until_the_vendor_confirms(self, attempt, vendor, staff, answer):
        vendor.confirms_removal = answer
        with pytest.raises(BackendProviderRemovalNotConfirmed):
            removal.remove(attempt.pk, by=staff)
        assert Attempt.objects.get() == attempt

    def test_weakness_47_a_vendor_that_is_not_configured_is_one_of_ours(self, staff):
        attempt = AttemptFactory(proctored_exam__backend="gone", external_id="theirs")
        with pytest.raises(BackendProviderCannotRemoveAttempt):
            removal.remove(attempt.pk, by=staff)

    def test_asks_nobody_about_what_no_vendor_has(self, vendor, lms, staff):
        vendor.forget()
        timed = AttemptFactory(proctored_exam__timed=True, external_id="of old")
        unregistered = AttemptFactory(proctored_exam__backend="watcher", external_id=None)
        for attempt in (timed, unregistered):
            removal.remove(attempt.pk, by=staff)
        assert asked(vendor) == []
        assert not Attempt.objects.exists()

    def test_of_what_is_not_there(self, staff):
        with pytest.raises(StudentExamAttemptDoesNotExistsException):
            removal.remove(10**6, by=staff)

    def test_an_id_that_comes_meanwhile_is_told_later(self, attempt, vendor, staff):
        vendor.before_answering = lambda: Attempt.objects.update(external_id="new")
        removal.remove(attempt.pk, by=staff)
        assert OutboxMessage.objects.get(kind="vendor.remove").payload["attempt"] == "new"

    def test_weakness_51_a_failing_lms_is_asked_again(self, attempt, lms, staff, committed):
        lms.credit.fail_removal_with = RuntimeError()
        with committed():
            removal.remove(attempt.pk, by=staff)
        assert lms.grades.undone
        lms.credit.fail_removal_with = None
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            delivery.deliver_due()
        assert len(lms.credit.removed) == len(lms.instructor.deleted) == 1

    def test_weakness_28_the_review_is_of_the_past_and_decides_nothing(self, attempt, staff):
        review = ReviewFactory(attempt=attempt)
        removal.remove(attempt.pk, by=staff)
        review.refresh_from_db()
        assert not review.is_attempt_active
        assert ProctoredExamSoftwareSecureReview.objects.count() == 1


class TestDiscard:
    def test_goes_at_once_and_the_vendor_hears_when_it_can(self, attempt, vendor, staff, committed):
        vendor.fail_with = VendorUnreachable("watcher")
        with committed():
            removal.discard(attempt.pk, by=staff)
        assert not Attempt.objects.exists()
        vendor.fail_with = None
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            delivery.deliver_due()
        assert vendor.answered == [("remove", attempt.proctored_exam.external_id, "theirs")]

    def test_a_vendor_that_does_not_confirm_is_not_asked_again(self, attempt, vendor, committed):
        vendor.confirms_removal = False
        with committed():
            removal.discard(attempt.pk, by=None)
        assert OutboxMessage.objects.get(kind="vendor.remove").state == "done"
        assert len(asked(vendor)) == 1


def test_nothing_takes_the_place_of_what_is_gone(lms):
    removal.retire(10**6, by=None)
    assert kinds() == []


def test_weakness_46_deleting_an_exam_or_a_learner_calls_nobody(attempt, vendor, committed):
    with committed():
        attempt.proctored_exam.delete()
    with committed():
        AttemptFactory(proctored_exam=ExamFactory(backend="watcher")).user.delete()
    assert asked(vendor) == []
    assert not Attempt.objects.exists()


class TestOnboardingErrors:
    @pytest.fixture
    def onboarding(self, vendor, lms):
        exam = ExamFactory(backend="watcher", practice=True, course_id="course-v1:Other+COURSE+2026")
        return AttemptFactory(proctored_exam=exam, status=Status.started)

    def refused(self, user, status=Status.onboarding_missing, backend="watcher", **fields):
        return AttemptFactory(
            user=user, proctored_exam=ExamFactory(backend=backend), status=status, external_id=None, **fields
        )

    def test_are_cleared_when_onboarding_is_done(self, onboarding, committed):
        for status in (Status.onboarding_missing, Status.onboarding_pending, Status.onboarding_failed):
            self.refused(onboarding.user, status)
        with committed():
            change_status(onboarding.pk, Status.submitted, actor=Actor.LEARNER)
        assert Attempt.objects.get() == onboarding

    def test_weakness_21_only_one_learners_at_one_vendor(self, onboarding, committed):
        kept = [
            self.refused(onboarding.user, backend="other"),
            self.refused(UserFactory()),
            self.refused(onboarding.user, Status.error),
        ]
        with committed():
            change_status(onboarding.pk, Status.submitted, actor=Actor.LEARNER)
        assert set(Attempt.objects.exclude(pk=onboarding.pk)) == set(kept)

    @pytest.mark.parametrize("target", [Status.error, Status.declined, Status.rejected])
    def test_weakness_21_not_when_onboarding_came_to_nothing(self, onboarding, committed, target):
        refused = self.refused(onboarding.user)
        with committed():
            change_status(onboarding.pk, target, actor=Actor.SYSTEM)
        assert refused in Attempt.objects.all()

    def test_not_for_a_graded_exam_nor_where_the_vendor_has_no_onboarding(self, onboarding, committed):
        refused = self.refused(onboarding.user)
        others = [ExamFactory(backend="watcher"), ExamFactory(backend="null", practice=True)]
        for exam in others:
            attempt = AttemptFactory(user=onboarding.user, proctored_exam=exam, status=Status.started)
            with committed():
                change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM)
        assert refused in Attempt.objects.all()

    def test_a_vendor_that_has_something_of_them_is_told(self, onboarding, vendor, committed):
        Attempt.objects.filter(pk=self.refused(onboarding.user).pk).update(external_id="theirs")
        with committed():
            change_status(onboarding.pk, Status.submitted, actor=Actor.LEARNER)
        assert ("remove", "theirs") in [(call[0], call[-1]) for call in vendor.calls]

    def several(self, user):
        for number in range(3):
            Attempt.objects.filter(pk=self.refused(user).pk).update(external_id=f"theirs-{number}")

    def test_a_vendor_that_is_away_is_left_alone_for_the_rest_of_the_pass(self, onboarding, vendor, committed):
        self.several(onboarding.user)
        delivery.deliver_due()
        vendor.forget()
        vendor.fail_with = VendorUnreachable("watcher")
        with committed():
            removal.clear_onboarding_errors(self.payload(onboarding.user))
        assert (len(asked(vendor)), Attempt.objects.count()) == (1, 1)
        vendor.fail_with = None
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            delivery.deliver_due()
        assert sorted(call[2] for call in vendor.answered) == ["theirs-0", "theirs-1", "theirs-2"]

    def test_a_vendor_that_does_not_confirm_is_asked_of_the_next(self, onboarding, vendor, committed):
        self.several(onboarding.user)
        vendor.confirms_removal = False
        with committed():
            removal.clear_onboarding_errors(self.payload(onboarding.user))
        assert len(asked(vendor)) == 3

    def payload(self, user):
        return {"user_id": user.pk, "backend": "watcher", "before": timezone.now().isoformat()}

    def test_what_was_refused_later_stays(self, onboarding):
        change_status(onboarding.pk, Status.submitted, actor=Actor.LEARNER)
        refused = self.refused(onboarding.user)
        delivery.deliver_due()
        assert refused in Attempt.objects.all()


@pytest.mark.parametrize("known", [True, False])
def test_answers_are_deleted_in_somebodys_name(lms, known):
    learner = UserFactory()
    about = {"user_id": learner.pk, "course_id": "c", "content_id": "b"}
    consequences.delete_answers(about | {"requester_id": UserFactory().pk if known else 10**6})
    consequences.delete_answers(about | {"requester_id": None})
    assert lms.instructor.deleted == [(learner.username, "c", "b")] * 2


def test_answers_of_a_learner_who_is_gone_are_gone(lms):
    consequences.delete_answers({"user_id": 10**6, "course_id": "c", "content_id": "b", "requester_id": None})
    assert lms.instructor.deleted == []
