"""What staff do to attempts of plug-ins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory
from verify_student import signals
from verify_student.exceptions import VerificationNotFound, VerificationPermissionDenied
from verify_student.models import VerificationAttempt
from verify_student.services.staff_actions import attempts
from verify_student.services.staff_actions.attempts import SoAlready

pytestmark = pytest.mark.django_db

APPROVE, DENY = attempts.VERBS


@pytest.fixture
def reviewer():
    return UserFactory(superuser=True)


@pytest.fixture
def heard():
    names = []

    def listen(**arguments):
        names.append(arguments["idv_attempt"].status)

    for signal in (signals.IDV_ATTEMPT_APPROVED, signals.IDV_ATTEMPT_DENIED):
        signal.connect(listen, weak=False, dispatch_uid="test")
    yield names
    for signal in (signals.IDV_ATTEMPT_APPROVED, signals.IDV_ATTEMPT_DENIED):
        signal.disconnect(dispatch_uid="test")


@pytest.mark.parametrize(("verb", "status"), [(APPROVE, "approved"), (DENY, "denied")])
class TestDeciding:
    def test_it_is_told_like_the_plug_ins(self, reviewer, committed, heard, verb, status):
        end = timezone.now() + timedelta(days=9)
        attempt = AttemptFactory(status="pending", expiration_datetime=end)
        with committed():
            verb.perform(attempt, reviewer, "why")
        attempt.refresh_from_db()
        assert (attempt.status, attempt.expiration_datetime, heard) == (status, end, [status])

    def test_it_is_foretold(self, reviewer, verb, status):
        assert str(attempts.TOLD) in map(str, verb.foresee(AttemptFactory(status="pending"), reviewer))

    def test_a_second_time_is_told_to_nobody(self, reviewer, committed, heard, verb, status):
        attempt = AttemptFactory(status=status)
        for deed in (lambda: verb.foresee(attempt, reviewer), lambda: verb.perform(attempt, reviewer, "why")):
            with committed(), pytest.raises(SoAlready):
                deed()
        assert heard == []

    def test_nobody_on_themselves(self, reviewer, verb, status):
        with pytest.raises(VerificationPermissionDenied):
            verb.perform(AttemptFactory(user=reviewer), reviewer, "why")

    def test_of_nothing(self, reviewer, verb, status):
        attempt = AttemptFactory()
        VerificationAttempt.objects.all().delete()
        with pytest.raises(VerificationNotFound):
            verb.perform(attempt, reviewer, "why")


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (None, "for good"),
        (timedelta(days=-1), "does not make the learner verified"),
        (timedelta(days=1), "counts as verified until"),
    ],
)
def test_until_when_it_will_count(reviewer, end, sentence):
    attempt = AttemptFactory(expiration_datetime=end and timezone.now() + end)
    assert sentence in str(APPROVE.foresee(attempt, reviewer)[0])
