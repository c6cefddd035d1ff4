"""What runs in the task queue, and on its schedule: each a shell around a service."""

from celery import shared_task

from proctoring.services import clock, delivery, idempotency, inbox, reconciliation, retention


@shared_task(name="proctoring.deliver_messages", ignore_result=True)
def deliver_messages(message_ids: list[int]) -> int:
    """Send these messages to vendors and mailboxes."""
    return delivery.deliver_remote(message_ids)


@shared_task(name="proctoring.deliver_outbox", ignore_result=True)
def deliver_outbox() -> int:
    """Do whatever is due in the outbox. Run it every minute: that is what retries."""
    return delivery.deliver_due()


@shared_task(name="proctoring.apply_due_callbacks", ignore_result=True)
def apply_due_callbacks() -> int:
    """Apply what vendors said and we could not handle. Run it every minute."""
    return inbox.apply_due()


@shared_task(name="proctoring.expire_overdue_attempts", ignore_result=True)
def expire_overdue_attempts() -> int:
    """Close the attempts whose time is over. Run it every minute."""
    return clock.close_overdue().closed


@shared_task(name="proctoring.purge_idempotent_answers", ignore_result=True)
def purge_idempotent_answers() -> int:
    """Forget the answers to requests that nobody will repeat any more. Run it every hour."""
    return idempotency.purge()


@shared_task(name="proctoring.ask_for_missing_reviews", ignore_result=True)
def ask_for_missing_reviews() -> int:
    """Ask vendors for reviews that have not come in their usual time. Run it every hour."""
    return reconciliation.ask_for_missing()


@shared_task(name="proctoring.purge_messages", ignore_result=True)
def purge_messages() -> int:
    """Delete what vendors told us, and what we told others, once it is old. Run it every night."""
    return retention.purge_messages()
