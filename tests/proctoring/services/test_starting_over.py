"""A learner begins an exam again (contract rest.md §5.7, since_6_1.md 14)."""

import pytest

from proctoring.exceptions import BackendProviderRemovalNotConfirmed
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import starting_over
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]
Attempt = ProctoredExamStudentAttempt


@pytest.fixture
def attempts(vendor):
    exam, learner = ExamFactory(backend="watcher", practice=True), UserFactory()
    return [
        AttemptFactory(user=learner, proctored_exam=exam, status=status)
        for status in (Status.rejected, Status.error, Status.created)
    ]


def start_over(attempt):
    return starting_over.remove_all(attempt.proctored_exam_id, attempt.user_id, by=UserFactory(staff=True))


def test_all_go_and_then_there_are_none(attempts):
    assert start_over(attempts[0])
    assert not Attempt.objects.exists()
    assert not start_over(attempts[0])


def test_weakness_x5_what_a_vendor_refuses_stays_with_all_that_came_later(attempts, vendor):
    vendor.forget()
    vendor.before_answering = lambda: setattr(vendor, "confirms_removal", len(vendor.answered) == 1)
    with pytest.raises(BackendProviderRemovalNotConfirmed) as refusal:
        start_over(attempts[0])
    assert "1 of 3 attempts were removed" in refusal.value.detail
    assert "Nothing was changed" not in refusal.value.detail
    assert refusal.value.response_status == 502
    assert list(Attempt.objects.order_by("pk")) == attempts[1:]
    vendor.forget()
    assert start_over(attempts[0])
    assert not Attempt.objects.exists()


def test_where_nothing_went_nothing_was_changed(attempts, vendor):
    vendor.forget()
    vendor.confirms_removal = False
    with pytest.raises(BackendProviderRemovalNotConfirmed, match="Nothing was changed"):
        start_over(attempts[0])
    assert Attempt.objects.count() == len(attempts)


def test_what_somebody_else_has_just_removed_is_removed(attempts, vendor):
    vendor.forget()
    vendor.before_answering = lambda: Attempt.objects.filter(pk=attempts[1].pk).delete()
    assert start_over(attempts[0])
    assert not Attempt.objects.exists()
