"""Staff take back that they vouched for a learner."""

import pytest

from tests.factories import UserFactory
from tests.verify_student.factories import ManualFactory
from verify_student.exceptions import VerificationNotFound, VerificationPermissionDenied
from verify_student.models import ManualVerification
from verify_student.services import standing
from verify_student.services.staff_actions import vouched

pytestmark = pytest.mark.django_db

[TAKE_BACK] = vouched.VERBS


def test_the_learner_is_verified_no_more():
    row, reviewer = ManualFactory(), UserFactory(superuser=True)
    assert standing.is_verified(row.user)
    assert "not verified any more" in str(TAKE_BACK.foresee(row, reviewer)[0])
    TAKE_BACK.perform(row, reviewer, "why")
    assert not standing.is_verified(row.user)
    # Nobody is told to try again what they never tried.
    assert standing.of_user(row.user).speaking is None


def test_a_second_time_there_is_nothing():
    row, reviewer = ManualFactory(), UserFactory(superuser=True)
    TAKE_BACK.perform(row, reviewer, "why")
    row.pk = 999
    with pytest.raises(VerificationNotFound):
        TAKE_BACK.perform(row, reviewer, "why")


def test_nobody_on_themselves():
    reviewer = UserFactory(superuser=True)
    with pytest.raises(VerificationPermissionDenied):
        TAKE_BACK.perform(ManualFactory(user=reviewer), reviewer, "why")
    assert ManualVerification.objects.exists()
