"""The operators' command that applies kept deliveries again; each app's says of which inbox."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.core.management.base import CommandParser
from django.db.models import QuerySet

from proctoring.common.audit import AuditLog
from proctoring.common.batches import Batch, chunked, in_batches
from proctoring.common.commands import BatchCommand, bad_usage, lines_of, moment, row_id, values_of
from proctoring.common.inbox import AbstractInboxDelivery, InboxState
from proctoring.common.receiving import WITHOUT_EFFECT, Receiver

FILTERS = ("state", "since", "until", "source")


class ReplayCommand(BatchCommand):
    """
    Oldest first; named ones a batch at a time. What is applied is not found again, so it may be broken off and called
    again. Two runs, or a run and the schedule, never work on the same delivery at the same time.
    """

    receiver: ClassVar[Receiver[Any]]
    audit_log: ClassVar[AuditLog]

    def add_options(self, parser: CommandParser) -> None:
        """Which deliveries."""
        noun = self.receiver.noun
        parser.add_argument("ids", nargs="*", type=row_id, help=f"numbers of {noun}s, as in the admin")
        parser.add_argument("-p", "--file_path", "--file-path", help="a file with one number in each line")
        states = [state.value for state in WITHOUT_EFFECT]
        parser.add_argument("--state", choices=states, help="what became of them so far (failed)")
        parser.add_argument("--since", help="that came then or later: 2026-11-21 17:30:00, which is UTC")
        parser.add_argument("--until", help="that came then or earlier")
        parser.add_argument("--source", help="that came from this sender")

    def batches(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        """Apply them, or only say what they are."""
        act = _kinds if options["dry_run"] else self._applied
        for rows in self._chosen(options):
            yield Batch(len(rows), act(rows), rows[-1].pk if rows else None)

    def _chosen(self, options: Mapping[str, Any]) -> Iterator[list[Any]]:
        named = [name for name in ("ids", "file_path") if options[name]]
        if len(named) > 1 or (named and any(options[name] for name in FILTERS)):
            raise bad_usage("Numbers, a file of numbers, and the other options do not go together.")
        size = options["batch_size"]
        if options["file_path"]:
            lines = values_of(lines_of(options["file_path"]), row_id, self.refuse)
            return self._named(((f"Line {line.number}", key) for line, key in lines), size)
        if options["ids"]:
            return self._named(((str(key), key) for key in options["ids"]), size)
        return in_batches(self._kept(options), size)

    def _applied(self, deliveries: Sequence[AbstractInboxDelivery]) -> Counter[str]:
        """That somebody wants them applied is on record also where they cannot be."""
        again = [delivery for delivery in deliveries if delivery.state != InboxState.APPLIED]
        self.audit_log.write(self.audit_log.entry("inboxdelivery.replayed", delivery) for delivery in again)
        return self.receiver.handle_each(deliveries)

    def _named(self, wanted: Iterable[tuple[str, int]], size: int) -> Iterator[list[Any]]:
        for chunk in chunked(wanted, size):
            rows = self.receiver.by_id([key for _, key in chunk])
            known = {row.pk for row in rows}
            for place, key in chunk:
                if key not in known:
                    self.refuse(f"{place}: there is no such {self.receiver.noun}")
            yield rows

    def _kept(self, options: Mapping[str, Any]) -> "QuerySet[Any]":
        since, until = moment(options["since"], "--since"), moment(options["until"], "--until")
        if since and until and until < since:
            raise bad_usage("--until is before --since.")
        if options["source"] and not self.receiver.has_heard_of(options["source"]):
            raise bad_usage("--source: nothing is kept of this sender.")
        return self.receiver.kept(options["state"] or InboxState.FAILED, since, until, options["source"])


def _kinds(deliveries: Iterable[AbstractInboxDelivery]) -> Counter[str]:
    """What would be applied; nobody can know of it what would fail."""
    return Counter(f"{delivery.kind} of {delivery.source}" for delivery in deliveries)
