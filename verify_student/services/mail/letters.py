"""
What learners are written, and what is in it (contract §8.1).

Each letter goes out once per event: an outbox message stands for it, and is tried again until it has left.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from verify_student import lms
from verify_student.conf import config
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import location, standing
from verify_student.services.mail.kinds import (
    LearnerMail,
    VerificationApproved,
    VerificationDenied,
    VerificationExpiring,
    VerificationExpiry,
    VerificationSubmitted,
)
from verify_student.services.mail.sending import in_language_of, send
from verify_student.services.mail.wording import grouped
from verify_student.services.reasons import codes_of
from verify_student.services.reminders.learners import is_last_to_count
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

DAY = "%m/%d/%Y"


class Approved(Protocol):
    """A verification of any kind; plug-ins may have one that counts for good."""

    @property
    def user(self) -> Any: ...

    @property
    def expiration_datetime(self) -> datetime | None: ...


def send_submission(verification: SoftwareSecurePhotoVerification) -> bool:
    """Thanks for the photos. True where the mail has left; raises what the mail server raises, as all of these."""
    return _send(VerificationSubmitted, verification.user, lambda: {"dashboard_link": lms.pages().get_dashboard_url()})


def send_approval(verification: Approved) -> bool:
    """The learner is verified, and until when (W50)."""
    expires = verification.expiration_datetime
    return _send(
        VerificationApproved,
        verification.user,
        lambda: {"expiration_datetime": expires.strftime(DAY) if expires else ""},
    )


def send_denial(verification: SoftwareSecurePhotoVerification) -> bool:
    """The learner is not verified, why, and what to do about it (W28, W29)."""
    return _send(
        VerificationDenied,
        verification.user,
        lambda: {
            "reasons": grouped(codes_of(verification.error_msg)) if verification.error_msg else [],
            "reverify_url": _verify_location(),
            "faq_url": config.support_link,
        },
    )


def send_expiry(verification: SoftwareSecurePhotoVerification) -> bool:
    """The learner's approval counts no longer."""
    return _send(
        VerificationExpiry,
        verification.user,
        lambda: {"lms_verification_link": _verify_location(), "help_center_link": config.support_link},
    )


def send_expiring(verification: SoftwareSecurePhotoVerification) -> bool:
    """The learner's approval soon counts no longer, and until when it does."""
    return _send(
        VerificationExpiring,
        verification.user,
        lambda: {
            "expiration_datetime": verification.expiration_datetime.strftime(DAY),
            "lms_verification_link": _verify_location(),
            "help_center_link": config.support_link,
        },
    )


def _send(kind: type[LearnerMail], user: Any, facts: Callable[[], Mapping[str, Any]]) -> bool:
    with in_language_of(user):
        context = {
            "user": user,
            "full_name": lms.profiles().get_full_name(user),
            "platform_name": config.platform_name,
            **facts(),
        }
        return send(kind(context=context), user)


def _verify_location() -> str:
    """Where the learner goes for identity verification (contract §5.4), as an address that works in a mailbox."""
    address = location.verify_location()
    return f"{config.lms_root_url}{address}" if address.startswith("/") else address


def _submitted(payload: Mapping[str, Any]) -> None:
    verification = _of(payload)
    if verification is not None:
        send_submission(verification)


def _approved(payload: Mapping[str, Any]) -> None:
    verification = _of(payload, Status.approved)
    if verification is not None:
        send_approval(verification)


def _denied(payload: Mapping[str, Any]) -> None:
    verification = _of(payload, Status.denied)
    if verification is not None:
        send_denial(verification)


def _expired(payload: Mapping[str, Any]) -> None:
    verification = _of(payload, Status.approved)
    if verification is None:
        return
    if standing.is_verified(verification.user):
        _overtaken(payload)
    else:
        send_expiry(verification)


def _expiring(payload: Mapping[str, Any]) -> None:
    verification = _of(payload, Status.approved)
    if verification is None:
        return
    if is_last_to_count(verification, standing.of_user(verification.user)):
        send_expiring(verification)
    else:
        _overtaken(payload)


def _of(payload: Mapping[str, Any], status: Status | None = None) -> SoftwareSecurePhotoVerification | None:
    """The verification, unless it is gone or what was to be said of it has been overtaken."""
    found = SoftwareSecurePhotoVerification.objects.select_related("user").filter(pk=payload["verification_id"]).first()
    if found is None or (status is not None and found.status != status):
        _overtaken(payload)
        return None
    return found


def _overtaken(payload: Mapping[str, Any]) -> None:
    logger.info("Mail has been overtaken: verification=%s", payload["verification_id"])


HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "mail.submitted": _submitted,
    "mail.approved": _approved,
    "mail.denied": _denied,
    "mail.expired": _expired,
    "mail.expiring": _expiring,
}
