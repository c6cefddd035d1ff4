"""What vendors told us and what we have to tell: what failed can be seen and tried again."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from proctoring.backends import configured_names
from proctoring.common.admin import DeliveriesAdmin, MessagesAdmin
from proctoring.common.crypto import Keyring
from proctoring.conf import config
from proctoring.models import InboxDelivery, OutboxMessage
from proctoring.services import inbox, outbox


class VendorFilter(SimpleListFilter):
    """The configured vendors, without asking the deliveries."""

    title = _("vendor")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        return [(name, name) for name in configured_names()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset if self.value() is None else queryset.filter(source=self.value())


@admin.register(InboxDelivery)
class InboxDeliveryAdmin(DeliveriesAdmin):
    """Vendors' callbacks."""

    list_display = ("id", "state", "source", "kind", "subject", "received_at", "tries", "error_code")
    list_filter = ("state", VendorFilter, "received_at")
    search_fields = ("subject",)

    def keyring(self) -> Keyring:
        return config.keyring

    def apply_again(self, delivery_id: int) -> InboxDelivery:
        return inbox.replay(delivery_id)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(MessagesAdmin):
    """For the LMS, vendors, support and mailboxes."""

    def redeliver(self, message_id: int) -> bool:
        return outbox.redeliver(message_id)
