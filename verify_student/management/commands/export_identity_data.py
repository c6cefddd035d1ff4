"""``manage.py export_identity_data``: what is kept of a learner's identity, as a file for the learner."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import CommandParser

from proctoring.common.commands import bad_usage
from proctoring.common.retention.commands import ExportCommand
from verify_student.services import export


class Command(ExportCommand):
    """The app's own; with the photos themselves it is a zip file."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--photos", action="store_true", help="a zip file with the photos in it; looks are recorded"
        )

    def write(self, learner: Any, options: Mapping[str, Any]) -> None:
        if not options["photos"]:
            super().write(learner, options)
            return
        path = options["output"]
        try:
            number = export.export_with_photos(learner, path)
        except OSError as error:
            raise bad_usage(f"{path} cannot be written: {error.strerror}.") from None
        path.chmod(0o600)
        self.stdout.write(f"{number} photos are in it.")

    def parts(self, learner: Any) -> Iterable[str]:
        return export.export_subject_data(learner)
