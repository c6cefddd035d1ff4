"""Verifying by command whoever is linked to an identity provider."""

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import SSOFactory
from tests.verify_student.management.commanding import exit_code, run
from verify_student.lms.types import SignOnProvider
from verify_student.models import OutboxMessage, PhotoVerification, SSOVerification
from verify_student.services import delivery
from verify_student.services.standing import is_verified
from verify_student.signals import LEARNER_SSO_VERIFIED

pytestmark = pytest.mark.django_db

COMMAND = "backfill_sso_verifications_for_old_account_links"
GATECH = "saml-gatech"


@pytest.fixture
def linked(host):
    """Who is linked to Georgia Tech, which is trusted."""
    host.sign_ons.providers[GATECH] = SignOnProvider(SSOVerification.SAML, "gatech", vouches=True)
    return host.sign_ons.linked.setdefault(GATECH, [])


@pytest.fixture
def heard():
    told = []

    def listener(sender, user, **kwargs):
        told.append((sender, user.pk))

    LEARNER_SSO_VERIFIED.connect(listener)
    yield told
    LEARNER_SSO_VERIFIED.disconnect(listener)


def rows():
    fields = ("user_id", "status", "name", "identity_provider_type", "identity_provider_slug")
    return list(SSOVerification.objects.order_by("pk").values_list(*fields))


def slugs_of(user):
    return list(
        SSOVerification.objects.filter(user=user).order_by("pk").values_list("identity_provider_slug", flat=True)
    )


def test_whoever_is_linked_is_verified_and_announced(linked, heard, committed):
    users = [UserFactory(), UserFactory()]
    linked += [user.pk for user in users]
    assert run(COMMAND, "--provider-slug", GATECH)[0] == "2 verified.\n"
    assert rows() == [(user.pk, "approved", "Amal Haddad", SSOVerification.SAML, "gatech") for user in users]
    assert is_verified(users[0])
    with committed():
        delivery.courier.do_due()
    assert heard == [(PhotoVerification, user.pk) for user in users]


def test_weakness_w71_the_hosts_work_is_left_to_the_task_queue(linked, heard):
    linked += [UserFactory().pk, UserFactory().pk]
    run(COMMAND, provider_slug=GATECH)
    assert heard == []
    kept = OutboxMessage.objects.order_by("pk").values_list("kind", "destination", "state")
    assert list(kept) == [("announce.sign_on", "host", "pending")] * 2


def test_again_it_finds_nothing_to_do(linked, heard, committed):
    linked.append(UserFactory().pk)
    run(COMMAND, "--provider-slug", GATECH)
    assert run(COMMAND, "--provider_slug", GATECH)[0] == "1 verified before.\n"
    with committed():
        delivery.courier.do_due()
    assert (len(rows()), len(heard)) == (1, 1)


@pytest.mark.parametrize(
    "other", [{"status": "denied"}, {"status": "created"}, {"expiration_date": timedelta(days=-1)}]
)
def test_weakness_w71_what_does_not_count_excludes_nobody(linked, other):
    user = UserFactory()
    end = {name: timezone.now() + value for name, value in other.items() if name == "expiration_date"}
    SSOFactory(user=user, identity_provider_slug="mit", **(other | end))
    linked.append(user.pk)
    run(COMMAND, "--provider-slug", GATECH)
    assert slugs_of(user) == ["mit", "gatech"]


def test_whom_another_provider_verifies_is_left_out(linked):
    user = UserFactory()
    SSOFactory(user=user, identity_provider_slug="mit")
    linked.append(user.pk)
    assert run(COMMAND, "--provider-slug", GATECH)[0] == "1 verified before.\n"
    assert slugs_of(user) == ["mit"]


@pytest.mark.parametrize("size", ["1", "2", "500"])
def test_two_links_of_a_learner_make_one_row(linked, size):
    user, other = UserFactory(), UserFactory()
    linked += [user.pk, other.pk, user.pk]
    run(COMMAND, "--provider-slug", GATECH, "--batch-size", size)
    assert [pk for pk, *_ in rows()] == [user.pk, other.pk]


def test_weakness_w71_a_dry_run_says_the_same_and_changes_nothing(linked):
    known = SSOFactory(user=UserFactory())
    linked += [known.user_id, UserFactory().pk]
    out, _ = run(COMMAND, "--provider-slug", GATECH, "--dry-run")
    assert out == "Dry run, nothing was changed: 1 verified, 1 verified before.\n"
    assert len(rows()) == 1
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("provider_id", ["gatech", "saml-nowhere", "saml-off", ""])
def test_weakness_w71_a_provider_that_cannot_be_used_is_bad_usage(linked, host, provider_id):
    host.sign_ons.providers["saml-off"] = SignOnProvider(SSOVerification.SAML, "off", vouches=False)
    host.sign_ons.linked["saml-off"] = [UserFactory().pk]
    with pytest.raises(CommandError) as caught:
        run(COMMAND, "--provider-slug", provider_id)
    assert caught.value.returncode == 2
    assert exit_code(COMMAND, "--provider-slug", provider_id) == 2
    assert rows() == []


def test_a_host_without_identity_providers_has_none():
    with pytest.raises(CommandError, match="no such provider"):
        run(COMMAND, "--provider-slug", GATECH)


def test_the_provider_has_to_be_named():
    with pytest.raises(CommandError, match="--provider-slug"):
        run(COMMAND)


def test_one_who_cannot_be_verified_stops_nobody_and_is_a_failure(linked, host, caplog):
    user, other = UserFactory(), UserFactory()
    linked += [user.pk, other.pk]
    host.profiles.names[user.pk] = LookupError("Amal Haddad")
    with pytest.raises(CommandError) as caught:
        run(COMMAND, "--provider-slug", GATECH)
    assert caught.value.returncode == 1
    assert [pk for pk, *_ in rows()] == [other.pk]
    assert f"user={user.pk} error=LookupError" in caplog.text
    assert "Haddad" not in caplog.text


def test_values_that_are_longer_than_their_columns(linked, host, heard, committed):
    host.sign_ons.providers[GATECH] = SignOnProvider(SSOVerification.OAUTH2, "s" * 40, vouches=True)
    user = UserFactory()
    host.profiles.names[user.pk] = "n" * 300
    linked.append(user.pk)
    run(COMMAND, "--provider-slug", GATECH)
    assert rows() == [(user.pk, "approved", "n" * 255, SSOVerification.OAUTH2, "s" * 30)]
    with committed():
        delivery.courier.do_due()
    assert len(heard) == 1


def test_nobody_is_announced_whose_verification_has_gone_meanwhile(linked, heard, committed):
    linked.append(UserFactory().pk)
    run(COMMAND, "--provider-slug", GATECH)
    SSOVerification.objects.all().delete()
    with committed():
        delivery.courier.do_due()
    assert heard == []
    assert not OutboxMessage.objects.exclude(state="done").exists()
