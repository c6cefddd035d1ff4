"""The record of an action: what was chosen, who confirmed it and why, how far it is, and what was refused."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_REASON = 500


class ActionState(models.TextChoices):
    """Where an action stands."""

    PLANNED = "planned", _("not confirmed")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")


class AbstractStaffAction(models.Model):
    """
    The verb ``verb`` on the rows ``ids``, which were frozen when they were chosen.

    ``marks`` are what those rows were then, one each; a row that is not the same any more is left as it is.
    ``position`` is how many of them have been gone through, ``done`` and ``refused`` what became of those;
    ``refusals`` are pairs of id and sentence, of the first ones only. ``leased_until`` is when a worker's claim lapses.
    """

    # Whose it is; a foreign key of the app's own table.
    by: Any
    by_id: int | None

    id = models.BigAutoField(primary_key=True)
    verb = models.CharField(_("action"), max_length=64)
    ids = models.JSONField(default=list, editable=False)
    marks = models.JSONField(default=list, editable=False)
    reason = models.CharField(_("reason"), max_length=MAX_REASON, blank=True, default="")
    state = models.CharField(_("state"), max_length=16, choices=ActionState.choices, default=ActionState.PLANNED)
    total = models.PositiveIntegerField(_("rows"), default=0)
    position = models.PositiveIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(_("done"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    refusals = models.JSONField(_("what was refused"), default=list, editable=False)
    created = models.DateTimeField(_("chosen"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.verb} #{self.pk} ({self.state})"
