"""``manage.py update_attempt_status_from_review``: what the reviews of some time mean, decided again."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand, bad_usage, moment, row_id
from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.services import scopes, verdicts


class Command(BatchCommand):
    """An attempt that has the status already is left as it is, so it may be broken off and called again."""

    help = "Decide again what the reviews that were changed in a span of time mean for their attempts."
    default_batch_size = 300
    default_sleep_time = 10.0

    def add_options(self, parser: CommandParser) -> None:
        """Which reviews."""
        when = "2026-11-21 17:30:00, which is UTC, or with an offset of its own"
        parser.add_argument("--start_date_time", "--start-date-time", required=True, help=f"the first instant: {when}")
        parser.add_argument("--end_date_time", "--end-date-time", required=True, help="the last instant, likewise")
        parser.add_argument("--exam_id", "--exam-id", type=row_id, help="only of this exam")
        parser.add_argument("--course_id", "--course-id", help="only of this course's exams")
        parser.add_argument("--after", type=row_id, help="only reviews with a greater number than this")

    def batches(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        """Decide, or only see what would change."""
        first, last = _span(options)
        try:
            exams = scopes.exam_ids(exam_id=options["exam_id"], course_id=options["course_id"])
        except ProctoredExamNotFoundException:
            raise bad_usage("There is no such exam.") from None
        act = verdicts.rehearse if options["dry_run"] else verdicts.decide
        reviews = verdicts.changed_between(first, last, exams)
        return act(reviews, options["batch_size"], after=options["after"] or 0)


def _span(options: Mapping[str, Any]) -> tuple[datetime, datetime]:
    first = moment(options["start_date_time"], "--start_date_time")
    last = moment(options["end_date_time"], "--end_date_time")
    if first is None or last is None:
        raise bad_usage("--start_date_time and --end_date_time are both needed.")
    if last < first:
        raise bad_usage("--end_date_time is before --start_date_time.")
    return first, last
