"""What every verification has (contract verify_student.md §1.1, §1.2)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from model_utils import Choices
from model_utils.models import StatusModel

from verify_student.conf import config


def default_expiration() -> datetime:
    """When a verification that is made now stops counting."""
    return timezone.now() + config.validity


class IDVerificationAttempt(StatusModel):
    """One way in which a learner's identity was, or was not, made sure of; ``name`` is the learner's at that time."""

    STATUS = Choices(
        ("created", _("created")),
        ("ready", _("ready")),
        ("submitted", _("submitted")),
        ("must_retry", _("must retry")),
        ("approved", _("approved")),
        ("denied", _("denied")),
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("learner"))
    name = models.CharField(_("name"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True, db_index=True)
    expiration_date = models.DateTimeField(
        _("counts until"), null=True, blank=True, db_index=True, default=default_expiration
    )

    class Meta:
        abstract = True
        get_latest_by = "created_at"
        ordering = ["-created_at"]

    @property
    def expiration_datetime(self) -> datetime:
        """When it stops counting; rows of old releases have no date and count from when they were made."""
        return self.expiration_date or self.created_at + config.validity

    def active_at_datetime(self, deadline: datetime) -> bool:
        """Whether it was there at ``deadline`` and still counts now (contract §1.2; W45: "now" is meant)."""
        return self.created_at <= deadline and self.expiration_datetime > timezone.now()

    def should_display_status_to_user(self) -> bool:
        """Whether the learner is shown where it stands."""
        raise NotImplementedError
