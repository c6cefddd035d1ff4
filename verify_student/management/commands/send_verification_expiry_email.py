"""``manage.py send_verification_expiry_email``: tell learners that their verification has expired (contract §7.4)."""

from verify_student.management.mailing import MailingCommand
from verify_student.services import reminders


class Command(MailingCommand):
    """Once a day. A day without a run is made up for by the next one (W65)."""

    help = (
        "Write to learners whose ID verification has expired, and again every RESEND_DAYS "
        "(VERIFICATION_EXPIRY_EMAIL). Each batch is one task; a mail that cannot be sent is tried again. "
        "Learners with another valid verification, of whatever kind, get none."
    )
    default_sleep_time = 10.0
    begin = staticmethod(reminders.begin_expired)
