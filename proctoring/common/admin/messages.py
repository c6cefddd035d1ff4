"""An inbox to apply again, an outbox to send again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from proctoring.common.admin.reading import ReadOnlyAdmin
from proctoring.common.crypto import DecryptionError, Keyring
from proctoring.common.errors import DomainError
from proctoring.common.inbox import AbstractInboxDelivery


class DeliveriesAdmin(ReadOnlyAdmin):
    """Messages that came. Their contents are personal data and have a permission of their own."""

    ordering = ("-received_at", "-id")
    show_full_result_count = False
    actions = ("replay",)

    def keyring(self) -> Keyring:
        """The keys of the bodies."""
        raise NotImplementedError

    def apply_again(self, delivery_id: int) -> AbstractInboxDelivery:
        """Apply a message again. Raises ``DomainError``."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).defer("body")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Everything about a delivery; what is in it only for those who may see that."""
        fields = [field.name for field in self.opts.concrete_fields if field.name != "body"]
        return [*fields, "contents"] if self.permits(request, "view_inboxdelivery_payload") else fields

    @admin.display(description=_("contents"))
    def contents(self, delivery: AbstractInboxDelivery) -> SafeString | None:
        try:
            body = delivery.opened(self.keyring())
        except DecryptionError:
            # The key was taken out of the settings; the row itself can still be looked at.
            return None
        return format_html("<pre>{}</pre>", body.decode(errors="replace"))

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return self.permits(request, "replay_inboxdelivery")

    @admin.action(description=_("Apply again"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        for delivery_id in queryset.order_by("received_at", "id").values_list("id", flat=True):
            try:
                delivery = self.apply_again(delivery_id)
            except DomainError as refusal:
                self.message_user(request, f"#{delivery_id}: {refusal.detail}", messages.ERROR)
            else:
                self.message_user(request, f"#{delivery_id}: {delivery.get_state_display()}", messages.SUCCESS)


class MessagesAdmin(ReadOnlyAdmin):
    """What is waiting, done or given up. Contents are not shown: they speak of learners."""

    list_display = ("id", "state", "kind", "destination", "tries", "due_at", "error_code", "created")
    list_filter = ("state", "created")
    search_fields = ("kind", "destination")
    fields = ("kind", "destination", "stream", "key", "state", "tries", "due_at", "error_code", "created", "done_at")
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("send_again",)

    def redeliver(self, message_id: int) -> bool:
        """Send a dead letter again; false where it is none."""
        raise NotImplementedError

    def has_redeliver_permission(self, request: HttpRequest) -> bool:
        return self.permits(request, "redeliver_outboxmessage")

    @admin.action(description=_("Send again"), permissions=["redeliver"])
    def send_again(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        for message_id in queryset.order_by("id").values_list("id", flat=True):
            if self.redeliver(message_id):
                self.message_user(request, _("#%(id)s will be sent again.") % {"id": message_id}, messages.SUCCESS)
            else:
                self.message_user(request, _("#%(id)s is not a dead letter.") % {"id": message_id}, messages.WARNING)
