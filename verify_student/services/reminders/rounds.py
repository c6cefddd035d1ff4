"""
One round of mail: who is looked at, who is written to, and what is remembered of it.

A batch's mails are written down in one transaction with the stamps that keep the next round from writing again; rows
are held for that, so that of two rounds at once one writes. Afterwards one task sends them all. What could not be sent
is tried again by the outbox's schedule, and by the next round where it had been given up.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Protocol

from django.db import transaction
from django.db.models import QuerySet

from proctoring.common.batches import FAILED, Batch, in_batches, together
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import outbox
from verify_student.services.reminders import learners, mails
from verify_student.services.reminders.learners import Known
from verify_student.services.standing import Standing

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification

TO_BE_SENT, NOT_DUE, NOBODY = "to be sent", "not due", "without an account to write to"
BATCH = 1000
# Text that may be long, and says nothing here.
UNREAD = ("photo_id_key", "error_msg")


class Round(Protocol):
    """One kind of mail, on one day."""

    @property
    def kind(self) -> str:
        """The kind of its messages in the outbox."""

    def described(self) -> str:
        """Which approvals it is about, in words."""

    def selected(self) -> "QuerySet[Verification]":
        """The approvals to look at, some of which are not due."""

    def is_due(self, row: Verification) -> bool:
        """Whether the row, by itself, asks for mail."""

    def asks_for_enrollment(self, row: Verification) -> bool:
        """Whether it matters if the learner is in a live course for a verified certificate."""

    def against(self, row: Verification, learner: Standing, known: Known) -> str:
        """Why the learner is not written to after all; empty where nothing is against it."""

    def stamp(self, rows: Sequence[Verification], known: Known) -> None:
        """Remember that mail is on its way, for rows that are held."""

    def still_wanted(self, verification_ids: Collection[int]) -> set[int]:
        """Those of which mail that could not be sent is tried once more."""

    def finish(self) -> None:
        """All of them have been looked at."""


def number(round_: Round) -> int:
    """How many approvals the round has to look at; into the log too."""
    selected = round_.selected().count()
    logger.info("Looking for %s: number=%s", round_.described(), selected)
    return selected


def look(round_: Round, size: int) -> Iterator[Batch]:
    """What a round would do, a batch at a time."""
    for messages in in_batches(mails.unsent(round_.kind), size):
        again = mails.wanted(messages, round_.still_wanted)
        yield Batch(len(messages), Counter({TO_BE_SENT: len(again)}))
    for rows in in_batches(_readable(round_), size):
        writable, counts, _ = _judged(round_, rows)
        logger.info("Dry run, nothing is sent: mail=%s to_be_sent=%s", round_.kind, len(writable))
        yield Batch(len(rows), Counter({TO_BE_SENT: len(writable)}) + counts)


def send(round_: Round, size: int) -> Iterator[Batch]:
    """
    Do a round, a batch at a time, beginning with mail of earlier ones that could not be sent.

    Verifications that cannot be looked at are logged and stop nobody; the next round looks at them again.
    """
    for messages in in_batches(mails.unsent(round_.kind), size):
        yield Batch(len(messages), mails.send_again(messages, round_.still_wanted))
    stuck: Counter[str] = Counter()
    for rows in in_batches(_readable(round_), size):
        yield Batch(len(rows), together(rows, partial(_write_to, round_), partial(_failed, stuck)))
    if not stuck:
        round_.finish()


def send_all(round_: Round) -> int:
    """As :func:`send`, to its end; the number of mails."""
    number(round_)
    counts: Counter[str] = Counter()
    for batch in send(round_, BATCH):
        counts.update(batch.counts)
    return sum(counts[outcome] for outcome in (mails.SENT, mails.WAITING, FAILED))


def _readable(round_: Round) -> "QuerySet[Verification]":
    return round_.selected().select_related("user").defer(*UNREAD)


def _write_to(round_: Round, rows: Sequence[Verification]) -> Counter[str]:
    writable, counts, known = _judged(round_, rows)
    message_ids = _write(round_, writable, known)
    overtaken = Counter({NOT_DUE: len(writable) - len(message_ids)})
    return counts + overtaken + mails.hand_over(message_ids)


def _judged(round_: Round, rows: Sequence[Verification]) -> tuple[list[Verification], Counter[str], Known]:
    """Those whose learners are written to, the number of others by reason, and what is known of the learners."""
    due = [row for row in rows if round_.is_due(row)]
    known = learners.known([row.user for row in due], [row.user_id for row in due if round_.asks_for_enrollment(row)])
    reasons = {row.pk: _against(round_, row, known) for row in due}
    counts = Counter(reason for reason in reasons.values() if reason)
    return [row for row in due if not reasons[row.pk]], counts + Counter({NOT_DUE: len(rows) - len(due)}), known


def _against(round_: Round, row: Verification, known: Known) -> str:
    if not known.can_be_written_to(row.user):
        return NOBODY
    return round_.against(row, known.standings[row.user_id], known)


def _write(round_: Round, rows: Sequence[Verification], known: Known) -> list[int]:
    """Write mail down and remember it; ids of the messages. Rows that another round has written for are left."""
    if not rows:
        return []
    with transaction.atomic():
        ids = [row.pk for row in rows]
        held = round_.selected().filter(pk__in=ids).select_for_update().order_by("pk").defer(*UNREAD)
        due = [row for row in held if round_.is_due(row)]
        round_.stamp(due, known)
        return outbox.write(outbox.mail(round_.kind, row.pk) for row in due)


def _failed(stuck: Counter[str], row: Verification, error: Exception) -> None:
    stuck[FAILED] += 1
    logger.error("Could not send: verification=%s error=%s", row.pk, type(error).__name__)
