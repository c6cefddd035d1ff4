"""An inbox to apply again, an outbox to send again."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from proctoring.common.admin.acting import ActingAdmin
from proctoring.common.admin.filters import ChoiceFilter
from proctoring.common.admin.lists import LongListAdmin
from proctoring.common.admin.reading import ReadOnlyAdmin
from proctoring.common.audit import AuditLog
from proctoring.common.crypto import DecryptionError, Keyring
from proctoring.common.inbox import AbstractInboxDelivery, InboxState
from proctoring.common.outbox import AbstractOutboxMessage, OutboxState

MEANING_OF_DELIVERIES: Mapping[str, str | Promise] = {
    InboxState.RECEIVED: _("It is being applied, or is applied by the schedule soon. There is nothing to do."),
    InboxState.APPLIED: _("It has had its effect. There is nothing to do."),
    InboxState.REFUSED: _(
        "It cannot be right as it stands, and its sender was told so. Put right what it is about, then apply it again; "
        "or ask the sender."
    ),
    InboxState.FAILED: _(
        "Something went wrong on our side. It is tried again at the time below; or repair what the error says, and "
        "apply it again now."
    ),
}
NOT_TRIED_ANY_MORE = _("It is not tried any more. Repair what the error says, then apply it again: nothing else will.")
MEANING_OF_MESSAGES: Mapping[str, str | Promise] = {
    OutboxState.DONE: _("It was done. There is nothing to do."),
    OutboxState.DEAD: _("It was given up. Repair what the error says, then send it again: nothing else will."),
    OutboxState.PENDING: _("It waits for a worker, or behind an earlier message about the same thing."),
}
FAILED_SO_FAR = _("It failed, and is tried again at the time below. It is a dead letter once it is too old.")


class SourceFilter(ChoiceFilter):
    """Whom a delivery came from."""

    title = _("source")
    parameter_name = "source"

    def choices_of(self, model_admin: "DeliveriesAdmin") -> Iterable[str]:
        return model_admin.sources()


class DeliveredKindFilter(ChoiceFilter):
    """What a delivery claims to be."""

    title = _("kind")
    parameter_name = "kind"

    def choices_of(self, model_admin: "DeliveriesAdmin") -> Iterable[str]:
        return model_admin.kinds()


class DestinationFilter(ChoiceFilter):
    """Whom a message is for. Named as the page for operators names it in its links."""

    title = _("destination")
    parameter_name = "destination__exact"

    def choices_of(self, model_admin: "MessagesAdmin") -> Iterable[str]:
        return model_admin.destinations()


class MessageKindFilter(ChoiceFilter):
    """What is to be done. Named as the page for operators names it in its links."""

    title = _("kind")
    parameter_name = "kind__exact"

    def choices_of(self, model_admin: "MessagesAdmin") -> Iterable[str]:
        return model_admin.kinds()


class PayloadAdmin(LongListAdmin, ReadOnlyAdmin):
    """Rows with contents that few may see: that somebody looked is on record before they do."""

    audit_log: AuditLog
    payload_permission = ""

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = context["original"]
        if self.permits(request, self.payload_permission):
            self.audit_log.record(f"{self.opts.model_name}.looked_at", row, actor=request.user)
        return super().render_change_form(request, context, *args, **kwargs)


class DeliveriesAdmin(ActingAdmin, PayloadAdmin):
    """Messages that came. Their contents are personal data and have a permission of their own."""

    payload_permission = "view_inboxdelivery_payload"

    list_display = ("id", "state", "source", "kind", "subject", "received_at", "tries", "due_at", "error_code")
    list_filter = ("state", SourceFilter, DeliveredKindFilter, "received_at")
    search_exact = ("subject",)
    ordering = ("-id",)

    def keyring(self) -> Keyring:
        """The keys of the bodies."""
        raise NotImplementedError

    def sources(self) -> Iterable[str]:
        """Whom deliveries come from."""
        raise NotImplementedError

    def kinds(self) -> Iterable[str]:
        """What deliveries claim to be."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).defer("body")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Everything about a delivery; what is in it only for those who may see that."""
        fields = [field.name for field in self.opts.concrete_fields if field.name not in {"body", "state"}]
        known = ["state", "meaning", *fields]
        return [*known, "contents"] if self.permits(request, self.payload_permission) else known

    @admin.display(description=_("what it means"))
    def meaning(self, delivery: AbstractInboxDelivery) -> str:
        if delivery.state == InboxState.FAILED and delivery.due_at is None:
            return str(NOT_TRIED_ANY_MORE)
        return str(MEANING_OF_DELIVERIES[delivery.state])

    @admin.display(description=_("contents"))
    def contents(self, delivery: AbstractInboxDelivery) -> SafeString | None:
        try:
            body = delivery.opened(self.keyring())
        except DecryptionError:
            # The key was taken out of the settings; the row itself can still be looked at.
            return None
        return format_html("<pre>{}</pre>", body.decode(errors="replace"))


class MessagesAdmin(ActingAdmin, PayloadAdmin):
    """What is waiting, done or given up. Contents speak of learners, and have a permission of their own."""

    payload_permission = "view_outboxmessage_payload"

    list_display = ("id", "state", "kind", "destination", "about", "tries", "due_at", "error_code", "created")
    list_filter = ("state", DestinationFilter, MessageKindFilter, "created")
    search_exact = ("key", "stream")
    fields = (
        "state",
        "meaning",
        "kind",
        "destination",
        "about",
        "key",
        "tries",
        "error_code",
        "due_at",
        "created",
        "done_at",
    )
    ordering = ("-id",)

    def destinations(self) -> Iterable[str]:
        """Whom messages are for."""
        raise NotImplementedError

    def kinds(self) -> Iterable[str]:
        """What there is to be done."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).defer("payload")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        known = list(self.fields)
        return [*known, "contents"] if self.permits(request, self.payload_permission) else known

    @admin.display(description=_("contents"))
    def contents(self, message: AbstractOutboxMessage) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(message.payload, indent=2, ensure_ascii=False))

    def called(self, name: str) -> Any:
        return _("about") if name == "stream" else super().called(name)

    @admin.display(description=_("about"), empty_value="–")
    def about(self, message: AbstractOutboxMessage) -> str:
        """Its stream, such as ``vendor:12``: the kind of thing and its number, and nothing about a person."""
        return message.stream

    @admin.display(description=_("what it means"))
    def meaning(self, message: AbstractOutboxMessage) -> str:
        if message.state == OutboxState.PENDING and message.error_code:
            return str(FAILED_SO_FAR)
        return str(MEANING_OF_MESSAGES[message.state])
