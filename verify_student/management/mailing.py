"""What commands that write to many learners have in common."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand, bad_usage
from verify_student.services import reminders


class MailingCommand(BatchCommand):
    """
    Does one round of mail, that of the present day. A second run on the same day finds nothing to do.

    A mail that could not be sent is a failure, and no loss: the outbox's schedule tries it again, and so does the next
    run. Mail that has been handed to the task queue is told as waiting.
    """

    default_batch_size = 1000
    begin: Callable[[], reminders.Round]

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        round_ = self._begun()
        self.stdout.write(f"Looking for {round_.described()}: {reminders.number(round_)}.")
        work = reminders.look if options["dry_run"] else reminders.send
        return work(round_, options["batch_size"])

    def _begun(self) -> reminders.Round:
        try:
            return type(self).begin()
        except ImproperlyConfigured as error:
            raise bad_usage(str(error)) from None
