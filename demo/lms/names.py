"""Verified names: what the LMS makes of the news that identity verification sends (contract verify_student.md §6.4)."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from demo.lms.models import NameStatus, UserProfile, VerifiedName

PHOTO, PLUGIN = "verification_attempt_id", "platform_verification_attempt_id"
# Where a verification stands -> what the name is worth; of other statuses names do not hear.
STATUSES: Mapping[str, Mapping[str, NameStatus]] = {
    PHOTO: {
        "created": NameStatus.PENDING,
        "submitted": NameStatus.SUBMITTED,
        "approved": NameStatus.APPROVED,
        "denied": NameStatus.DENIED,
    },
    PLUGIN: {
        "created": NameStatus.PENDING,
        "pending": NameStatus.SUBMITTED,
        "approved": NameStatus.APPROVED,
        "denied": NameStatus.DENIED,
    },
}
NO_REFERENCE = Q(verification_attempt_id=None, platform_verification_attempt_id=None)


@transaction.atomic
def keep(user_id: int, name: str, profile_name: str, verification: tuple[str, int], status: str) -> None:
    """
    The learner's name stands where its verification does: ``verification`` is one of the references and an id.

    A name that waits for its verification is found again by its text; one that nobody asked for is written down.
    """
    reference, attempt_id = verification
    worth = STATUSES[reference].get(status)
    if worth is None or not name:
        return
    linked = Q(**{reference: attempt_id})
    names = VerifiedName.objects.filter(linked | NO_REFERENCE, user_id=user_id, verified_name=name)
    found = list(names.select_for_update()) or [
        VerifiedName(user_id=user_id, verified_name=name, profile_name=profile_name)
    ]
    for known in found:
        for field, value in {reference: attempt_id, "status": worth}.items():
            setattr(known, field, value)
        known.save()
        if worth == NameStatus.APPROVED:
            _confirm(known)


def forget(verification: tuple[str, int]) -> None:
    """Names fall with a verification that is deleted."""
    reference, attempt_id = verification
    VerifiedName.objects.filter(**{reference: attempt_id}).delete()


def forget_all(user_id: int) -> None:
    """Nothing is left of a learner's names."""
    VerifiedName.objects.filter(user_id=user_id).delete()


def _confirm(approved: VerifiedName) -> None:
    """The learner is called what they asked to be called, now that this has been looked at."""
    if approved.profile_name:
        asked = UserProfile.objects.filter(user_id=approved.user_id, pending_name=approved.profile_name)
        asked.update(name=approved.profile_name, pending_name="")
