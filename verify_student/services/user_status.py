"""Where a learner stands, in the words of the contract (§4.3, §5.2)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from verify_student.conf import config
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import reasons, standing
from verify_student.services.standing import AnyVerification, Standing
from verify_student.statuses import IDVerificationStatus as Status

DATE_FORMAT = "%m/%d/%Y"

NONE, PENDING, APPROVED, EXPIRED, DENIED = "none", "pending", "approved", "expired", "must_reverify"
MAY_VERIFY = frozenset({NONE, DENIED, EXPIRED, PENDING})

VERIFIED_MODES = frozenset(
    {"verified", "professional", "masters", "executive-education", "paid-executive-education", "paid-bootcamp"}
)
NOT_APPLICABLE, IS_VERIFIED, IS_NOT_VERIFIED = "N/A", "ID Verified", "Not ID Verified"


def of_user(user: Any) -> dict[str, Any]:
    """The dictionary of §5.2: ``status``, ``error``, ``should_display``, ``status_date``, ``verification_expiry``."""
    return of(standing.of_user(user))


def of(learner: Standing) -> dict[str, Any]:
    """As :func:`of_user`, of a learner who has been looked at already."""
    speaking = learner.speaking
    if speaking is None:
        return _entry(NONE, should_display=True)
    if speaking == learner.approval:
        return _approved(speaking)
    return _entry(*_not_verified(speaking), should_display=speaking.should_display_status_to_user())


def can_verify(status: str, approved_until: datetime | None) -> bool:
    """Whether the learner may hand in photos: not verified, or not for long any more (W51: never null)."""
    return status in MAY_VERIFY or standing.is_expiring_soon(approved_until)


def in_reports(user: Any, mode: str, verified: bool | None = None) -> str:
    """The column of grade reports; ``verified`` spares the query."""
    if mode not in VERIFIED_MODES:
        return NOT_APPLICABLE
    if verified is None:
        verified = standing.is_verified(user)
    return IS_VERIFIED if verified else IS_NOT_VERIFIED


def as_date(end: datetime) -> str:
    """A day as learners' pages show it."""
    return end.strftime(DATE_FORMAT)


def _approved(approval: AnyVerification) -> dict[str, Any]:
    end = approval.expiration_datetime
    return _entry(APPROVED, should_display=approval.should_display_status_to_user()) | {
        "status_date": approval.status_changed,
        "verification_expiry": as_date(end) if end and standing.is_expiring_soon(end) else "",
    }


def _not_verified(speaking: AnyVerification) -> tuple[str, str | list[str]]:
    if standing.is_pending(speaking):
        return PENDING, ""
    if speaking.status == Status.denied:
        return DENIED, _reasons(speaking)
    if speaking.status == Status.approved and speaking.should_display_status_to_user():
        text = _("Your %(platform_name)s verification has expired.") % {"platform_name": config.platform_name}
        return EXPIRED, text
    return NONE, ""


def _reasons(denied: AnyVerification) -> str | list[str]:
    if isinstance(denied, SoftwareSecurePhotoVerification) and denied.error_msg:
        return reasons.codes_of(denied.error_msg)
    return ""


def _entry(status: str, error: str | list[str] = "", *, should_display: bool) -> dict[str, Any]:
    return {
        "status": status,
        "error": error,
        "should_display": should_display,
        "status_date": "",
        "verification_expiry": "",
    }
