"""``manage.py manual_verifications``: staff vouch for learners, by their e-mail addresses (contract §7.2)."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.management.base import CommandParser

from proctoring.common.batches import Batch, Shortlist
from proctoring.common.commands import BatchCommand, bad_usage, lines_of
from verify_student.services import vouching

logger = logging.getLogger(__name__)


class Command(BatchCommand):
    """Addresses are personal: what failed is told by its line."""

    help = "Verify learners for whom staff vouch. Whoever has been vouched for and still counts is left out."
    default_batch_size = 10_000
    raises_on_failure = False

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--email-ids-file", "--email_ids_file", help="file with one e-mail address in each line")
        parser.add_argument("--email", help="one e-mail address; the file is ignored then")

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        work = vouching.rehearse if options["dry_run"] else vouching.vouch
        missing, total = Shortlist(), 0
        for batch in work(_addresses(options), options["batch_size"], missing.add):
            total += batch.rows
            yield batch
        if missing.total:
            logger.error("Manual verifications: %s of %s e-mails failed.", missing.total, total)
            logger.error("Failed emails for manual verification: lines %s", missing)
            self.stderr.write(f"No account, or several, for the e-mail addresses of lines {missing}.")
        else:
            logger.info("Manual verifications: %s e-mails, none failed.", total)


def _addresses(options: Mapping[str, Any]) -> Iterator[vouching.Address]:
    if options["email"]:
        return iter([(1, options["email"].strip())])
    if not options["email_ids_file"]:
        raise bad_usage("Give --email-ids-file, or --email.")
    return ((line.number, line.text) for line in lines_of(options["email_ids_file"]))
