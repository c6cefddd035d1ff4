"""``manage.py approve_id_verifications FILE``: approve the waiting photo verifications of learners (contract §7.1)."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import CommandParser

from proctoring.common.batches import Batch, Shortlist
from proctoring.common.commands import BatchCommand, lines_of, row_id, values_of
from verify_student.services import approving

logger = logging.getLogger(__name__)


class Command(BatchCommand):
    """May be called again with the same file: whom it has approved already is no failure."""

    help = "Approve the waiting photo verifications of the learners in a file, which has one user id in each line."
    default_batch_size = 10_000
    default_sleep_time = 10.0
    raises_on_failure = False

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("user_ids_file", help="file with one user id in each line")

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        work = approving.rehearse if options["dry_run"] else approving.approve
        lines = lines_of(options["user_ids_file"])
        ids = (user_id for _, user_id in values_of(lines, row_id, self.refuse))
        missing, total = Shortlist(), 0
        for batch in work(ids, options["batch_size"], missing.add):
            total += batch.rows
            yield batch
        if missing.total:
            logger.error("Approving identity verifications: %s of %s learners failed.", missing.total, total)
            logger.error("Learners without a verification that could be approved: %s", missing)
        else:
            logger.info("Approving identity verifications: %s learners, none failed.", total)
