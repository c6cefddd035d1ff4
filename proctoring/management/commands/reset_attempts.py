"""``manage.py reset_attempts``: delete attempts that are listed in a file, so that their learners can begin anew."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import CommandParser

from proctoring.common.batches import Batch, chunked
from proctoring.common.commands import BatchCommand, bad_usage, lines_of, row_id, values_of
from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.services import removal, scopes


class Command(BatchCommand):
    """Vendors are told of it when they can be reached; nobody waits for them."""

    help = "Delete attempts, given as a file with the number of one in each line."
    default_batch_size = 300
    default_sleep_time = 10.0

    def add_options(self, parser: CommandParser) -> None:
        """Which attempts."""
        parser.add_argument("-p", "--file_path", "--file-path", required=True, help="one attempt's number in each line")
        parser.add_argument("--course_id", "--course-id", help="refuse attempts at exams of other courses")
        parser.add_argument(
            "--started-too",
            "--started_too",
            action="store_true",
            help="also those that were begun or judged; their answers, zero grades and credit statuses are deleted too",
        )

    def batches(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        """Delete them batch by batch, or only look whether they may go."""
        act = removal.rehearse_removing if options["dry_run"] else removal.remove_listed
        scope = _scope(options)
        listed = values_of(lines_of(options["file_path"]), row_id, self.refuse)
        for chunk in chunked(listed, options["batch_size"]):
            done = act([attempt_id for _, attempt_id in chunk], scope)
            for line, attempt_id in chunk:
                if attempt_id in done.refused:
                    self.refuse(f"Line {line.number}: {done.refused[attempt_id]}")
            yield Batch(len(chunk), done.counts)


def _scope(options: Mapping[str, Any]) -> removal.Scope:
    try:
        exams = scopes.exam_ids(course_id=options["course_id"])
    except ProctoredExamNotFoundException:
        raise bad_usage("--course_id: there are no exams in this course.") from None
    return removal.Scope(exams, begun_too=options["started_too"])
