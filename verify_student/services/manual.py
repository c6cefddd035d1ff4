"""Staff vouch for learners (contract §1.3). For many at once there is ``vouching``."""

import logging
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from proctoring.common.audit import Subject
from verify_student import lms
from verify_student.conf import config
from verify_student.exceptions import VerificationNotFound
from verify_student.models import ManualVerification
from verify_student.services import audit, transitions
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

NAME_LENGTH = 255


def vouch(user: Any, *, reason: str = "", by: Any = None) -> ManualVerification:
    """The learner's approved verification by staff of the last ``DAYS_GOOD_FOR`` days, or else a new one."""
    with transaction.atomic():
        # Two people who vouch at once take turns here.
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        return recent(user) or _vouch(user, reason, by)


def take_back(verification_id: int, *, by: Any = None) -> None:
    """
    Staff vouch no longer: the row goes, as if it had never been there. A refused one would have the learner told to try
    again what they never tried. Raises ``VerificationNotFound``, also the second time.
    """
    with transaction.atomic():
        taken, _by_kind = ManualVerification.objects.filter(pk=verification_id).delete()
        if not taken:
            raise VerificationNotFound
        audit.record("learner.vouching_taken_back", Subject("manualverification", verification_id), actor=by)
    logger.info("Staff no longer vouch: verification=%s", verification_id)


def recent(user: Any) -> ManualVerification | None:
    """The newest approved verification by staff of the last ``DAYS_GOOD_FOR`` days."""
    return _recent().filter(user=user).order_by("-created_at", "-pk").first()


def vouched_ids(user_ids: Collection[int]) -> set[int]:
    """Those of the learners who have such a one."""
    return set(_recent().filter(user_id__in=user_ids).values_list("user_id", flat=True))


def vouch_together(users: Collection[Any]) -> int:
    """As :func:`vouch` for many, in a constant number of reads; for how many it was new."""
    names = lms.profiles().get_full_names(users)
    with transaction.atomic():
        # In the order of their ids, so that two who do this at once wait for each other, and not each for the other.
        held = get_user_model()._default_manager.select_for_update().filter(pk__in=[user.pk for user in users])
        ids = list(held.order_by("pk").values_list("pk", flat=True))
        known = vouched_ids(ids)
        new = [pk for pk in ids if pk not in known]
        rows = [ManualVerification(user_id=pk, name=names.get(pk, "")[:NAME_LENGTH]) for pk in new]
        transitions.made_many(rows, Status.approved)
        audit.write(audit.entry("learner.vouched_for", Subject("learner", pk)) for pk in new)
    return len(rows)


def _recent() -> "QuerySet[ManualVerification]":
    since = timezone.now() - config.validity
    return ManualVerification.objects.filter(status=Status.approved, created_at__gte=since)


def _vouch(user: Any, reason: str, by: Any) -> ManualVerification:
    name = lms.profiles().get_full_name(user)[:NAME_LENGTH]
    made = transitions.made(ManualVerification(user=user, name=name, reason=reason), Status.approved)
    audit.record("learner.vouched_for", Subject("learner", user.pk), actor=by, verification=made.pk)
    return made
