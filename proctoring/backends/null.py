"""A vendor that is not there: exams work, nobody watches."""

from collections.abc import Mapping
from typing import Any

from proctoring.backends.base import AttemptDict, ExamDict, ProctoringBackendProvider


class NullBackendProvider(ProctoringBackendProvider):
    """Every hook does nothing (contract vendors_admin_screens.md §1.6)."""

    verbose_name = "Null Backend"
    review_turnaround_hours = None

    def register_exam_attempt(self, exam: ExamDict, context: Mapping[str, Any]) -> str | None:
        return None

    def start_exam_attempt(self, exam: str, attempt: str) -> None:
        return None

    def stop_exam_attempt(self, exam: str, attempt: str) -> None:
        return None

    def mark_erroneous_exam_attempt(self, exam: str, attempt: str) -> None:
        return None

    def remove_exam_attempt(self, exam: str, attempt: str) -> bool:
        return True

    def get_software_download_url(self) -> str | None:
        return None

    def on_review_callback(self, attempt: AttemptDict, payload: Any) -> Any:
        return None

    def on_exam_saved(self, exam: ExamDict) -> str | None:
        return None
