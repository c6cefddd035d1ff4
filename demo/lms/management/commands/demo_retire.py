"""``manage.py demo_retire <username>``: a learner leaves for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.lms.retirement import CannotRetire, retire


class Command(BaseCommand):
    """Tells the apps, then blanks the account."""

    help = "Retire a learner: photos, names and reasons are deleted, the account is blanked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = retire(options["username"])
        except CannotRetire as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Retired. The account is now {user.username}.")
