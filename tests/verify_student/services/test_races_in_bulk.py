"""Operators' commands that run at the same time as each other, on a database with row locks."""

from collections import Counter
from itertools import cycle

import pytest
from django.db import connection

from tests.factories import UserFactory
from tests.proctoring.services.test_concurrency import WORKERS, together
from tests.verify_student.factories import VerificationFactory
from verify_student.lms.types import SignOnProvider
from verify_student.models import ManualVerification, OutboxMessage, SSOVerification
from verify_student.services import approving, backfill, manual, sso, vouching

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]

LEARNERS = 7
PROVIDER = SignOnProvider(SSOVerification.SAML, "gatech", vouches=True)


@pytest.fixture
def users():
    return [UserFactory(email=f"learner{number}@example.test") for number in range(LEARNERS)]


def added(batches):
    return sum((Counter(batch.counts) for batch in batches), Counter())


def test_each_learner_is_vouched_for_once(users):
    addresses = [(number, user.email) for number, user in enumerate(users, start=1)]
    orders = cycle([addresses, [*reversed(addresses)]])

    def work():
        manual.vouch(users[3])
        return added(vouching.vouch(next(orders), 3, print))

    outcomes = together(work)
    assert sum(outcomes, Counter()) == {"verified": LEARNERS - 1, "verified before": WORKERS * LEARNERS - LEARNERS + 1}
    assert ManualVerification.objects.count() == LEARNERS


def test_each_learner_is_verified_by_a_provider_once(users, host):
    host.sign_ons.linked["saml-gatech"] = [user.pk for user in users for _ in range(2)]

    def work():
        sso.record_login(users[3], SSOVerification.SAML, "gatech")
        return added(backfill.backfill("saml-gatech", PROVIDER, 5))

    assert not [outcome for outcome in together(work) if isinstance(outcome, Exception)]
    assert SSOVerification.objects.count() == LEARNERS
    assert OutboxMessage.objects.count() == LEARNERS - 1


def test_each_learner_is_approved_once(users):
    for user in users:
        VerificationFactory(user=user, status="submitted")
    ids = [user.pk for user in users]
    outcomes = sum(together(lambda: added(approving.approve(ids, 3, print))), Counter())
    assert outcomes["approved"] == LEARNERS
    assert sum(outcomes.values()) == WORKERS * LEARNERS
    assert OutboxMessage.objects.filter(kind="mail.approved").count() == LEARNERS
