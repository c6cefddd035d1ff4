"""The admin's own record of what was done to a row."""

import logging
from typing import Any

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import Model

logger = logging.getLogger(__name__)


def called(model: type[Model], pk: Any) -> str:
    """What the log calls a row: it outlives the row, and the retirement of whose name may be in the row's own text."""
    return f"{model._meta.verbose_name} {pk}"


def log_line(model: type[Model], pk: int, by: Any, message: str) -> None:
    """
    A line in the log of the row ``pk``. What was done stays done without it.

    A host without the admin has no such log.
    """
    if not apps.is_installed("django.contrib.admin"):
        return
    # A host without the admin cannot import its models.
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.contenttypes.models import ContentType

    try:
        # In a transaction of its own, so that one that is running stays sound.
        with transaction.atomic():
            LogEntry.objects.create(
                user_id=by.pk,
                content_type_id=ContentType.objects.get_for_model(model).pk,
                object_id=str(pk),
                object_repr=called(model, pk)[:200],
                action_flag=CHANGE,
                change_message=message,
            )
    # Somebody whose account was deleted meanwhile has no log any more.
    except DatabaseError as error:
        where, kind = model._meta.db_table, type(error).__name__
        logger.error("A row's log line was not written: table=%s row=%s error=%s", where, pk, kind)
