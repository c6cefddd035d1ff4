"""The verb that lifts legal holds, made for the table of an app."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting.verbs import Verb
from proctoring.common.retention.holds import AbstractRetentionHold, LiftedAlready


def lift_hold(
    model: type[AbstractRetentionHold],
    permission: str,
    lift: Callable[[Any, Any, str], object],
    erase_waiting: Callable[[], int],
) -> Verb:
    """A hold ends; ``erase_waiting()`` does what it has kept from being erased."""

    def foresee(hold: AbstractRetentionHold, user: Any) -> list[str | Promise]:
        if hold.lifted_at is not None:
            raise LiftedAlready
        return [
            _("What it covers is purged again when its time has come."),
            _("Erasures that waited for it, and for no other hold, are done now. They cannot be undone."),
        ]

    def perform(hold: AbstractRetentionHold, user: Any, reason: str) -> None:
        lift(hold, user, reason)
        erase_waiting()

    return Verb(
        name="lift-hold",
        model=model,
        label=_("Lift the hold"),
        explanation=_("The data that these holds keep need not be kept any more."),
        permission=permission,
        foresee=foresee,
        perform=perform,
        marked_by="lifted_at",
    )
