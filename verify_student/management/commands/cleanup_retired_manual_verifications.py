"""``manage.py cleanup_retired_manual_verifications``: what staff vouched for goes with its learner (contract §7.7)."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand
from verify_student.conf import config
from verify_student.services import cleanup

logger = logging.getLogger(__name__)

SWITCH = "REDACT_MANUAL_VERIFICATION_HISTORICAL_PII"


class Command(BatchCommand):
    """Asks the LMS's service ``people`` who has been retired. May be broken off and called again."""

    help = f"Delete manual verifications of learners who have been retired, where {SWITCH} is on."

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        if not config.redact_manual_verifications:
            logger.warning("Manual verifications are kept: %s is off.", SWITCH)
            self.stderr.write(self.style.WARNING(f"{SWITCH} is off: nothing is done."))
            return
        work = cleanup.rehearse if options["dry_run"] else cleanup.erase
        found = 0
        for batch in work(options["batch_size"]):
            found += batch.rows - batch.counts[cleanup.KEPT]
            yield batch
        logger.info("Manual verifications of retired learners: found=%s dry_run=%s", found, options["dry_run"])
