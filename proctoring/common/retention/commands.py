"""Commands about what is kept, made for the policies and tables of an app."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, TextIO

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand, bad_usage, row_id
from proctoring.common.errors import DomainError
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


class CertificateCommand(BaseCommand):
    """Writes certificates of erasure as JSON; who was erased is named by the account's number."""

    help = "Write the certificates of a learner's erasure as JSON, the last one first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user_id", type=row_id, help="the number of the learner's account, which may be gone")
        parser.add_argument("--output", type=Path, help="a new file, instead of standard output")

    def documents(self, user_id: int) -> list[dict[str, Any]]:
        """The learner's certificates, the last one first."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        found = self.documents(options["user_id"])
        if not found:
            raise CommandError("There is no certificate of this learner.")
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        if options["output"] is None:
            self.stdout.write(text)
            return
        with new_file(options["output"]) as file:
            file.write(text)


class HoldsCommand(BaseCommand):
    """Places, lifts and lists legal holds. Who does it is named, because it is kept."""

    help = "Place, lift and list legal holds: what they cover is neither purged nor erased."
    of_courses = False

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="the holds that are in force")
        place = verbs.add_parser("place", help="keep data from now on")
        place.add_argument("--user", help="the learner's user name")
        if self.of_courses:
            place.add_argument("--course", default="", help="the course's id; alone: everybody in it")
        place.add_argument("--case", default="", help="what lawyers call the matter")
        lift = verbs.add_parser("lift", help="the data need not be kept any more")
        lift.add_argument("hold", type=row_id, help="the hold's number")
        for verb in (place, lift):
            verb.add_argument("--reason", required=True)
            verb.add_argument("--by", required=True, help="your own user name")

    def listed(self) -> Iterable[str]:
        """A line for each hold in force."""
        raise NotImplementedError

    def place(self, by: Any, options: Mapping[str, Any], learner: Any) -> int:
        """Place one; its number. Raises ``DomainError``."""
        raise NotImplementedError

    def lift(self, by: Any, hold_id: int, reason: str) -> int:
        """Lift one; how many erasures that had waited were done. Raises ``DomainError``."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._do(options)
        except DomainError as refusal:
            raise bad_usage(refusal.detail) from None

    def _do(self, options: Mapping[str, Any]) -> None:
        if options["verb"] == "list":
            for line in self.listed():
                self.stdout.write(line)
            return
        by = person(options["by"])
        if options["verb"] == "place":
            learner = person(options["user"]) if options["user"] else None
            self.stdout.write(f"Hold {self.place(by, options, learner)} is in force.")
            return
        erased = self.lift(by, options["hold"], options["reason"])
        self.stdout.write(f"Hold {options['hold']} is lifted; {erased} erasures that had waited were done.")


class ExportCommand(BaseCommand):
    """Writes what is kept of a learner as JSON, while it is read."""

    help = "Write what is kept of a learner as JSON (docs/privacy.rst)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the learner's user name")
        parser.add_argument("--output", type=Path, required=True, help="a new file")

    def write(self, learner: Any, options: Mapping[str, Any]) -> None:
        """Write it to ``options["output"]``."""
        with new_file(options["output"]) as file:
            file.writelines(self.parts(learner))

    def parts(self, learner: Any) -> Iterable[str]:
        """The document, piece by piece."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        self.write(person(options["user"]), options)
        self.stdout.write(f"Written to {options['output']}.")


def person(name: str) -> Any:
    """The account of that user name. Raises ``CommandError``."""
    users = get_user_model()
    found = users._default_manager.filter(**{users.USERNAME_FIELD: name}).first()
    if found is None:
        raise bad_usage("There is no account of that user name.")
    return found


def new_file(path: Path) -> TextIO:
    """A file that was not there, which nobody else may read. Raises ``CommandError``."""
    try:
        path.touch(mode=0o600, exist_ok=False)
        opened: TextIO = path.open("w", encoding="utf-8")
    except OSError as error:
        raise bad_usage(f"{path} cannot be written: {error.strerror}.") from None
    return opened
