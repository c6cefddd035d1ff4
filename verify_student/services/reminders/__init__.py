"""
Mail about an approval's end, after it and before it (contract §7.4).

A :class:`Round` says whom it concerns; :func:`send` writes the mails down a batch at a time, each batch in one
transaction with what is remembered of them. The outbox sends them.
"""

from verify_student.services.reminders.ending import begin as begin_ending
from verify_student.services.reminders.expired import begin as begin_expired
from verify_student.services.reminders.rearming import rearm
from verify_student.services.reminders.rounds import Round, look, number, send, send_all

__all__ = ["Round", "begin_ending", "begin_expired", "look", "number", "rearm", "send", "send_all"]
