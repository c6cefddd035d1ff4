"""
Trust in the identity provider through which a learner signs in (contract §1.4). For those who signed in before it was
trusted there is ``backfill``.
"""

import logging
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from proctoring.common.announce import announce
from verify_student import lms
from verify_student.conf import config
from verify_student.models import PhotoVerification, SSOVerification
from verify_student.services import audit, transitions
from verify_student.signals import LEARNER_SSO_VERIFIED
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

NAME_LENGTH, SLUG_LENGTH = 255, 30


def record_login(user: Any, provider_type: str, slug: str) -> SSOVerification:
    """
    The learner signed in through a provider that vouches for its accounts: the approved verification by that provider
    of the last ``DAYS_GOOD_FOR`` days, or else a new one, which is announced.
    """
    known = _known(user, provider_type, slug)
    return known or _record(user, provider_type, slug[:SLUG_LENGTH])


def announce_approval(verification: SSOVerification, approved_by: str) -> None:
    """Tell the host that the learner is verified. The row stays as it is."""
    logger.info("Verification by single sign-on: verification=%s by=%s", verification.pk, approved_by)
    announce(LEARNER_SSO_VERIFIED, PhotoVerification, user=verification.user)


def _known(user: Any, provider_type: str, slug: str) -> SSOVerification | None:
    return SSOVerification.objects.filter(
        user=user,
        status=Status.approved,
        identity_provider_type=provider_type,
        identity_provider_slug=slug[:SLUG_LENGTH],
        created_at__gte=timezone.now() - config.validity,
    ).first()


def _record(user: Any, provider_type: str, slug: str) -> SSOVerification:
    with transaction.atomic():
        # Two sign-ons at once take turns here; the second one finds what the first one made.
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        known = _known(user, provider_type, slug)
        if known is not None:
            return known
        name = lms.profiles().get_full_name(user)[:NAME_LENGTH]
        made = SSOVerification(user=user, name=name, identity_provider_type=provider_type, identity_provider_slug=slug)
        transitions.made(made, Status.approved)
        audit.record("verification.decided", made, to_status=audit.code(made.status), by="sign-on")
        announce_approval(made, "sign-on")
    return made
