"""
What runs in the task queue, and on its schedule: each a shell around a service.

``conf.SCHEDULES`` says how often each has to run. All of them may run several times at once, and do each piece of work
once.
"""

from celery import shared_task

from proctoring.common.tasks import scheduled
from verify_student.models import ScheduledRun
from verify_student.services import audit, delivery, inbox, reminders, retention, retirement, staff_actions


@shared_task(name="verify_student.deliver_messages", ignore_result=True)
def deliver_messages(message_ids: list[int]) -> int:
    """Make the calls that a change has just written down."""
    return delivery.courier.make_calls(message_ids)


@scheduled(ScheduledRun, "verify_student.deliver_outbox")
def deliver_outbox() -> int:
    """Do whatever is due."""
    return delivery.courier.do_due()


@scheduled(ScheduledRun, "verify_student.apply_due_results")
def apply_due_results() -> int:
    """Apply results that were kept and not applied."""
    return inbox.apply_due()


@scheduled(ScheduledRun, "verify_student.purge_identity_data")
def purge_identity_data() -> int:
    """Delete what has been kept for its time, and what a hold kept from being erased."""
    return retirement.erase_waiting() + retention.purge()


@scheduled(ScheduledRun, "verify_student.send_expiry_mail")
def send_expiry_mail() -> int:
    """Write to learners whose approval has ended."""
    return reminders.send_all(reminders.begin_expired())


@scheduled(ScheduledRun, "verify_student.send_reminders")
def send_reminders() -> int:
    """Write to learners whose approval ends soon."""
    return reminders.send_all(reminders.begin_ending())


@shared_task(name="verify_student.run_staff_action", ignore_result=True)
def run_staff_action(action_id: int) -> int:
    """Do what staff confirmed."""
    return staff_actions.actions.run(action_id)


@scheduled(ScheduledRun, "verify_student.continue_staff_actions")
def continue_staff_actions() -> int:
    """Go on with what staff confirmed and a worker left."""
    return staff_actions.actions.run_due()


@shared_task(name="verify_student.seal_audit_entries", ignore_result=True)
def seal_audit_entries() -> int:
    """Chain what has just been written into the audit log."""
    return audit.seal()


@scheduled(ScheduledRun, "verify_student.seal_audit_log")
def seal_audit_log() -> int:
    """Chain what is left in the audit log."""
    return audit.seal()
