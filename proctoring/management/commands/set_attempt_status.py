"""``manage.py set_attempt_status``: move one attempt, with all that follows from that."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from proctoring.common.commands import bad_usage, row_id
from proctoring.common.errors import DomainError
from proctoring.services import moves
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status


class Command(BaseCommand):
    """One attempt, so there are no batches."""

    help = "Move an attempt to a status, with everything that follows from it: credit, grade, mail, the vendor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-a", "--attempt", type=row_id, required=True, help="the number of the attempt")
        parser.add_argument("-t", "--to", required=True, help="the status")
        parser.add_argument("--dry-run", "--dry_run", action="store_true", help="say what would follow, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        attempt_id, target = options["attempt"], options["to"]
        if not Status.is_valid_status(target):
            allowed = ", ".join(status for status in Status if Status.is_valid_status(status))
            raise bad_usage(f"{target!r} is no status that can be set; there are {allowed}.")
        self.stdout.write(f"Attempt {attempt_id} is to become {target}.")
        act = moves.rehearse if options["dry_run"] else moves.move
        try:
            move = act(attempt_id, target)
        except DomainError as error:
            raise CommandError(f"Attempt {attempt_id}: {error.detail}") from None
        self.stdout.write(_told(move))
        self.stdout.write("Dry run, nothing was changed." if options["dry_run"] else "Completed.")


def _told(move: moves.Move) -> str:
    if move.source == move.target:
        return f"It is {move.source} already; nothing follows."
    effects = ", ".join(f"{number} {kind}" for kind, number in move.effects.items()) or "nothing"
    return f"{move.source} -> {move.target}; what follows: {effects}."
