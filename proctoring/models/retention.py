"""What keeps personal data, and what is left to show once it was erased."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from proctoring.common.retention.erasures import (
    AbstractErasureCertificate,
    AbstractPendingErasure,
    AbstractVendorErasure,
)
from proctoring.common.retention.holds import AbstractRetentionHold, keep_while_held


class RetentionHold(AbstractRetentionHold):
    """Keeps the data of a learner, of a course, or of a learner in a course, from being purged and erased."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=keep_while_held,
        related_name="+",
        verbose_name=_("learner"),
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("placed by")
    )
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("lifted by")
    )
    course_id = models.CharField(_("course"), max_length=255, blank=True, default="")

    class Meta:
        db_table = "proctoring_retentionhold"
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        default_permissions = ("view",)
        permissions = [("hold_data", _("Can place and lift legal holds"))]
        indexes = [
            models.Index(fields=["lifted_at", "user"], name="proctoring_hold_learner"),
            models.Index(fields=["lifted_at", "course_id"], name="proctoring_hold_course"),
        ]


class ErasureCertificate(AbstractErasureCertificate):
    """What was erased of a learner's exams."""

    class Meta:
        db_table = "proctoring_erasurecertificate"
        verbose_name = _("certificate of erasure")
        verbose_name_plural = _("certificates of erasure")
        default_permissions = ("view",)


class VendorErasure(AbstractVendorErasure):
    """``vendor`` is the backend's name."""

    class Meta:
        db_table = "proctoring_vendorerasure"
        verbose_name = _("erasure by a vendor")
        verbose_name_plural = _("erasures by vendors")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["learner", "vendor"], name="proctoring_vendorerasure_once")]


class PendingErasure(AbstractPendingErasure):
    """A learner whose data a hold keeps for now."""

    class Meta:
        db_table = "proctoring_pendingerasure"
        verbose_name = _("erasure that waits")
        verbose_name_plural = _("erasures that wait")
        default_permissions = ("view",)
