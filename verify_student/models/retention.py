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
    """Keeps a learner's photos, names and messages from being purged and erased."""

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

    class Meta:
        app_label = "verify_student"
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        default_permissions = ("view",)
        permissions = [("hold_data", _("Can place and lift legal holds"))]
        indexes = [models.Index(fields=["lifted_at", "user"], name="verify_student_hold_learner")]


class ErasureCertificate(AbstractErasureCertificate):
    """What was erased of a learner's identity."""

    class Meta:
        app_label = "verify_student"
        verbose_name = _("certificate of erasure")
        verbose_name_plural = _("certificates of erasure")
        default_permissions = ("view",)


class VendorErasure(AbstractVendorErasure):
    """``vendor`` is the provider's name. Providers have no interface for it: staff ask, and note what was answered."""

    class Meta:
        app_label = "verify_student"
        verbose_name = _("erasure by a provider")
        verbose_name_plural = _("erasures by providers")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["learner", "vendor"], name="verify_student_vendorerasure_once")]


class PendingErasure(AbstractPendingErasure):
    """A learner whose photos are being deleted, or whose data a hold keeps for now."""

    class Meta:
        app_label = "verify_student"
        verbose_name = _("erasure that is not complete")
        verbose_name_plural = _("erasures that are not complete")
        default_permissions = ("view",)
