"""Staff vouch."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import ManualFactory
from verify_student.models import ManualVerification
from verify_student.services import manual, standing

pytestmark = pytest.mark.django_db


def test_a_learner_is_verified_and_hidden():
    user = UserFactory(first_name="Amal", last_name="Haddad")
    made = manual.vouch(user, reason="seen at the desk")
    assert (made.status, made.name, made.reason) == ("approved", "Amal Haddad", "seen at the desk")
    assert standing.is_verified(user)
    assert not made.should_display_status_to_user()


def test_twice_is_once():
    user = UserFactory()
    assert manual.vouch(user) == manual.vouch(user)
    assert ManualVerification.objects.count() == 1


def test_old_and_denied_ones_do_not_count():
    user = UserFactory()
    with time_machine.travel(timezone.now() - timedelta(days=366), tick=False):
        manual.vouch(user)
    ManualFactory(user=user, status="denied")
    assert manual.recent(user) is None
    assert manual.vouch(user) == manual.recent(user)
