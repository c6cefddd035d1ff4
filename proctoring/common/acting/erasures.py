"""The verb that notes what a vendor has answered, made for the table of an app."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting.verbs import Verb
from proctoring.common.retention.erasures import AbstractVendorErasure, ConfirmedAlready


def note_confirmation(
    model: type[AbstractVendorErasure], permission: str, confirm: Callable[[Any, Any], object]
) -> Verb:
    """A vendor that no program can ask has written that a learner's data is gone."""

    def foresee(asked: AbstractVendorErasure, user: Any) -> list[str | Promise]:
        if asked.confirmed_at is not None:
            raise ConfirmedAlready
        return [
            _("The learner's certificate of erasure says from now on that the vendor has confirmed."),
            _("It cannot be taken back. The vendor is not asked any more."),
        ]

    def perform(asked: AbstractVendorErasure, user: Any, reason: str) -> None:
        confirm(asked, user)

    return Verb(
        name="note-confirmation",
        model=model,
        label=_("Note that the vendor has confirmed"),
        explanation=_("These vendors have confirmed, in writing, that they deleted what they had of the learner."),
        permission=permission,
        foresee=foresee,
        perform=perform,
        marked_by="confirmed_at",
    )
