"""``manage.py rotate_photo_keys``: our copies of photos under the newest key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from verify_student.services.photos import rotation


class Command(BaseCommand):
    """A batch at a time; it may be broken off and called again."""

    help = "Encrypt our copies of photos under the first of ENCRYPTION_KEYS, so that an older key can go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count the photos under older keys, change nothing")
        parser.add_argument("--batch-size", type=int, default=rotation.BATCH, help="photos read at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch_size"] < 1:
            raise CommandError("The batch size has to be 1 or more.")
        if options["dry_run"]:
            self.stdout.write(f"{rotation.waiting()} photos are under an older key.")
            return
        rotated, failed = self._rotate(options["batch_size"])
        self.stdout.write(f"{rotated} photos have the new key, {failed} could not be read.")
        if failed:
            raise CommandError("Some photos could not be read; keep the older key until that is explained.")

    def _rotate(self, batch_size: int) -> tuple[int, int]:
        rotated, failed, after = 0, 0, 0
        while True:
            batch = rotation.rotate(after=after, limit=batch_size)
            rotated, failed = rotated + batch.rotated, failed + batch.failed
            if batch.last is None:
                return rotated, failed
            after = batch.last
            self.stderr.write(f"{rotated} photos so far")
