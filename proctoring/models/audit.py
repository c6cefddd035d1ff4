"""What was decided, and who looked at evidence, in a log that nobody can change unseen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proctoring.common.audit import AbstractAuditEntry


class AuditEntry(AbstractAuditEntry):
    """One decision or look; ``services.audit`` writes them. Rows of the table stay."""

    class Meta:
        db_table = "proctoring_auditentry"
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["sequence", "id"], name="proctoring_audit_unsealed"),
            models.Index(fields=["subject_id", "subject_kind"], name="proctoring_audit_subject"),
        ]
