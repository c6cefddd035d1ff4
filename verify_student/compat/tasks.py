"""
The platform's tasks under their old names (contract §6.1): for callers, and for messages that waited in the broker
while the site moved in.
"""

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from celery import shared_task
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from verify_student.conf import config
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import handing_in
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

OLD_MODULE = "lms.djangoapps.verify_student.tasks"
NOT_ASKED_YET = frozenset({Status.ready, Status.must_retry})


@shared_task(name=f"{OLD_MODULE}.send_request_to_ss_for_user", ignore_result=True)
def send_request_to_ss_for_user(user_verification_id: int, copy_id_photo_from: Any = None) -> dict[str, Any]:
    """
    Have the provider asked, unless it has been; ``copy_id_photo_from`` is a verification or its id.

    The outbox asks, and records how that ended: ``response_ok`` only says that there was somebody to ask.
    Raises ``SoftwareSecurePhotoVerification.DoesNotExist``.
    """
    verification = _row(user_verification_id)
    if verification.status not in NOT_ASKED_YET:
        logger.info("A request has been overtaken: verification=%s", verification.pk)
        return {"response_ok": False, "response_text": ""}
    handing_in.ask_or_wait(verification, None if copy_id_photo_from is None else _row(copy_id_photo_from))
    return {"response_ok": True, "response_text": ""}


@shared_task(name=f"{OLD_MODULE}.send_verification_status_email", ignore_result=True)
def send_verification_status_email(context: Mapping[str, Any]) -> None:
    """
    Mail of the host's own: its ``template`` with ``email_vars``, as HTML to ``email`` under ``subject``.

    A mail server that refuses is logged; what else goes wrong is raised.
    """
    body = render_to_string(context["template"], context["email_vars"])
    mail = EmailMessage(context["subject"], body, config.from_address, [context["email"]])
    mail.content_subtype = "html"
    try:
        mail.send()
    except SMTPException as error:
        # The server's text may name the learner's address.
        logger.warning("A mail about a verification failed: error=%s", type(error).__name__)


def _row(given: Any) -> SoftwareSecurePhotoVerification:
    if isinstance(given, SoftwareSecurePhotoVerification):
        return given
    return SoftwareSecurePhotoVerification.objects.get(pk=given)
