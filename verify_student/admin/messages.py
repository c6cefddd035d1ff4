"""What providers told us and what we have to tell: what failed can be seen and tried again."""

from collections.abc import Iterable

from django.contrib import admin

from proctoring.common.admin import DeliveriesAdmin, MessagesAdmin
from proctoring.common.courier import HERE
from proctoring.common.crypto import Keyring
from verify_student.backends import known_names
from verify_student.conf import config
from verify_student.models import InboxDelivery, OutboxMessage
from verify_student.services import audit, inbox, outbox, staff_actions
from verify_student.services.delivery import courier


@admin.register(InboxDelivery)
class InboxDeliveryAdmin(DeliveriesAdmin):
    """Providers' results."""

    staff_actions = staff_actions.actions
    audit_log = audit.log

    def keyring(self) -> Keyring:
        return config.keyring

    def sources(self) -> Iterable[str]:
        return known_names()

    def kinds(self) -> Iterable[str]:
        return [inbox.RESULT]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(MessagesAdmin):
    """For the LMS, providers, the photos' storage and mailboxes."""

    staff_actions = staff_actions.actions
    audit_log = audit.log

    def destinations(self) -> Iterable[str]:
        return [HERE, outbox.HOST, outbox.MAIL, outbox.STORAGE, *known_names()]

    def kinds(self) -> Iterable[str]:
        return courier.kinds
