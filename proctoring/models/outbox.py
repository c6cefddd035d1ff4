"""What we still have to tell the LMS, the vendors and learners' mailboxes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proctoring.common.outbox import AbstractOutboxMessage


class OutboxMessage(AbstractOutboxMessage):
    """One effect of a committed change; ``destination`` is ``lms``, ``mail``, ``support`` or the backend's name."""

    class Meta:
        db_table = "proctoring_outboxmessage"
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [
            models.Index(fields=["state", "due_at"], name="proctoring_outbox_due"),
            models.Index(fields=["stream", "state"], name="proctoring_outbox_stream"),
        ]
        permissions = [
            ("view_outboxmessage_payload", _("Can see the contents of outgoing messages")),
            ("redeliver_outboxmessage", _("Can send outgoing messages again")),
        ]
