"""What is put on record of identity verification."""

import json
import re
from pathlib import Path

import pytest

import verify_student
from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from verify_student.lms.types import SignOnProvider
from verify_student.models import AuditEntry, SSOVerification, VerificationAttempt
from verify_student.services import (
    audit,
    backfill,
    local_review,
    manual,
    plugin_attempts,
    retirement,
    sso,
    verifications,
)
from verify_student.statuses import Actor

pytestmark = pytest.mark.django_db
RECORDED = re.compile(r'(?:record|entry)\(\s*"([a-z_.]+)"')
OF_PAGES = {"inboxdelivery.looked_at", "outboxmessage.looked_at"}


def on_record():
    return list(AuditEntry.objects.order_by("id").values_list("event", "actor_kind", "actor_id"))


@pytest.fixture
def person():
    return UserFactory(superuser=True)


def test_a_providers_word_is_on_record_once():
    row = VerificationFactory(status="submitted")
    for _ in range(2):
        verifications.approve(row.pk, actor=Actor.PROVIDER, service="software_secure")
    verifications.deny(row.pk, "[]", actor=Actor.PROVIDER, code="x")
    assert on_record() == [("verification.approved", "vendor", None), ("verification.denied", "vendor", None)]


def test_reviewers_opinions_and_decisions_are_on_record(person, settings):
    settings.VERIFY_STUDENT = {"PROVIDER": "local", "FOUR_EYES": True}
    row, second = VerificationFactory(status="submitted", provider="local"), UserFactory(superuser=True)
    local_review.approve(row.pk, person, seen="submitted")
    local_review.approve(row.pk, second, seen="submitted")
    assert on_record() == [
        ("verification.opinion_given", "person", person.pk),
        ("verification.opinion_given", "person", second.pk),
        ("verification.approved", "person", second.pk),
    ]
    facts = json.loads(AuditEntry.objects.latest("id").facts)
    assert facts == {"by": "local_review", "from_status": "submitted"}


def test_vouching_is_on_record(person):
    learner, others = UserFactory(), UserFactory.create_batch(2)
    made = manual.vouch(learner, reason="Ann showed her passport.", by=person)
    manual.vouch(learner, by=person)
    manual.take_back(made.pk, by=person)
    manual.vouch_together(others)
    assert on_record() == [
        ("learner.vouched_for", "person", person.pk),
        ("learner.vouching_taken_back", "person", person.pk),
        ("learner.vouched_for", "system", None),
        ("learner.vouched_for", "system", None),
    ]
    assert "Ann" not in "".join(AuditEntry.objects.values_list("facts", flat=True))


def test_decisions_of_plug_ins_are_on_record_and_nothing_else_of_theirs(person):
    row = plugin_attempts.create(UserFactory(), "Ann", "created")
    plugin_attempts.update(row.pk, status="pending")
    plugin_attempts.update(row.pk, status="approved")
    plugin_attempts.update(row.pk, status="denied", by=person)
    assert on_record() == [("verification.decided", "vendor", None), ("verification.decided", "person", person.pk)]
    assert VerificationAttempt.objects.get().status == "denied"


@pytest.mark.parametrize("status", ["approved", "denied"])
def test_a_plug_in_may_begin_with_a_decision(status):
    row = plugin_attempts.create(UserFactory(), "Ann", status)
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.actor_kind, entry.subject_id) == ("verification.decided", "vendor", str(row.pk))


def test_trust_in_single_sign_on_is_on_record_once(host):
    learner, others = UserFactory(), UserFactory.create_batch(3)
    for _ in range(2):
        sso.record_login(learner, SSOVerification.SAML, "gatech")
    host.sign_ons.linked["saml-gatech"] = [learner.pk, *(other.pk for other in others)]
    list(backfill.backfill("saml-gatech", SignOnProvider(SSOVerification.SAML, "gatech", vouches=True), 100))
    entries = AuditEntry.objects.order_by("id")
    assert {(entry.event, entry.actor_kind) for entry in entries} == {("verification.decided", "system")}
    facts = [json.loads(entry.facts)["by"] for entry in entries]
    assert facts == ["sign-on", "back-fill", "back-fill", "back-fill"]
    assert [entry.subject_id for entry in entries[1:]] == [str(other.pk) for other in others]


def test_erasure_is_on_record():
    learner = UserFactory()
    retirement.misc(learner.pk)
    retirement.critical(learner.pk)
    assert on_record() == [
        (event, "system", None) for event in ("learner.erased", "learner.erased", "certificate.issued")
    ]


def test_every_event_can_be_looked_for():
    root = Path(verify_student.__file__).parent
    code = "".join(path.read_text() for path in root.rglob("*.py") if path.parts[-2:] != ("services", "audit.py"))
    assert set(RECORDED.findall(code)) <= set(audit.EVENTS)
    assert {event for event in audit.EVENTS if f'"{event}"' not in code} == OF_PAGES
