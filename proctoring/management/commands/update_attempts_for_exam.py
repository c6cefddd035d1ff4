"""``manage.py update_attempts_for_exam``: tell the LMS again what the attempts at an exam mean."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import CommandParser

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand, bad_usage, row_id
from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.models import ProctoredExam
from proctoring.services import exams, reapplying


class Command(BatchCommand):
    """For an LMS that has lost credit statuses, zero grades or withdrawn certificates; doing it twice does no harm."""

    help = "Write credit, grade and certificate of each attempt at an exam again; no mail, and no word to the vendor."
    default_batch_size = 300
    default_sleep_time = 10.0

    def add_options(self, parser: CommandParser) -> None:
        """Which attempts."""
        parser.add_argument("--exam_id", "--exam-id", type=row_id, required=True, help="the number of the exam")
        parser.add_argument("--after", type=row_id, help="only attempts with a greater number than this")

    def total(self, options: Mapping[str, Any]) -> int:
        """Attempts at the exam."""
        return reapplying.count(_exam(options))

    def batches(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        """Write what follows, or only count it."""
        act = reapplying.rehearse if options["dry_run"] else reapplying.apply_again
        return act(_exam(options), options["batch_size"], after=options["after"] or 0)


def _exam(options: Mapping[str, Any]) -> ProctoredExam:
    try:
        return exams.by_id(options["exam_id"])
    except ProctoredExamNotFoundException:
        raise bad_usage("--exam_id: there is no such exam.") from None
