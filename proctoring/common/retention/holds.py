"""
Legal holds: while one is in force, nothing that it covers is purged or erased.

What a learner's erasure meets a hold with is remembered, and done once no hold is in the way.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting.records import MAX_REASON
from proctoring.common.acting.verbs import ActionRefused
from proctoring.common.acting.work import sound_reason

MAX_CASE = 100
IN_FORCE = models.Q(lifted_at=None)


class NothingToHold(ActionRefused):
    """A hold has to say whose data it keeps."""

    code = "nothing_to_hold"
    default_message = _("Say whose data is to be kept.")


class LiftedAlready(ActionRefused):
    """A hold is lifted once."""

    code = "hold_lifted_already"
    http_status = 409
    default_message = _("This hold was lifted already.")


class Held(models.ProtectedError, PermissionDenied):
    """
    What a hold covers would go. Django's admin answers it with 403, also where the row that is deleted is the host's.
    """

    def __str__(self) -> str:
        # Not whose data it is.
        return str(self.args[0])


def keep_while_held(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """Whose data is held cannot be deleted; afterwards the hold stays as a record, without saying of whom."""
    if sub_objs.filter(IN_FORCE).exists():
        models.PROTECT(collector, field, sub_objs, using)
    models.SET_NULL(collector, field, sub_objs, using)


class AbstractRetentionHold(models.Model):
    """
    A hold. ``user`` is the learner whose data it keeps. Rows stay, as a record; ``case_reference`` is what lawyers call
    the matter, and ``lifted_because`` why it ended.
    """

    # Whose data it keeps, and who did it; foreign keys of the app's own table.
    user: Any
    placed_by: Any
    lifted_by: Any

    id = models.BigAutoField(primary_key=True)
    reason = models.CharField(_("reason"), max_length=MAX_REASON)
    case_reference = models.CharField(_("case"), max_length=MAX_CASE, blank=True, default="")
    placed_at = models.DateTimeField(_("placed"), default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)
    lifted_because = models.CharField(_("reason for lifting"), max_length=MAX_REASON, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Hold {self.pk}"


def place(hold: AbstractRetentionHold, by: Any) -> None:
    """
    Put an unsaved hold in force. Raises ``ReasonMissing`` and ``ActionRefused``.
    """
    hold.reason = sound_reason(hold.reason)
    hold.case_reference = " ".join(hold.case_reference.replace("\0", "").split())[:MAX_CASE]
    hold.placed_by = by
    hold.placed_at = timezone.now()
    hold.save(force_insert=True)


def lift(hold: AbstractRetentionHold, by: Any, reason: str) -> None:
    """End a hold. Raises ``ReasonMissing``, and ``LiftedAlready``; of two who do it, one does."""
    values = {"lifted_by": by, "lifted_at": timezone.now(), "lifted_because": sound_reason(reason)}
    if not type(hold)._default_manager.filter(IN_FORCE, pk=hold.pk).update(**values):
        raise LiftedAlready
    for name, value in values.items():
        setattr(hold, name, value)
