"""``manage.py expire_overdue_attempts``: close every attempt whose time is over, whether or not anybody looks at it."""

from collections.abc import Iterator, Mapping
from typing import Any

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand
from proctoring.services import clock


class Command(BatchCommand):
    """Ends with exit code 1 where an attempt could not be closed; the others are closed all the same."""

    help = "Close the attempts whose time is over."
    default_batch_size = clock.BATCH

    def total(self, options: Mapping[str, Any]) -> int:
        """Attempts to look at."""
        return clock.candidates().count()

    def batches(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        """Close them, or only see which are overdue."""
        sweep = clock.rehearsed_closing if options["dry_run"] else clock.closing
        return sweep(size=options["batch_size"])
