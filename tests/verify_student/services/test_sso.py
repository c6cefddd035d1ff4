"""Trust in identity providers."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import SSOFactory
from verify_student.models import PhotoVerification, SSOVerification
from verify_student.services import sso, standing
from verify_student.signals import LEARNER_SSO_VERIFIED

pytestmark = pytest.mark.django_db

SAML = SSOVerification.SAML


@pytest.fixture
def user():
    return UserFactory(first_name="Amal", last_name="Haddad")


@pytest.fixture
def heard():
    told = []

    def listener(sender, user, **kwargs):
        told.append((sender, user))

    LEARNER_SSO_VERIFIED.connect(listener)
    yield told
    LEARNER_SSO_VERIFIED.disconnect(listener)


def test_a_login_verifies_and_is_announced(user, heard, committed):
    with committed():
        made = sso.record_login(user, SAML, "gatech")
    assert (made.status, made.name, made.identity_provider_type) == ("approved", "Amal Haddad", SAML)
    assert made.identity_provider_slug == "gatech"
    assert standing.is_verified(user)
    assert heard == [(PhotoVerification, user)]


def test_the_next_login_finds_it(user, heard, committed):
    with committed():
        made = sso.record_login(user, SAML, "gatech")
        assert sso.record_login(user, SAML, "gatech") == made
    assert len(heard) == 1


@pytest.mark.parametrize(
    "other", [{"identity_provider_slug": "mit"}, {"identity_provider_type": SSOVerification.LTI}, {"status": "denied"}]
)
def test_another_provider_and_a_denial_do_not_count(user, other):
    known = SSOFactory(**({"user": user, "identity_provider_slug": "gatech"} | other))
    assert sso.record_login(user, SAML, "gatech") != known


def test_an_old_one_is_replaced(user):
    with time_machine.travel(timezone.now() - timedelta(days=366), tick=False):
        old = sso.record_login(user, SAML, "gatech")
    assert sso.record_login(user, SAML, "gatech") != old


def test_values_that_are_longer_than_their_columns(host, user):
    host.profiles.names[user.pk] = "n" * 300
    made = sso.record_login(user, SAML, "s" * 40)
    assert (len(made.name), len(made.identity_provider_slug)) == (255, 30)
    assert sso.record_login(user, SAML, "s" * 40) == made
