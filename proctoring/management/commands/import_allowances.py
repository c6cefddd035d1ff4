"""``manage.py import_allowances FILE``: grant what the lines of a file say."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandParser

from proctoring.common.batches import Batch, chunked
from proctoring.common.commands import BatchCommand, bad_usage
from proctoring.services.allowances import importing
from proctoring.services.allowances.files import COLUMNS
from proctoring.services.allowances.refusals import AllowanceFileRefused


class Command(BatchCommand):
    """Doing it again changes nothing, so a run that was broken off is simply started again."""

    help = (
        "Grant what the lines of a comma-separated file (UTF-8) say. The first line names the columns, in any order: "
        f"{', '.join(COLUMNS)}; course_id may be missing where --course-id says it. An exam is an id or a content id, "
        "a user a username or an e-mail address, a key additional_time_granted, time_multiplier or "
        "review_policy_exception. Running attempts get the time at once."
    )
    default_batch_size = importing.BATCH

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file")
        parser.add_argument("--course-id", "--course_id", help="lines about other courses are refused")

    def batches(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        work = importing.preview if options["dry_run"] else importing.apply
        size = options["batch_size"]
        if size > importing.BATCH:
            raise bad_usage(f"--batch-size: at most {importing.BATCH}.")
        with _opened(options["file"]) as lines:
            try:
                outcomes = work(lines, options["course_id"], size)
            except AllowanceFileRefused as error:
                raise bad_usage(error.detail) from None
            for batch in chunked(outcomes, size):
                counts = Counter(str(one.result) for one in batch if not self._was_refused(one))
                yield Batch(len(batch), counts, last=batch[-1].line)

    def _was_refused(self, one: importing.LineOutcome) -> bool:
        """Tell the operator what is wrong with a line; the text of the line may be personal."""
        refused = one.result is importing.Result.REFUSED
        if one.error is not None:
            text = f"Line {one.line}: {one.error.detail}"
            (self.refuse if refused else self.stderr.write)(text)
        return refused


def _opened(path: str) -> TextIO:
    """What is not UTF-8 is refused with its line, not here."""
    try:
        return Path(path).open(encoding="utf-8", errors="surrogateescape", newline="")
    except (OSError, ValueError) as error:
        raise bad_usage(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'not a path'}.") from None
