"""Requests of signed-in callers that named a key, with the answers they got."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proctoring.common.idempotency import AbstractIdempotentAnswer


class IdempotentAnswer(AbstractIdempotentAnswer):
    """One request; ``owner`` is the caller's account."""

    class Meta:
        db_table = "proctoring_idempotentanswer"
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="proctoring_answer_once")]
