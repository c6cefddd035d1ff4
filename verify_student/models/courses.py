"""Until when a course wants learners verified, and arguments of the retry command (contract §1.9)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from model_utils.models import TimeStampedModel


class VerificationDeadline(TimeStampedModel):
    """The last moment for a first photo in a course; no row means that there is none."""

    course_key = models.CharField(_("course"), max_length=255, db_index=True, unique=True)
    deadline = models.DateTimeField(_("deadline"))
    deadline_is_explicit = models.BooleanField(_("set by a person"), default=False)

    class Meta:
        app_label = "verify_student"
        verbose_name = _("verification deadline")
        verbose_name_plural = _("verification deadlines")
        # Ours, added by 0006: which come next.
        indexes = [models.Index(fields=["deadline"], name="verify_student_deadline_at")]

    def __str__(self) -> str:
        return self.course_key


class SSPVerificationRetryConfig(models.Model):
    """
    What the retry command does when it takes its arguments from here. Rows are only added; the newest one counts.
    """

    change_date = models.DateTimeField(_("changed"), auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, null=True, on_delete=models.PROTECT, verbose_name=_("changed by")
    )
    enabled = models.BooleanField(_("enabled"), default=False)
    arguments = models.TextField(_("arguments"), blank=True, default="")

    class Meta:
        app_label = "verify_student"
        ordering = ("-change_date",)
        verbose_name = "sspv retry student argument"

    def __str__(self) -> str:
        return self.arguments
