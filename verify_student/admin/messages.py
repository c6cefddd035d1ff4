"""What providers told us and what we have to tell: what failed can be seen and tried again."""

from django.contrib import admin

from proctoring.common.admin import DeliveriesAdmin, MessagesAdmin
from proctoring.common.crypto import Keyring
from verify_student.conf import config
from verify_student.models import InboxDelivery, OutboxMessage
from verify_student.services import inbox, outbox


@admin.register(InboxDelivery)
class InboxDeliveryAdmin(DeliveriesAdmin):
    """Providers' results."""

    list_display = ("id", "state", "source", "subject", "received_at", "tries", "error_code")
    list_filter = ("state", "received_at")
    search_fields = ("=subject",)

    def keyring(self) -> Keyring:
        return config.keyring

    def apply_again(self, delivery_id: int) -> InboxDelivery:
        return inbox.replay(delivery_id)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(MessagesAdmin):
    """For the LMS, providers and mailboxes."""

    def redeliver(self, message_id: int) -> bool:
        return outbox.redeliver(message_id)
