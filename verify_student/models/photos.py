"""Verifications by photos of the learner's face and ID (contract §1.5, §1.6)."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from verify_student.conf import config
from verify_student.models.base import IDVerificationAttempt
from verify_student.statuses import IDVerificationStatus as Status


def new_receipt_id() -> str:
    """The only id by which a provider knows a verification."""
    return str(uuid.uuid4())


class PhotoVerification(IDVerificationAttempt):
    """Somebody compares the learner's face with the learner's ID."""

    # Columns of old releases that nothing writes any more.
    face_image_url = models.URLField(blank=True, max_length=255)
    photo_id_image_url = models.URLField(blank=True, max_length=255)
    receipt_id = models.CharField(_("receipt"), db_index=True, default=new_receipt_id, max_length=255)
    display = models.BooleanField(db_index=True, default=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True, db_index=True)
    # A reviewer's account may go; what was decided stays (W61).
    reviewing_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        db_index=True,
        default=None,
        null=True,
        blank=True,
        related_name="photo_verifications_reviewed",
        on_delete=models.SET_NULL,
        verbose_name=_("reviewer"),
    )
    reviewing_service = models.CharField(_("reviewed by"), blank=True, max_length=255)
    error_msg = models.TextField(_("reasons"), blank=True)
    error_code = models.CharField(_("code"), blank=True, max_length=50)

    class Meta:
        app_label = "verify_student"
        abstract = True
        ordering = ["-created_at"]

    def should_display_status_to_user(self) -> bool:
        return True


class SoftwareSecurePhotoVerification(PhotoVerification):
    """
    A verification by photos, whoever reviews them: the vendor after which it is named, or the institution's staff.

    ``photo_id_key`` is the key of the vendor's copy of the ID photo, wrapped for the vendor (contract §2.4).
    """

    IMAGE_LINK_DURATION = 5 * 60 * 60 * 24

    photo_id_key = models.TextField(max_length=1024)
    # The verification whose ID photo is used again; it may go without taking this one along (W61).
    copy_id_photo_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("ID photo of")
    )
    expiry_email_date = models.DateTimeField(_("reminded of the end"), null=True, blank=True, db_index=True)
    # Ours, added by 0002: who reviews it, and since when the provider is being asked (W9).
    provider = models.CharField(_("provider"), max_length=64, blank=True, default="")
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)
    # Ours, added by 0003: when mail about its end was last written down (W65), after the end and before it.
    expiry_mailed_at = models.DateTimeField(_("told of the end"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded before the end"), null=True, blank=True)

    class Meta:
        app_label = "verify_student"
        ordering = ["-created_at"]
        verbose_name = _("photo verification")
        verbose_name_plural = _("photo verifications")
        indexes = [
            # Ours, added by 0004: who has been waiting for how long.
            models.Index(fields=["status", "status_changed"], name="verify_student_waiting"),
            # Ours, added by 0006: who waits for our own staff.
            models.Index(fields=["provider", "status", "created_at"], name="verify_student_queue"),
        ]
        permissions = [("review_verifications", _("Can decide on identity verifications"))]

    def __str__(self) -> str:
        return f"Photo verification {self.pk}, status: {self.status}"

    @property
    def is_under_way(self) -> bool:
        """Whether the learner has handed in, and waits (W9: also while the provider is still being asked)."""
        queued = self.status == Status.ready and self.queued_at is not None
        return queued or self.status in {Status.submitted, Status.must_retry}

    @classmethod
    def get_initial_verification(
        cls, user: Any, earliest_allowed_date: datetime | None = None
    ) -> "SoftwareSecurePhotoVerification | None":
        """
        The learner's verification whose ID photo may be used again: the newest approved one that still counts (W3).

        ``earliest_allowed_date`` bounds when it was made; without it the last ``DAYS_GOOD_FOR`` days count. There has
        to be a photo: the vendor's copy, or ours.
        """
        earliest = earliest_allowed_date or timezone.now() - config.validity
        made = cls.objects.filter(user=user, status=Status.approved, created_at__gte=earliest)
        kept = models.Q(photos__kind="photo_id", photos__deleted_at__isnull=True)
        rows = made.filter(~models.Q(photo_id_key="") | kept).order_by("-created_at").distinct()
        return next((row for row in rows[:5] if row.expiration_datetime > timezone.now()), None)

    @classmethod
    def get_verification_from_receipt(cls, receipt_id: str) -> "SoftwareSecurePhotoVerification | None":
        """The verification of that receipt, or None. Raises ``MultipleObjectsReturned``."""
        found = list(cls.objects.filter(receipt_id=receipt_id)[:2])
        if len(found) > 1:
            raise cls.MultipleObjectsReturned
        return found[0] if found else None

    @classmethod
    def get_recent_verification(cls, user: Any) -> "SoftwareSecurePhotoVerification | None":
        """The learner's approved verification that was changed last, or None."""
        return cls.objects.filter(user=user, status=Status.approved).order_by("-updated_at").first()
