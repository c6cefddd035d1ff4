"""``manage.py send_verification_reminders``: remind learners before their verification expires."""

from verify_student.management.mailing import MailingCommand
from verify_student.services import reminders


class Command(MailingCommand):
    """Once a day."""

    help = (
        "Remind learners whose ID verification expires soon, once at each of the numbers of days in "
        'VERIFY_STUDENT["REMINDER_DAYS"]. Learners who are verified for longer by something else, or are in no live '
        "course for a verified certificate, get none."
    )
    begin = staticmethod(reminders.begin_ending)
