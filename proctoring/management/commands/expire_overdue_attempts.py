"""``manage.py expire_overdue_attempts``: close every attempt whose time is over, whether or not anybody looks at it."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from proctoring.services import clock


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


class Command(BaseCommand):
    """Ends with exit code 1 where an attempt could not be closed; the others are closed all the same."""

    help = "Close the attempts whose time is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count them")
        parser.add_argument(
            "--batch-size", type=_positive, default=clock.BATCH, help="rows that are read at a time (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sweep = clock.rehearse_closing if options["dry_run"] else clock.close_overdue
        done = sweep(batch=options["batch_size"])
        verb = "would be closed" if options["dry_run"] else "closed"
        self.stdout.write(f"{done.closed} overdue attempts {verb}, {done.failed} failed.")
        if done.failed:
            raise CommandError("Some attempts could not be closed; the log says which.", returncode=1)
