"""Reviews that are decided again while somebody else decides."""

import pytest

from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import verdicts
from proctoring.services.transitions import change_status
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ReviewFactory
from tests.fakes import WatchingBackend

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview


class MeddlingBackend(WatchingBackend):
    """A vendor during whose first answer something else happens."""

    meddle = staticmethod(lambda: None)

    @property
    def passing_statuses(self):
        meddle, type(self).meddle = type(self).meddle, staticmethod(lambda: None)
        meddle()
        return ("Clean",)


@pytest.fixture
def attempt(settings, lms):
    settings.PROCTORING_BACKENDS = settings.PROCTORING_BACKENDS | {"meddling": {"class": f"{__name__}.MeddlingBackend"}}
    attempt = AttemptFactory(proctored_exam__backend="meddling", submitted=True)
    ReviewFactory(attempt=attempt)
    Attempt.objects.filter(pk=attempt.pk).update(status=Status.submitted)
    return attempt


def decided(meddle):
    MeddlingBackend.meddle = staticmethod(meddle)
    (batch,) = verdicts.decide(Review.objects.all(), 10)
    return dict(batch.counts)


def test_what_was_decided_meanwhile_is_decided(attempt):
    counts = decided(lambda: change_status(attempt.pk, Status.verified, actor=Actor.STAFF))
    assert counts == {verdicts.UNCHANGED: 1}
    assert attempt.history.filter(status=Status.verified).count() == 2


def test_a_review_that_was_changed_meanwhile_says_what_it_says_now(attempt):
    counts = decided(lambda: Review.objects.update(review_status="Not Reviewed"))
    assert counts == {"submitted -> error": 1}


@pytest.mark.parametrize("model", [Review, Attempt])
def test_what_was_deleted_meanwhile_decides_nothing(attempt, model):
    assert decided(lambda: model.objects.all().delete()) == {verdicts.WITHOUT_ATTEMPT: 1}
