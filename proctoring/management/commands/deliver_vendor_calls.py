"""``manage.py deliver_vendor_calls``: do what waits in the outbox, without waiting for the schedule."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand
from proctoring.models import OutboxMessage
from proctoring.services import outgoing


class Command(BatchCommand):
    """Calls of vendors, mail and effects on the LMS, as the schedule does them."""

    help = "Do what is due in the outbox now, dead letters too where that is wanted."
    default_batch_size = 100

    def add_options(self, parser: CommandParser) -> None:
        """Which messages."""
        parser.add_argument("--dead", action="store_true", help="send dead letters again")
        parser.add_argument("--kind", help="only messages of this kind, such as vendor.stop")
        parser.add_argument("--destination", help="only messages for this vendor, or lms, mail or support")

    def batches(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        """Do it, or list by destination and kind what there is."""
        rows = outgoing.messages(kind=options["kind"], destination=options["destination"])
        if options["dry_run"]:
            return self._listed(rows)
        revived = outgoing.revive(rows, options["batch_size"]) if options["dead"] else ()
        return chain(revived, outgoing.deliver(rows, options["batch_size"]))

    def _listed(self, rows: "QuerySet[OutboxMessage]") -> Iterator[Batch]:
        for pile in outgoing.piles(rows):
            counts = ", ".join(f"{number} {what}" for what, number in pile.counts.items() if number)
            age = str(pile.age).partition(".")[0]
            self.stdout.write(f"{pile.destination} {pile.kind}: {counts}; the oldest for {age}")
            yield Batch(sum(pile.counts.values()), pile.counts)
