"""What staff did to rows in the admin."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting import AbstractStaffAction


class StaffAction(AbstractStaffAction):
    """One verb of ``services.staff_actions`` on chosen rows. Rows of the table stay, as a record."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by")
    )

    class Meta:
        db_table = "proctoring_staffaction"
        verbose_name = _("action of staff")
        verbose_name_plural = _("actions of staff")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["state", "created"], name="proctoring_action_state")]
