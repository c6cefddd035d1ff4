"""``manage.py replay_identity_results``: apply kept results of providers that have had no effect."""

from proctoring.common.replaying import ReplayCommand
from verify_student.services import audit
from verify_student.services.inbox import receiver


class Command(ReplayCommand):
    """Results are kept for ``INBOX_RETENTION_DAYS`` after they were judged."""

    help = "Apply providers' results again: those with the given numbers, or all that failed or were refused."
    receiver = receiver
    audit_log = audit.log
