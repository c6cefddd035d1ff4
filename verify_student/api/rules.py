"""Rules by the names under which the host knows them (contract §5.1, module helpers)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from verify_student.conf import config
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import handing_in, standing, user_status


def is_verification_expiring_soon(expiration_datetime: datetime | None) -> bool:
    """Whether it is ``EXPIRING_SOON_WINDOW`` days away at most, or past; never for None."""
    return standing.is_expiring_soon(expiration_datetime)


def earliest_allowed_verification_date() -> datetime:
    """``DAYS_GOOD_FOR`` days ago."""
    return timezone.now() - config.validity


def active_verifications(candidates: Iterable[Any], deadline: datetime) -> list[Any]:
    """Those that were there at ``deadline`` and still count; their status is not asked."""
    return standing.active(candidates, deadline)


def verification_for_datetime(deadline: datetime | None, candidates: Iterable[Any]) -> Any | None:
    """The first candidate without a deadline, the first active one with it; None where there is none."""
    return standing.relevant(deadline, candidates)


def most_recent_verification(querysets: Iterable["QuerySet[Any]"]) -> Any | None:
    """Of all rows the one that was changed last, the first one of two; each queryset is asked for one row (W52)."""
    latest = (rows.order_by("-updated_at").first() for rows in querysets)
    return max((row for row in latest if row is not None), key=lambda row: row.updated_at, default=None)


def auto_verify_for_testing_enabled(override: bool | None = None) -> bool:
    """Whether photos are neither kept nor sent."""
    return config.auto_verify_for_testing if override is None else override


def can_verify_now(verification_status: Mapping[str, Any], expiration_datetime: datetime | None) -> bool:
    """Whether the learner may hand in photos, by the dictionary of ``user_status`` and the end of the approval."""
    return user_status.can_verify(verification_status["status"], expiration_datetime)


def submit_request_to_ss(
    user_verification: SoftwareSecurePhotoVerification,
    copy_id_photo_from: SoftwareSecurePhotoVerification | None = None,
) -> None:
    """Have the provider asked; where that cannot be queued, the verification waits for a new try."""
    handing_in.ask_or_wait(user_verification, copy_id_photo_from)
