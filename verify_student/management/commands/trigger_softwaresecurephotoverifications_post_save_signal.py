"""``manage.py trigger_softwaresecurephotoverifications_post_save_signal``: announce again (contract §7.5)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand, bad_usage, moment, row_id
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import announcing


class Command(BatchCommand):
    """Newest first; nothing is written, and ``updated_at`` stays. Listeners that fail are told in the log."""

    help = "Send the update signal of photo verifications again, newest first."
    default_batch_size = 300
    default_sleep_time = 10

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--start_date_time", "--start-date-time", help="verifications made since then (UTC); has to be given"
        )
        parser.add_argument("--after", type=row_id, metavar="ID", help="go on after this row, with those before it")

    def total(self, options: Mapping[str, Any]) -> int:
        return self._rows(options).count()

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        rows = self._rows(options)
        if options["dry_run"]:
            return [Batch(0, {announcing.ANNOUNCED: rows.count()})]
        return announcing.announce_each(rows, options["batch_size"])

    def _rows(self, options: Mapping[str, Any]) -> "QuerySet[SoftwareSecurePhotoVerification]":
        start = moment(options["start_date_time"], "--start_date_time")
        if start is None:
            raise bad_usage("--start_date_time has to be given: verifications made since then are announced.")
        rows = announcing.made_since(start)
        if options["after"] is None:
            return rows
        last = rows.filter(pk=options["after"]).first()
        if last is None:
            raise bad_usage("--after: there is no such verification since then.")
        return announcing.older_than(rows, last)
