"""A plugin of another identity vendor as it was written for the platform's own app: nothing in it is to be changed."""

from datetime import timedelta

from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from lms.djangoapps.verify_student.api import (
    create_verification_attempt,
    send_approval_email,
    update_verification_attempt,
)
from lms.djangoapps.verify_student.exceptions import VerificationAttemptInvalidStatus
from lms.djangoapps.verify_student.models import (
    ManualVerification,
    SoftwareSecurePhotoVerification,
    VerificationAttempt,
    VerificationException,
)
from lms.djangoapps.verify_student.services import IDVerificationService
from lms.djangoapps.verify_student.signals.signals import idv_update_signal
from lms.djangoapps.verify_student.statuses import VerificationAttemptStatus
from lms.djangoapps.verify_student.utils import is_verification_expiring_soon, most_recent_verification

heard = []


@receiver(idv_update_signal)
def hear_update(sender, attempt_id, user_id, status, photo_id_name, full_name, **kwargs):
    heard.append((sender, status, photo_id_name))


@receiver(post_delete, sender=VerificationAttempt)
def hear_deletion(sender, instance, **kwargs):
    heard.append(("deleted", instance.status))


def verify(user):
    """A learner's way through the vendor; what the platform says at its end."""
    attempt_id = create_verification_attempt(user, "Ada Lovelace", VerificationAttemptStatus.CREATED)
    update_verification_attempt(attempt_id, status=VerificationAttemptStatus.PENDING)
    before = IDVerificationService.user_is_verified(user)
    ends = timezone.now() + timedelta(days=400)
    update_verification_attempt(attempt_id, status=VerificationAttemptStatus.APPROVED, expiration_datetime=ends)
    attempt = VerificationAttempt.objects.get(pk=attempt_id)
    send_approval_email(attempt)
    try:
        update_verification_attempt(attempt_id, status="nonsense")
    except VerificationAttemptInvalidStatus:
        refused = True
    return {
        "before": before,
        "verified": IDVerificationService.user_is_verified(user),
        "status": IDVerificationService.user_status(user)["status"],
        "soon": is_verification_expiring_soon(ends),
        "refused": refused,
        "latest": most_recent_verification([VerificationAttempt.objects.all(), ManualVerification.objects.all()])
        == attempt,
    }


def photo(user):
    """A photo verification, decided by hand; the texts of what was refused."""
    verification = SoftwareSecurePhotoVerification.objects.create(user=user, name="Ada Lovelace", status="submitted")
    verification.approve(user, service="old")
    try:
        verification.mark_ready()
    except VerificationException as error:
        return verification.status, isinstance(error, Exception)
    return None
