"""What providers told us and what we have to tell: what failed can be seen and tried again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from proctoring.common.crypto import DecryptionError
from proctoring.common.errors import DomainError
from verify_student.admin.read_only import ReadOnlyAdmin
from verify_student.conf import config
from verify_student.models import InboxDelivery, OutboxMessage
from verify_student.services import inbox, outbox

MAY_SEE_CONTENTS = "verify_student.view_inboxdelivery_payload"
MAY_REPLAY = "verify_student.replay_inboxdelivery"
MAY_REDELIVER = "verify_student.redeliver_outboxmessage"


@admin.register(InboxDelivery)
class InboxDeliveryAdmin(ReadOnlyAdmin):
    """Providers' results. Their contents are personal data and have a permission of their own."""

    list_display = ("id", "state", "source", "subject", "received_at", "tries", "error_code")
    list_filter = ("state", "received_at")
    search_fields = ("=subject",)
    ordering = ("-received_at", "-id")
    show_full_result_count = False
    actions = ("replay",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[InboxDelivery]":
        return super().get_queryset(request).defer("body")

    def get_fields(self, request: HttpRequest, obj: InboxDelivery | None = None) -> list[Any]:
        """Everything about a delivery; what is in it only for those who may see that."""
        fields = [field.name for field in self.opts.concrete_fields if field.name != "body"]
        return [*fields, "contents"] if request.user.has_perm(MAY_SEE_CONTENTS) else fields

    @admin.display(description=_("contents"))
    def contents(self, delivery: InboxDelivery) -> SafeString | None:
        try:
            body = delivery.opened(config.keyring)
        except DecryptionError:
            # The key was taken out of the settings; the row itself can still be looked at.
            return None
        return format_html("<pre>{}</pre>", body.decode(errors="replace"))

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_REPLAY))

    @admin.action(description=_("Apply again"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: "QuerySet[InboxDelivery]") -> None:
        for delivery_id in queryset.order_by("received_at", "id").values_list("id", flat=True):
            try:
                delivery = inbox.replay(delivery_id)
            except DomainError as refusal:
                self.message_user(request, f"#{delivery_id}: {refusal.detail}", messages.ERROR)
            else:
                self.message_user(request, f"#{delivery_id}: {delivery.get_state_display()}", messages.SUCCESS)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """What is waiting, done or given up. Contents are not shown: they speak of learners."""

    list_display = ("id", "state", "kind", "destination", "tries", "due_at", "error_code", "created")
    list_filter = ("state", "created")
    search_fields = ("kind", "destination")
    fields = ("kind", "destination", "stream", "key", "state", "tries", "due_at", "error_code", "created", "done_at")
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("send_again",)

    def has_redeliver_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_REDELIVER))

    @admin.action(description=_("Send again"), permissions=["redeliver"])
    def send_again(self, request: HttpRequest, queryset: "QuerySet[OutboxMessage]") -> None:
        for message_id in queryset.order_by("id").values_list("id", flat=True):
            if outbox.redeliver(message_id):
                self.message_user(request, _("#%(id)s will be sent again.") % {"id": message_id}, messages.SUCCESS)
            else:
                self.message_user(request, _("#%(id)s is not a dead letter.") % {"id": message_id}, messages.WARNING)
