"""
The workflow wiring, read top to bottom: which signal leads to which service call.

The only file that connects signals.
"""

from contextlib import suppress
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from verify_student.exceptions import LearnerHeld
from verify_student.models import SSPVerificationRetryConfig, StoredPhoto
from verify_student.services import delivery, photos, retirement, retry_config
from verify_student.signals import (
    USER_RETIRE_LMS_CRITICAL,
    USER_RETIRE_LMS_MISC,
    audit_entries_written,
    outbox_filled,
    staff_action_confirmed,
)
from verify_student.tasks import deliver_messages, run_staff_action, seal_audit_entries

# Messages were written: the host hears at once, everybody else through the task queue.


@receiver(outbox_filled)
def do_effects(message_ids: list[int], **kwargs: Any) -> None:
    delivery.courier.do_effects(message_ids)


@receiver(outbox_filled)
def send_messages(message_ids: list[int], **kwargs: Any) -> None:
    # Not retried here: a broker that is away must not keep a learner waiting, and the schedule comes round anyway.
    deliver_messages.apply_async(args=[message_ids], retry=False, ignore_result=True)


# The host retires a learner, in two calls: the learner's attempts go with the first, the rest with the second. What a
# hold keeps goes when it is lifted; the rest of the host's retirement does not wait for it.


@receiver(USER_RETIRE_LMS_MISC)
def retire_misc(user: Any, **kwargs: Any) -> None:
    with suppress(LearnerHeld):
        retirement.misc(user.pk)


@receiver(USER_RETIRE_LMS_CRITICAL)
def retire_critical(user: Any, **kwargs: Any) -> None:
    with suppress(LearnerHeld):
        retirement.critical(user.pk)


# A photo's row goes, by whatever: nobody would find its files any more.


@receiver(post_delete, sender=StoredPhoto)
def delete_files(instance: StoredPhoto, **kwargs: Any) -> None:
    photos.discard_after_commit(instance)


# The retry command has new arguments.


@receiver(post_save, sender=SSPVerificationRetryConfig)
def forget_arguments(**kwargs: Any) -> None:
    retry_config.forget()


# Staff confirmed an action over many rows: the task queue does it.


@receiver(staff_action_confirmed)
def do_staff_action(action_id: int, **kwargs: Any) -> None:
    # Not retried here: the schedule comes round.
    run_staff_action.apply_async(args=[action_id], retry=False, ignore_result=True)


# Decisions or looks are on record: they are chained at once, in a transaction of their own.


@receiver(audit_entries_written)
def seal_entries(**kwargs: Any) -> None:
    # Not retried here: the schedule comes round.
    seal_audit_entries.apply_async(retry=False, ignore_result=True)
