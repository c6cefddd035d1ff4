"""
Requests that are made twice and carried out once: the first answer is kept under a key that the caller chose.

A row is *claimed* before the request is carried out, and then holds the answer. A claim whose owner died lapses.
"""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.crypto import Keyring

# Longer than a request takes: after that, the process that carried it out must have died.
LEASE = timedelta(minutes=2)


class AnswerState(models.TextChoices):
    """Where a request stands."""

    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")


class AbstractIdempotentAnswer(models.Model):
    """
    A request of ``owner`` under ``key`` (SHA-256 of what the caller chose), and its answer. ``digest`` says which
    request it was; ``claim`` is new whenever somebody takes the row.

    The body is encrypted: an answer may say who somebody is.
    """

    id = models.BigAutoField(primary_key=True)
    owner = models.CharField(_("owner"), max_length=191)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    claim = models.UUIDField(default=uuid.uuid4)
    claimed_at = models.DateTimeField(_("made"), default=timezone.now, db_index=True)
    state = models.CharField(_("state"), max_length=16, choices=AnswerState.choices, default=AnswerState.RUNNING)
    code = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    content_type = models.CharField(max_length=128, blank=True, default="")
    body = models.BinaryField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"#{self.pk} ({self.state})"

    def sealed(self, body: bytes, keyring: Keyring) -> bytes:
        """``body`` as it is stored in this row."""
        return keyring.encrypt(body, self._associated())

    def opened(self, keyring: Keyring) -> bytes:
        """The body of the answer; ``DecryptionError`` where its key is gone."""
        return keyring.decrypt(bytes(self.body or b""), self._associated())

    def _associated(self) -> bytes:
        return f"{self.owner}\0{self.key}\0{self.digest}".encode()
