"""Days on which runs write to learners."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import time_machine
from django.core import mail as mailbox

from tests.verify_student.factories import VerificationFactory
from verify_student.services import reminders

MIDNIGHT = datetime(2026, 7, 20, tzinfo=UTC)
MORNING = MIDNIGHT + timedelta(hours=3)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def morning(days=0):
    """The present is the morning ``days`` days after the first one."""
    return time_machine.travel(MORNING + days * DAY, tick=False)


def approved(until, made=MORNING - 400 * DAY, **fields):
    """An approval that counts until then."""
    with time_machine.travel(made, tick=False):
        return VerificationFactory(status="approved", expiration_date=until, **fields)


def ended(before=HOUR, **fields):
    """An approval that ended so long before the first midnight."""
    return approved(MIDNIGHT - before, **fields)


def ending(after, **fields):
    """An approval that ends so long after the first midnight."""
    return approved(MIDNIGHT + after, made=MORNING - 300 * DAY, **fields)


def done(round_, size=100):
    """What a round came to."""
    counts = Counter()
    for batch in reminders.send(round_, size):
        counts.update(batch.counts)
    return +counts


def written_to():
    """Whoever has had mail, as often as that; then nobody has."""
    addresses = [address for message in mailbox.outbox for address in message.to]
    mailbox.outbox.clear()
    return sorted(addresses)


def addresses_of(*verifications):
    return sorted(verification.user.email for verification in verifications)
