"""What vendors have told us: every callback, kept before it is judged."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proctoring.common.inbox import AbstractInboxDelivery


class InboxDelivery(AbstractInboxDelivery):
    """One callback of a vendor; ``source`` is the backend's name, ``subject`` the vendor's id of the attempt."""

    class Meta:
        db_table = "proctoring_inboxdelivery"
        verbose_name = _("vendor callback")
        verbose_name_plural = _("vendor callbacks")
        constraints = [models.UniqueConstraint(fields=["source", "delivery_id"], name="proctoring_inbox_once")]
        indexes = [
            models.Index(fields=["state", "received_at"], name="proctoring_inbox_state"),
            models.Index(fields=["state", "due_at"], name="proctoring_inbox_due"),
        ]
        permissions = [
            ("view_inboxdelivery_payload", _("Can see the contents of vendor callbacks")),
            ("replay_inboxdelivery", _("Can apply vendor callbacks again")),
        ]
