"""
What runs in the task queue, and on its schedule: each a shell around a service.

``conf.SCHEDULES`` says how often each has to run. All of them may run several times at once, and do each piece of work
once.
"""

from celery import shared_task

from proctoring.common.tasks import scheduled
from proctoring.models import ScheduledRun
from proctoring.services import audit, clock, delivery, inbox, reconciliation, retention, retirement, staff_actions


@shared_task(name="proctoring.deliver_messages", ignore_result=True)
def deliver_messages(message_ids: list[int]) -> int:
    """Send these messages to vendors and mailboxes."""
    return delivery.deliver_remote(message_ids)


@scheduled(ScheduledRun, "proctoring.deliver_outbox")
def deliver_outbox() -> int:
    """Do whatever is due in the outbox: that is what retries."""
    return delivery.deliver_due()


@scheduled(ScheduledRun, "proctoring.apply_due_callbacks")
def apply_due_callbacks() -> int:
    """Apply what vendors said and we could not handle."""
    return inbox.apply_due()


@scheduled(ScheduledRun, "proctoring.expire_overdue_attempts")
def expire_overdue_attempts() -> int:
    """Close the attempts whose time is over."""
    return clock.close_overdue().closed


@scheduled(ScheduledRun, "proctoring.ask_for_missing_reviews")
def ask_for_missing_reviews() -> int:
    """Ask vendors for reviews that have not come in their usual time."""
    return reconciliation.ask_for_missing()


@scheduled(ScheduledRun, "proctoring.purge_exam_data")
def purge_exam_data() -> int:
    """Delete what has been kept for its time, and what a hold kept from being erased."""
    return retirement.erase_waiting() + retention.purge()


@shared_task(name="proctoring.run_staff_action", ignore_result=True)
def run_staff_action(action_id: int) -> int:
    """Do what staff confirmed."""
    return staff_actions.actions.run(action_id)


@scheduled(ScheduledRun, "proctoring.continue_staff_actions")
def continue_staff_actions() -> int:
    """Go on with what staff confirmed and a worker left."""
    return staff_actions.actions.run_due()


@shared_task(name="proctoring.seal_audit_entries", ignore_result=True)
def seal_audit_entries() -> int:
    """Chain what has just been written into the audit log."""
    return audit.seal()


@scheduled(ScheduledRun, "proctoring.seal_audit_log")
def seal_audit_log() -> int:
    """Chain what is left in the audit log."""
    return audit.seal()
