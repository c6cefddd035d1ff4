"""``manage.py retry_failed_photo_verifications``: ask providers again (contract §7.3)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand, bad_usage, moment, row_id
from verify_student.services import retry_config, retrying

OPEN = ", ".join(retrying.OPEN)
FROM_DATABASE = "SSPVerificationRetryConfig"


class Command(BatchCommand):
    """
    Requests are written down and sent by the workers. Named verifications that cannot be asked about are failures;
    where a status is selected, they are counted.
    """

    help = "Ask providers of identity verification again: by receipt, or by status and time of handing in."
    default_batch_size = 300
    default_sleep_time = 10

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--verification-ids", "--verification_ids", nargs="+", default=(), metavar="RECEIPT", help="receipt ids"
        )
        parser.add_argument(
            "--args-from-database", "--args_from_database", action="store_true", help=f"options from {FROM_DATABASE}"
        )
        parser.add_argument("--status", default="must_retry", help=f"one of {OPEN} (%(default)s)")
        parser.add_argument("--start_datetime", "--start-datetime", help="handed in from then on (UTC); needs an end")
        parser.add_argument("--end_datetime", "--end-datetime", help="handed in until then, which is included (UTC)")
        parser.add_argument("--after", type=row_id, metavar="ID", help="go on after this row")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["args_from_database"]:
            configured = self._configured()
            if configured is None:
                return
            options |= configured | {"dry_run": options["dry_run"] or configured["dry_run"]}
        if options["dry_run"]:
            options["sleep_time"] = 0
        super().handle(*args, **options)

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        work = retrying.rehearse if options["dry_run"] else retrying.asking()
        start, end = _span(options)
        receipts = _receipts(options["verification_ids"])
        if receipts and (start is not None or options["after"]):
            raise bad_usage("Receipts do not go together with a time of handing in or with --after.")
        if receipts:
            return retrying.each_named(work, receipts, options["batch_size"], self._refuse)
        rows = retrying.waiting(options["status"], start, end)
        return retrying.each(work, rows, options["batch_size"], after=options["after"] or 0)

    def summary(self, counts: Mapping[str, int], options: Mapping[str, Any]) -> str:
        told = super().summary(counts, options)
        if counts.get(retrying.WITHOUT_PHOTOS):
            told += " Where photos are gone, only the learner can help: by handing in anew."
        return told

    def _refuse(self, place: int, reason: str) -> None:
        self.refuse(f"Receipt {place}: {reason}.")

    def _configured(self) -> dict[str, Any] | None:
        """The options in the database; None, and a line that says so, where there are none to go by."""
        try:
            words = retry_config.words()
            if not words:
                self.stderr.write(self.style.ERROR(f"{FROM_DATABASE} is disabled or empty; nothing was done."))
                return None
            parser = self.create_parser("manage.py", "retry_failed_photo_verifications")
            # Errors are raised, and not printed as those of whoever typed the command.
            parser.called_from_command_line = False
            return vars(parser.parse_args(words))
        except (CommandError, SystemExit, ValueError) as error:
            # SystemExit: --help and its like.
            raise bad_usage(f"The arguments in {FROM_DATABASE} cannot be used. {error}") from None


def _span(options: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    if options["status"] not in retrying.OPEN:
        raise bad_usage(f"--status: providers are asked again about {OPEN} only.")
    start = moment(options["start_datetime"], "--start_datetime")
    end = moment(options["end_datetime"], "--end_datetime")
    if (start is None) != (end is None):
        raise bad_usage("--start_datetime and --end_datetime: give both or neither.")
    if start is not None and end is not None and end < start:
        raise bad_usage("--end_datetime is before --start_datetime.")
    return start, end


def _receipts(given: Any) -> list[str]:
    return given.split() if isinstance(given, str) else [str(receipt) for receipt in given or ()]
