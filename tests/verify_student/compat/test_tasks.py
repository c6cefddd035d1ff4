"""The platform's tasks under their old names (contract §6.1)."""

from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from tests.verify_student.factories import VerificationFactory
from verify_student.compat import tasks
from verify_student.models import OutboxMessage, SoftwareSecurePhotoVerification

pytestmark = pytest.mark.django_db

CONTEXT = {
    "subject": "About you",
    "template": "verify_student/edx_ace/verificationdenied/email/from_name.txt",
    "email": "learner@example.com",
    "email_vars": {"platform_name": "<b>Here</b>"},
}


class NoServer(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        raise SMTPServerDisconnected("learner@example.com")


def test_they_have_their_old_names() -> None:
    for name in ("send_request_to_ss_for_user", "send_verification_status_email"):
        assert f"lms.djangoapps.verify_student.tasks.{name}" in current_app.tasks


@pytest.mark.parametrize("status", ["ready", "must_retry"])
def test_a_request_that_waits_is_made(status: str) -> None:
    earlier = VerificationFactory(status="approved")
    verification = VerificationFactory(user=earlier.user, status=status)
    answer = tasks.send_request_to_ss_for_user(user_verification_id=verification.pk, copy_id_photo_from=earlier.pk)
    assert answer == {"response_ok": True, "response_text": ""}
    verification.refresh_from_db()
    assert verification.copy_id_photo_from == earlier
    assert OutboxMessage.objects.filter(kind__contains="submit").count() == 1


@pytest.mark.parametrize("status", ["created", "submitted", "approved", "denied"])
def test_a_request_that_has_been_overtaken_is_not(status: str) -> None:
    verification = VerificationFactory(status=status)
    assert not tasks.send_request_to_ss_for_user(user_verification_id=verification.pk)["response_ok"]
    verification.refresh_from_db()
    assert verification.status == status
    assert not OutboxMessage.objects.filter(kind__contains="submit").exists()


def test_a_request_for_nobody_fails() -> None:
    with pytest.raises(SoftwareSecurePhotoVerification.DoesNotExist):
        tasks.send_request_to_ss_for_user(user_verification_id=10**6)


def test_mail_of_the_hosts_own_is_sent_as_html() -> None:
    tasks.send_verification_status_email(CONTEXT)
    (sent,) = mail.outbox
    assert (sent.subject, sent.to, sent.content_subtype) == ("About you", ["learner@example.com"], "html")


def test_a_mail_server_that_refuses_is_no_failure_and_no_address_is_logged(settings: Any, caplog: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.NoServer"
    tasks.send_verification_status_email(CONTEXT)
    assert "SMTPServerDisconnected" in caplog.text
    assert "learner@example.com" not in caplog.text
