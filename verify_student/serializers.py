"""What is said to the outside: plain functions over loaded rows, which ask the database nothing (contract §4.5)."""

from typing import Any

from verify_student.models import (
    ManualVerification,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    VerificationAttempt,
)

AnyVerification = VerificationAttempt | SoftwareSecurePhotoVerification | SSOVerification | ManualVerification

ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}
PHOTOS, MANUAL, ANYTHING_ELSE = "Software Secure", "Manual", "SSO"


def verification_dict(row: AnyVerification) -> dict[str, Any]:
    """One verification of whatever kind; times are datetimes, and None for one that never ends."""
    return {
        "type": _type(row),
        "status": str(row.status),
        "expiration_datetime": row.expiration_datetime,
        "message": _message(row),
        "updated_at": row.updated_at,
        "receipt_id": row.receipt_id if isinstance(row, SoftwareSecurePhotoVerification) else None,
    }


def photo_headers(kind: str, content_type: str) -> dict[str, str]:
    """
    The headers of a photo for one pair of eyes: kept nowhere, embedded nowhere else, and never taken for a page.
    """
    return {
        "Cache-Control": "no-store, private",
        "Content-Disposition": f'inline; filename="{kind}.{ENDINGS.get(content_type, "bin")}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Type": content_type,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _type(row: AnyVerification) -> str:
    if isinstance(row, SoftwareSecurePhotoVerification):
        return PHOTOS
    return MANUAL if isinstance(row, ManualVerification) else ANYTHING_ELSE


def _message(row: AnyVerification) -> str:
    if isinstance(row, SoftwareSecurePhotoVerification):
        return row.error_msg
    return row.reason if isinstance(row, ManualVerification) else ""
