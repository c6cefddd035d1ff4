"""``manage.py set_is_attempt_active``: reviews of attempts that are gone say so."""

from collections.abc import Iterator, Mapping
from typing import Any

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand
from proctoring.services import orphans


class Command(BatchCommand):
    """Once is enough: since then, deleting an attempt says so itself."""

    help = "Mark the reviews, and the archived reviews, whose attempt has been deleted."
    default_batch_size = 300
    default_sleep_time = 10.0

    def total(self, options: Mapping[str, Any]) -> int:
        """Rows to look at."""
        return orphans.flagged()

    def batches(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        """Mark them, or only count."""
        act = orphans.rehearse_marking if options["dry_run"] else orphans.mark
        return act(options["batch_size"])
