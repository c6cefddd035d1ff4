"""Vendor-neutral attempts, which plug-ins write (contract §1.8)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from model_utils import Choices
from model_utils.models import StatusModel


class VerificationAttempt(StatusModel):
    """A verification by some provider; without ``expiration_datetime`` it counts for good."""

    STATUS = Choices(
        ("created", _("created")), ("pending", _("pending")), ("approved", _("approved")), ("denied", _("denied"))
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=True, on_delete=models.CASCADE, verbose_name=_("learner")
    )
    name = models.CharField(_("name"), blank=True, max_length=255)
    expiration_datetime = models.DateTimeField(_("counts until"), null=True, blank=True)
    hide_status_from_user = models.BooleanField(_("hidden from the learner"), null=True, default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True, db_index=True)

    class Meta:
        app_label = "verify_student"
        verbose_name = _("verification by a plug-in")
        verbose_name_plural = _("verifications by plug-ins")
        # Ours, added by 0006: what staff look for.
        indexes = [
            models.Index(fields=["status", "created_at"], name="verify_student_attempt_status"),
            models.Index(fields=["name"], name="verify_student_attempt_name"),
        ]

    def __str__(self) -> str:
        return f"Verification attempt {self.pk}, status: {self.status}"

    def active_at_datetime(self, deadline: datetime) -> bool:
        """Whether it was there at ``deadline`` and still counts now."""
        expiry = self.expiration_datetime
        return self.created_at <= deadline and (expiry is None or expiry > timezone.now())

    def should_display_status_to_user(self) -> bool:
        """Whether the learner is shown where it stands."""
        return not self.hide_status_from_user
