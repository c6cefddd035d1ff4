"""What providers told us, and what we still have to tell providers, the LMS and learners' mailboxes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proctoring.common.inbox import AbstractInboxDelivery
from proctoring.common.outbox import AbstractOutboxMessage


class InboxDelivery(AbstractInboxDelivery):
    """One result of a provider; ``source`` is the provider's name, ``subject`` the receipt."""

    class Meta:
        app_label = "verify_student"
        verbose_name = _("provider's result")
        verbose_name_plural = _("providers' results")
        constraints = [models.UniqueConstraint(fields=["source", "delivery_id"], name="verify_student_inbox_once")]
        indexes = [
            models.Index(fields=["state", "received_at"], name="verify_student_inbox_state"),
            models.Index(fields=["state", "due_at"], name="verify_student_inbox_due"),
        ]
        permissions = [
            ("view_inboxdelivery_payload", _("Can see the contents of providers' results")),
            ("replay_inboxdelivery", _("Can apply providers' results again")),
        ]


class OutboxMessage(AbstractOutboxMessage):
    """
    One effect of a committed change; ``destination`` is ``lms``, ``host`` for what takes long, ``mail``, ``storage`` or
    the provider's name.
    """

    class Meta:
        app_label = "verify_student"
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [
            models.Index(fields=["state", "due_at"], name="verify_student_outbox_due"),
            models.Index(fields=["stream", "state"], name="verify_student_outbox_stream"),
        ]
        permissions = [
            ("view_outboxmessage_payload", _("Can see the contents of outgoing messages")),
            ("redeliver_outboxmessage", _("Can send outgoing messages again")),
        ]
