"""The verbs of a photo verification and their special cases (contract §1.7)."""

import contextlib
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from verify_student.exceptions import VerificationException, VerificationNotFound
from verify_student.models import OutboxMessage
from verify_student.services import delivery, verifications
from verify_student.signals import PHOTO_VERIFICATION_APPROVED, idv_update_signal
from verify_student.statuses import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What listeners hear: (signal, arguments)."""
    told = []

    def listener_of(signal):
        def listen(sender, **arguments):
            told.append((sender, {name: value for name, value in arguments.items() if name != "signal"}))

        signal.connect(listen, weak=False)
        return signal, listen

    connected = [listener_of(signal) for signal in (PHOTO_VERIFICATION_APPROVED, idv_update_signal)]
    yield told
    for signal, listen in connected:
        signal.disconnect(listen)


def approve(verification, **arguments):
    return verifications.approve(verification.pk, actor=Actor.PROVIDER, **arguments)


def deny(verification, reasons="[]", **arguments):
    return verifications.deny(verification.pk, reasons, actor=Actor.PROVIDER, **arguments)


class TestReady:
    def test_takes_the_profiles_name_unless_there_is_one(self):
        blank, named = VerificationFactory(name=""), VerificationFactory(name="As on the ID")
        assert verifications.ready(blank.pk, name="Profile").verification.name == "Profile"
        assert verifications.ready(named.pk, name="Profile").verification.name == "As on the ID"


class TestApprove:
    def test_counts_from_now_and_clears_reasons(self):
        verification, reviewer = VerificationFactory(status="denied", error_msg="x", error_code="y"), UserFactory()
        approve(verification, reviewer=reviewer, service="local")
        verification.refresh_from_db()
        assert (verification.error_msg, verification.error_code) == ("", "")
        assert (verification.reviewing_user, verification.reviewing_service) == (reviewer, "local")
        assert abs(verification.expiration_date - timezone.now() - timedelta(days=365)) < timedelta(minutes=1)

    def test_the_first_approval_wins(self):
        verification = VerificationFactory(status="submitted")
        approve(verification, service="first")
        before = list(OutboxMessage.objects.values_list("pk", flat=True))
        assert not approve(verification, service="second").changed
        verification.refresh_from_db()
        assert verification.reviewing_service == "first"
        assert list(OutboxMessage.objects.values_list("pk", flat=True)) == before

    def test_nobody_is_reminded_of_the_one_before(self):
        earlier = VerificationFactory(status="approved", expiry_email_date=timezone.now())
        approve(VerificationFactory(status="submitted", user=earlier.user))
        updated_at = earlier.updated_at
        earlier.refresh_from_db()
        assert (earlier.expiry_email_date, earlier.updated_at) == (None, updated_at)

    def test_is_announced_after_commit(self, heard, committed):
        verification = VerificationFactory(status="submitted")
        with committed():
            approve(verification)
            assert heard == []
        update = next(arguments for sender, arguments in heard if sender == "idv_update")
        assert update == {
            "attempt_id": verification.pk,
            "user_id": verification.user_id,
            "status": "approved",
            "photo_id_name": verification.name,
            "full_name": verification.user.get_full_name(),
        }
        assert {"user": verification.user} in [arguments for _, arguments in heard]

    def test_weakness_w26_certificates_are_nobodys_answer_time(self, heard, committed):
        approve(VerificationFactory(status="submitted"))
        message_ids = list(OutboxMessage.objects.values_list("pk", flat=True))
        # What whoever reports the approval waits for, and what workers do.
        with committed():
            delivery.courier.do_effects(message_ids)
        assert [sender for sender, _ in heard] == ["idv_update"]
        with committed():
            delivery.courier.make_calls(message_ids)
        assert len(heard) == 2

    def test_weakness_w27_nobody_hears_of_what_was_rolled_back(self, heard, committed):
        with committed(), contextlib.suppress(RuntimeError), transaction.atomic():
            approve(VerificationFactory(status="submitted"))
            raise RuntimeError
        assert (heard, OutboxMessage.objects.count()) == ([], 0)

    def test_weakness_w58_a_listener_that_fails_stops_nobody(self, committed):
        def fails(**arguments):
            raise RuntimeError

        idv_update_signal.connect(fails, weak=False)
        verification = VerificationFactory(status="submitted")
        try:
            with committed():
                approve(verification)
        finally:
            idv_update_signal.disconnect(fails)
        verification.refresh_from_db()
        assert verification.status == "approved"


class TestDeny:
    def test_keeps_reasons_and_expiry(self):
        verification = VerificationFactory(status="approved")
        deny(verification, '[{"photoIdReasons": ["No text"]}]', code="4")
        expiry = verification.expiration_date
        verification.refresh_from_db()
        assert (verification.status, verification.error_code) == ("denied", "4")
        assert verification.expiration_date == expiry

    def test_for_other_reasons_replaces_them_and_tells_the_learner(self):
        verification = VerificationFactory(status="submitted")
        deny(verification, '["a"]')
        assert deny(verification, '["b"]').changed
        verification.refresh_from_db()
        assert verification.error_msg == '["b"]'
        assert OutboxMessage.objects.filter(kind="mail.denied").count() == 2

    def test_the_same_again_changes_nothing(self):
        verification = VerificationFactory(status="submitted")
        deny(verification, '["a"]')
        count = OutboxMessage.objects.count()
        assert not deny(verification, '["a"]').changed
        assert OutboxMessage.objects.count() == count

    def test_both_ways(self):
        verification = VerificationFactory(status="submitted")
        deny(verification)
        approve(verification)
        assert deny(verification).verification.status == "denied"


class TestSystemError:
    @pytest.mark.parametrize("decided", ["approved", "denied"])
    def test_decisions_stay(self, decided):
        verification = VerificationFactory(status=decided)
        assert not verifications.system_error(verification.pk, "x").changed

    @pytest.mark.parametrize("status", ["ready", "submitted", "must_retry"])
    def test_has_to_be_tried_again(self, status):
        verification = VerificationFactory(status=status)
        moved = verifications.system_error(verification.pk, "broken", code="9").verification
        assert (moved.status, moved.error_msg, moved.error_code) == ("must_retry", "broken", "9")


class TestMustRetry:
    def test_weakness_w20_a_blank_text_leaves_what_is_known(self):
        verification = VerificationFactory(status="submitted", error_msg="known")
        assert verifications.must_retry(verification.pk).verification.error_msg == "known"

    def test_again_changes_nothing(self):
        assert not verifications.must_retry(VerificationFactory(status="must_retry").pk).changed

    def test_decisions_stay(self):
        assert not verifications.must_retry(VerificationFactory(status="approved").pk).changed


class TestSubmitted:
    def test_weakness_w11_the_decision_may_come_first(self):
        verification = VerificationFactory(status="ready")
        approve(verification)
        moved = verifications.submitted(verification.pk)
        assert (moved.changed, moved.verification.status) == (False, "approved")
        assert moved.verification.submitted_at is not None

    def test_is_stamped(self):
        verification = VerificationFactory(status="ready")
        assert verifications.submitted(verification.pk).verification.submitted_at is not None


class TestReceipts:
    def test_are_found(self):
        verification = VerificationFactory()
        assert verifications.by_receipt(verification.receipt_id) == verification

    @pytest.mark.parametrize("receipt", [None, "", "nobody", 7, [], "no\x00body"])
    def test_unknown_ones(self, receipt):
        with pytest.raises(VerificationNotFound):
            verifications.by_receipt(receipt)

    def test_weakness_w17_two_with_one_receipt_are_nobody(self):
        first = VerificationFactory()
        VerificationFactory(receipt_id=first.receipt_id)
        with pytest.raises(VerificationNotFound):
            verifications.by_receipt(first.receipt_id)


@pytest.mark.parametrize("status", ["created"])
def test_what_was_never_handed_in_is_not_decided(status):
    with pytest.raises(VerificationException):
        approve(VerificationFactory(status=status))


@pytest.mark.django_db(transaction=True)
def test_a_process_that_ends_while_listeners_hear_of_it_has_them_told_again():
    class Died(BaseException):
        """What ends a process."""

    told = []

    def dies_first(attempt_id, status, **kwargs):
        told.append((attempt_id, status))
        if len(told) == 1:
            raise Died

    verification = VerificationFactory(status="submitted")
    idv_update_signal.connect(dies_first)
    try:
        with pytest.raises(Died):
            verifications.approve(verification.pk, actor=Actor.PROVIDER)
        OutboxMessage.objects.update(leased_until=None)
        delivery.courier.do_due()
    finally:
        idv_update_signal.disconnect(dies_first)
    assert told == [(verification.pk, "approved")] * 2
