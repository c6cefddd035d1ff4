"""The admin's own record of what was done to a row."""

import logging
from typing import Any

from django.apps import apps
from django.db import DatabaseError, transaction

from proctoring.common.acting.verbs import Verb

logger = logging.getLogger(__name__)


def log_line(verb: Verb, pk: int, named: str, by: Any, reason: str) -> None:
    """
    A line in the log of the row ``pk``, which was called ``named`` before. What was done stays done without it.

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
                content_type_id=ContentType.objects.get_for_model(verb.model).pk,
                object_id=str(pk),
                object_repr=named[:200],
                action_flag=CHANGE,
                change_message=f"{verb.label}: {reason}",
            )
    # Somebody whose account was deleted meanwhile has no log any more.
    except DatabaseError as error:
        logger.error("A row's log line was not written: verb=%s row=%s error=%s", verb.name, pk, type(error).__name__)
