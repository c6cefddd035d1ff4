"""Commands about what is kept, made for the policies and tables of an app."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.core.management.base import CommandParser

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand
from proctoring.common.retention import policies
from proctoring.common.retention.policies import Policy


class PurgeCommand(BatchCommand):
    """Does now what the schedule does every hour."""

    help = "Delete or blank what has been kept for its time. What a hold keeps stays."
    default_batch_size = policies.BATCH
    policies: ClassVar[tuple[Policy, ...]] = ()

    def add_options(self, parser: CommandParser) -> None:
        """Which kinds."""
        kinds = [policy.kind for policy in self.policies if policy.due is not None]
        parser.add_argument(
            "--kind", action="append", choices=kinds, default=[], help="this kind of data only; may be given again"
        )

    def total(self, options: Mapping[str, Any]) -> int:
        return policies.count(self._chosen(options)).total()

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        if options["dry_run"]:
            return [Batch(0, +policies.count(self._chosen(options)))]
        return self.purged(policies.purge(self._chosen(options), options["batch_size"]))

    def purged(self, batches: Iterable[Batch]) -> Iterable[Batch]:
        """What is done, as it is done; an app may keep a record of it."""
        return batches

    def _chosen(self, options: Mapping[str, Any]) -> list[Policy]:
        return [policy for policy in self.policies if not options["kind"] or policy.kind in options["kind"]]
