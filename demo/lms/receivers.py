"""
What the demo LMS and identity verification hear of each other; the only file of the LMS that connects signals.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from demo.lms import names
from demo.lms.models import Course, Enrollment, EnrollmentMode
from verify_student.api import course_published, rearm_expiry_reminder
from verify_student.models import SoftwareSecurePhotoVerification, VerificationAttempt
from verify_student.signals import (
    IDV_ATTEMPT_APPROVED,
    IDV_ATTEMPT_CREATED,
    IDV_ATTEMPT_DENIED,
    IDV_ATTEMPT_PENDING,
    USER_RETIRE_LMS_MISC,
    idv_update_signal,
)

# Names stand where their verification does.


@receiver(idv_update_signal)
def follow_photos(
    attempt_id: int, user_id: int, status: str, photo_id_name: str, full_name: str, **kwargs: Any
) -> None:
    names.keep(user_id, photo_id_name, full_name, (names.PHOTO, attempt_id), status)


@receiver([IDV_ATTEMPT_CREATED, IDV_ATTEMPT_PENDING, IDV_ATTEMPT_APPROVED, IDV_ATTEMPT_DENIED])
def follow_plugins(idv_attempt: Any, **kwargs: Any) -> None:
    user = idv_attempt.user
    names.keep(user.id, idv_attempt.name, user.pii.name, (names.PLUGIN, idv_attempt.attempt_id), idv_attempt.status)


# And go with it, or with the learner.


@receiver(post_delete, sender=SoftwareSecurePhotoVerification)
def forget_photos(instance: SoftwareSecurePhotoVerification, **kwargs: Any) -> None:
    names.forget((names.PHOTO, instance.pk))


@receiver(post_delete, sender=VerificationAttempt)
def forget_plugins(instance: VerificationAttempt, **kwargs: Any) -> None:
    names.forget((names.PLUGIN, instance.pk))


@receiver(USER_RETIRE_LMS_MISC)
def forget_names(user: Any, **kwargs: Any) -> None:
    names.forget_all(user.pk)


# Courses have a last day for a first photo, and whoever enrols again is reminded again.


@receiver(post_save, sender=Course)
def publish(instance: Course, **kwargs: Any) -> None:
    course_published(instance.course_id, instance.end)


@receiver(post_save, sender=Enrollment)
def remind_again(instance: Enrollment, **kwargs: Any) -> None:
    if instance.mode == EnrollmentMode.VERIFIED:
        rearm_expiry_reminder(instance.user)
