"""Providers are asked to delete what they have of a learner who goes, until they confirm."""

from typing import ClassVar

import pytest
from django.utils import timezone

from proctoring.common.http import VendorUnreachable
from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from verify_student.backends.local import LocalProvider
from verify_student.models import AuditEntry, OutboxMessage, VendorErasure
from verify_student.services import certificates, delivery, retirement
from verify_student.services.outbox import ERASE_AT_PROVIDER

pytestmark = pytest.mark.django_db


class Eraser(LocalProvider):
    """Deletes what it has, unless it is away."""

    name = "eraser"
    erases = True
    asked: ClassVar[list[list[str]]] = []
    is_away: ClassVar[bool] = False

    def erase(self, receipt_ids):
        if self.is_away:
            raise VendorUnreachable
        self.asked.append(list(receipt_ids))


@pytest.fixture(autouse=True)
def provider(settings, monkeypatch):
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"PROVIDERS": {"eraser": f"{__name__}.Eraser"}}
    monkeypatch.setattr(Eraser, "asked", [])
    return Eraser


@pytest.fixture
def learner(files):
    return UserFactory()


def handed_in(learner, provider="eraser"):
    return VerificationFactory(user=learner, status="approved", provider=provider, submitted_at=timezone.now())


def messages():
    return OutboxMessage.objects.filter(kind=ERASE_AT_PROVIDER)


def confirmed(learner):
    document = certificates.document(certificates.newest(learner.pk))
    return {row["vendor"]: row["confirmed_at"] is not None for row in document["vendors"]}


def test_it_is_asked_for_all_of_theirs_and_confirms(learner, provider):
    receipts = sorted(handed_in(learner).receipt_id for _ in range(2))
    handed_in(UserFactory())
    retirement.everything(learner.pk)
    delivery.courier.do_due()
    assert provider.asked == [receipts]
    assert confirmed(learner) == {"eraser": True}
    assert AuditEntry.objects.filter(event="erasure.confirmed", actor_id=None).count() == 1
    retirement.everything(learner.pk)
    delivery.courier.do_due()
    assert provider.asked == [receipts]


def test_one_that_is_away_is_asked_again_by_the_receipts_that_it_knows(learner, provider, monkeypatch):
    receipt = handed_in(learner).receipt_id
    monkeypatch.setattr(provider, "is_away", True)
    retirement.everything(learner.pk)
    delivery.courier.do_due()
    retirement.everything(learner.pk)
    assert messages().count() == 1
    assert confirmed(learner) == {"eraser": False}
    monkeypatch.setattr(provider, "is_away", False)
    messages().update(due_at=timezone.now())
    delivery.courier.do_due()
    assert provider.asked == [[receipt]]
    assert confirmed(learner) == {"eraser": True}


@pytest.mark.parametrize("name", ["software_secure", "gone_from_the_settings"])
def test_one_that_no_program_can_ask_is_left_to_staff(learner, name):
    handed_in(learner, name)
    handed_in(learner, "local")
    retirement.everything(learner.pk)
    delivery.courier.do_due()
    assert not messages().exists()
    assert confirmed(learner) == {name: False}
    certificates.confirmed(VendorErasure.objects.get(), UserFactory())
    assert confirmed(learner) == {name: True}


def test_what_was_confirmed_stays_so_under_another_key(learner, provider, settings):
    handed_in(learner)
    retirement.everything(learner.pk)
    delivery.courier.do_due()
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"ERASURE_KEY": "another secret, long enough for anybody"}
    handed_in(learner)
    assert certificates.asked_of(learner.pk, ["eraser"]) == {}
