"""Verbs for what lies in an inbox or an outbox, made for the tables of an app."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting.verbs import ActionRefused, Verb
from proctoring.common.inbox import AbstractInboxDelivery, InboxState
from proctoring.common.outbox import AbstractOutboxMessage, OutboxState


class NotDead(ActionRefused):
    """Only what was given up is sent again by hand."""

    code = "not_a_dead_letter"
    default_message = _("This is not a dead letter.")


class AppliedAlready(ActionRefused):
    """What has had its effect does not have it twice."""

    code = "applied_already"
    default_message = _("This was applied already.")


def send_again(model: type[AbstractOutboxMessage], permission: str, redeliver: Callable[[int, Any], bool]) -> Verb:
    """Dead letters are sent again; ``redeliver(id, user)`` is false for what is none."""

    def foresee(message: AbstractOutboxMessage, user: Any) -> list[str | Promise]:
        if message.state != OutboxState.DEAD:
            raise NotDead
        return [_("It is sent again now, and tried for the usual time if that fails.")]

    def perform(message: AbstractOutboxMessage, user: Any, reason: str) -> None:
        if not redeliver(message.pk, user):
            raise NotDead

    return Verb(
        name="send-again",
        model=model,
        label=_("Send again"),
        explanation=_("Messages that were given up are sent again."),
        permission=permission,
        foresee=foresee,
        perform=perform,
        marked_by="state",
    )


def apply_again(
    model: type[AbstractInboxDelivery], permission: str, replay: Callable[[int, Any], AbstractInboxDelivery]
) -> Verb:
    """Deliveries that had no effect are applied again; ``replay(id, user)`` raises ``DomainError`` where that fails."""

    def foresee(delivery: AbstractInboxDelivery, user: Any) -> list[str | Promise]:
        if delivery.state == InboxState.APPLIED:
            raise AppliedAlready
        return [_("What the message says takes effect now, as if it had just come.")]

    def perform(delivery: AbstractInboxDelivery, user: Any, reason: str) -> None:
        if delivery.state == InboxState.APPLIED:
            raise AppliedAlready
        replay(delivery.pk, user)

    return Verb(
        name="apply-again",
        model=model,
        label=_("Apply again"),
        explanation=_("Messages that had no effect are applied again."),
        permission=permission,
        foresee=foresee,
        perform=perform,
        marked_by="state",
    )
