"""
Runs of scheduled tasks: a row for each task, which says when it last ran and what came of it.

A run that died is one that was started and has not finished.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunOutcome(models.TextChoices):
    """What came of the last run that finished."""

    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class AbstractScheduledRun(models.Model):
    """
    The last run of the task ``name``. ``done`` is how much it did, ``error_code`` the kind of error it failed with.

    ``created`` is when it ran for the first time, ``succeeded_at`` when it last finished well.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("task"), max_length=128, unique=True)
    created = models.DateTimeField(_("first run"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=RunOutcome.choices, blank=True, default="")
    done = models.PositiveIntegerField(_("done"), default=0)
    error_code = models.CharField(_("error"), max_length=128, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


def recorded(model: type[AbstractScheduledRun], name: str, work: Callable[[], int]) -> int:
    """What ``work`` returns, which is how much it did; that it runs, and what came of it, is kept. Two statements."""
    _begun(model, name, timezone.now())
    try:
        done = work()
    except Exception as error:
        _note(model, name, finished_at=timezone.now(), outcome=RunOutcome.FAILED, error_code=type(error).__name__[:128])
        raise
    now = timezone.now()
    _note(model, name, finished_at=now, succeeded_at=now, outcome=RunOutcome.DONE, done=done, error_code="")
    return done


def _begun(model: type[AbstractScheduledRun], name: str, now: datetime) -> None:
    if _note(model, name, started_at=now):
        return
    try:
        with transaction.atomic():
            model._default_manager.create(name=name, created=now, started_at=now)
    except IntegrityError:
        # Another worker runs it for the first time too.
        _note(model, name, started_at=now)


def _note(model: type[AbstractScheduledRun], name: str, **values: Any) -> int:
    return model._default_manager.filter(name=name).update(**values)
