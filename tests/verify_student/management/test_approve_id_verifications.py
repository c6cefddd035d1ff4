"""Approving by command."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError
from django.db.models.signals import post_save, pre_save
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.management.commanding import exit_code, listed, run
from verify_student.models import OutboxMessage, SoftwareSecurePhotoVerification
from verify_student.services import verifications
from verify_student.services.standing import is_verified
from verify_student.statuses import Actor
from verify_student.statuses import IDVerificationStatus as Status

pytestmark = pytest.mark.django_db

COMMAND = "approve_id_verifications"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ids"


def statuses():
    return list(SoftwareSecurePhotoVerification.objects.order_by("pk").values_list("status", flat=True))


def days_ago(days, **fields):
    with time_machine.travel(timezone.now() - timedelta(days=days), tick=False):
        return VerificationFactory(**fields)


@pytest.mark.parametrize("status", ["submitted", "must_retry"])
def test_a_waiting_verification_is_approved_and_mailed(path, status):
    waiting = VerificationFactory(status=status, error_msg="late", error_code="X")
    assert run(COMMAND, listed(path, waiting.user_id)) == ("1 approved.\n", "")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.error_msg, waiting.error_code) == ("approved", "", "")
    assert waiting.reviewing_service == "idv_verifications command"
    assert waiting.expiration_date.date() == (timezone.now() + timedelta(days=365)).date()
    assert is_verified(waiting.user)
    kinds = OutboxMessage.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["announce.update", "announce.approved", "mail.approved"]


@pytest.mark.parametrize("status", ["created", "ready", "denied", "approved"])
def test_whoever_waits_for_nothing_is_a_failure_and_no_exception(path, caplog, status):
    caplog.set_level("INFO")
    others, waiting = VerificationFactory(status=status), VerificationFactory(status="submitted")
    file = listed(path, 999_999, others.user_id, waiting.user_id)
    out, _ = run(COMMAND, file)
    assert out == "2 failed, 1 approved.\n"
    assert statuses() == [status, "approved"]
    assert "2 of 3 learners failed" in caplog.text
    assert f"could be approved: {others.user_id}, 999999" in caplog.text
    assert f"Not approved: user={others.user_id}" in caplog.text


def test_weakness_w68_the_shell_is_told_of_failures(path):
    verification = VerificationFactory(status="submitted")
    assert exit_code(COMMAND, listed(path, verification.user_id)) == 0
    assert exit_code(COMMAND, listed(path, 999_999)) == 1


def test_weakness_w68_of_several_the_newest_is_approved(path):
    user = UserFactory()
    days_ago(9, user=user, status="submitted")
    days_ago(5, user=user, status="must_retry")
    VerificationFactory(user=user, status="submitted")
    file = listed(path, user.pk)
    assert run(COMMAND, file)[0] == "1 approved, 2 older ones left waiting.\n"
    assert statuses() == ["submitted", "must_retry", "approved"]
    assert OutboxMessage.objects.filter(kind="mail.approved").count() == 1
    # And it stays so when the command is called again.
    assert run(COMMAND, file)[0] == "1 approved before, 2 older ones left waiting.\n"
    assert statuses() == ["submitted", "must_retry", "approved"]


def test_weakness_w68_one_that_cannot_be_done_stops_nobody(path, caplog):
    first, second = VerificationFactory(status="submitted"), VerificationFactory(status="submitted")

    def listener(sender, instance, **kwargs):
        if instance.pk == first.pk:
            raise ValueError("Amal Haddad")

    pre_save.connect(listener, sender=SoftwareSecurePhotoVerification)
    try:
        out, _ = run(COMMAND, listed(path, first.user_id, second.user_id))
    finally:
        pre_save.disconnect(listener, sender=SoftwareSecurePhotoVerification)
    assert out == "1 failed, 1 approved.\n"
    assert statuses() == ["submitted", "approved"]
    assert f"verification={first.pk} error=ValueError" in caplog.text
    assert "Haddad" not in caplog.text


def test_verifications_of_long_ago_are_left(path):
    old, recent = days_ago(366, status="submitted"), days_ago(364, status="submitted")
    assert run(COMMAND, listed(path, old.user_id, recent.user_id))[0] == "1 failed, 1 approved.\n"
    assert statuses() == ["submitted", "approved"]


def test_a_reminder_of_the_approval_before_is_called_off(path):
    before = days_ago(400, status="approved", expiry_email_date=timezone.now())
    VerificationFactory(user=before.user, status="submitted")
    run(COMMAND, listed(path, before.user_id))
    before.refresh_from_db()
    assert before.expiry_email_date is None


def test_a_dry_run_says_the_same_and_changes_nothing(path):
    user = UserFactory()
    days_ago(5, user=user, status="submitted")
    VerificationFactory(user=user, status="submitted")
    out, _ = run(COMMAND, listed(path, user.pk, 999_999), dry_run=True)
    assert out == "Dry run, nothing was changed: 1 approved, 1 older ones left waiting, 1 failed.\n"
    assert statuses() == ["submitted", "submitted"]
    assert not OutboxMessage.objects.exists()


def test_lines_that_are_no_ids_are_refused_by_their_number(path):
    waiting = VerificationFactory(status="submitted")
    file = listed(path, "amal@example.test", f"  {waiting.user_id} ", "", "1.5", waiting.user_id)
    out, err = run(COMMAND, file)
    assert out == "1 approved, 2 lines refused.\n"
    assert err.startswith("Line 1: not a number of a row\nLine 4: not a number of a row\n")
    assert "amal" not in err
    assert exit_code(COMMAND, file) == 1


def test_a_learner_who_is_listed_again_in_a_later_batch_is_no_failure(path):
    waiting = VerificationFactory(status="submitted")
    file = listed(path, waiting.user_id, waiting.user_id)
    assert run(COMMAND, file, batch_size="1")[0] == "1 approved, 1 approved before.\n"


def test_a_pause_between_batches_and_not_after_the_last(path, monkeypatch):
    rests = []
    monkeypatch.setattr(time, "sleep", rests.append)
    run(COMMAND, listed(path, 1, 2, 3, 4), "--batch-size", "2", "--sleep_time", "7")
    assert rests == [7]


def test_no_file():
    with pytest.raises(CommandError) as caught:
        run(COMMAND, "no such file")
    assert caught.value.returncode == 2


def test_what_has_been_decided_meanwhile_stays(path):
    waiting = VerificationFactory(status="submitted")
    first = VerificationFactory(status="submitted")

    def deny_the_other(sender, instance, **kwargs):
        if instance.pk == first.pk:
            verifications.deny(waiting.pk, "[]", actor=Actor.PROVIDER)

    post_save.connect(deny_the_other, sender=SoftwareSecurePhotoVerification)
    try:
        out, _ = run(COMMAND, listed(path, first.user_id, waiting.user_id))
    finally:
        post_save.disconnect(deny_the_other, sender=SoftwareSecurePhotoVerification)
    waiting.refresh_from_db()
    assert (out, waiting.status) == ("1 approved, 1 failed.\n", Status.denied)
