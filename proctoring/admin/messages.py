"""What vendors told us and what we have to tell: what failed can be seen and tried again."""

from collections.abc import Iterable

from django.contrib import admin

from proctoring.backends import configured_names
from proctoring.common.admin import DeliveriesAdmin, MessagesAdmin
from proctoring.common.courier import HERE
from proctoring.common.crypto import Keyring
from proctoring.conf import config
from proctoring.models import InboxDelivery, OutboxMessage
from proctoring.services import audit, delivery, inbox, mail, staff_actions, support


@admin.register(InboxDelivery)
class InboxDeliveryAdmin(DeliveriesAdmin):
    """Vendors' callbacks."""

    staff_actions = staff_actions.actions
    audit_log = audit.log

    def keyring(self) -> Keyring:
        return config.keyring

    def sources(self) -> Iterable[str]:
        return configured_names()

    def kinds(self) -> Iterable[str]:
        return inbox.APPLY


@admin.register(OutboxMessage)
class OutboxMessageAdmin(MessagesAdmin):
    """For the LMS, vendors, support and mailboxes."""

    staff_actions = staff_actions.actions
    audit_log = audit.log

    def destinations(self) -> Iterable[str]:
        return [HERE, mail.DESTINATION, support.DESTINATION, *configured_names()]

    def kinds(self) -> Iterable[str]:
        return delivery.kinds()
