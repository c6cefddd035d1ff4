"""Staff vouch for learners (contract §1.3)."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from verify_student import lms
from verify_student.conf import config
from verify_student.models import ManualVerification
from verify_student.services import transitions
from verify_student.statuses import IDVerificationStatus as Status

NAME_LENGTH = 255


def vouch(user: Any, *, reason: str = "") -> ManualVerification:
    """The learner's approved verification by staff of the last ``DAYS_GOOD_FOR`` days, or else a new one."""
    with transaction.atomic():
        # Two people who vouch at once take turns here.
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        return recent(user) or _vouch(user, reason)


def recent(user: Any) -> ManualVerification | None:
    """The newest approved verification by staff of the last ``DAYS_GOOD_FOR`` days."""
    since = timezone.now() - config.validity
    approved = ManualVerification.objects.filter(user=user, status=Status.approved, created_at__gte=since)
    return approved.order_by("-created_at", "-pk").first()


def _vouch(user: Any, reason: str) -> ManualVerification:
    name = lms.profiles().get_full_name(user)[:NAME_LENGTH]
    return transitions.made(ManualVerification(user=user, name=name, reason=reason), Status.approved)
