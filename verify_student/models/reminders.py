"""How far learners have been told that their approvals end (contract §7.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailedThrough(models.Model):
    """
    Whoever's approval ended before ``until`` has been looked at by a run for mail of this ``kind``; the next one begins
    there, so that a day without a run loses nobody (W65).
    """

    kind = models.CharField(_("kind"), max_length=64, primary_key=True)
    until = models.DateTimeField(_("until"))

    class Meta:
        app_label = "verify_student"
        verbose_name = _("reach of reminders")
        verbose_name_plural = _("reach of reminders")

    def __str__(self) -> str:
        return f"{self.kind} until {self.until:%Y-%m-%d}"
