"""``manage.py export_exam_data``: what is kept of a learner's exams, as a file for the learner."""

from collections.abc import Iterable
from typing import Any

from proctoring.common.retention.commands import ExportCommand
from proctoring.services import export


class Command(ExportCommand):
    """The app's own."""

    def parts(self, learner: Any) -> Iterable[str]:
        return export.export_subject_data(learner)
