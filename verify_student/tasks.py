"""Celery tasks, each a shell over a service."""

from celery import shared_task

from verify_student.services import delivery, inbox, photos, retention


@shared_task(name="verify_student.deliver_messages")
def deliver_messages(message_ids: list[int]) -> int:
    """Make the calls that a change has just written down."""
    return delivery.courier.make_calls(message_ids)


@shared_task(name="verify_student.deliver_outbox")
def deliver_outbox() -> int:
    """Do whatever is due; on a schedule."""
    return delivery.courier.do_due()


@shared_task(name="verify_student.apply_due_results")
def apply_due_results() -> int:
    """Apply results that were kept and not applied; on a schedule."""
    return inbox.apply_due()


@shared_task(name="verify_student.purge_photos")
def purge_photos() -> int:
    """Delete photos whose time is over; on a schedule."""
    return photos.purge_due()


@shared_task(name="verify_student.purge_messages")
def purge_messages() -> int:
    """Delete old messages; on a schedule."""
    return retention.purge_messages()
