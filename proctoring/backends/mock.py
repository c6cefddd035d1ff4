"""A vendor for trying things out: registering works, everything else is quiet."""

from collections.abc import Mapping
from typing import Any

from proctoring.backends.base import ExamDict
from proctoring.backends.null import NullBackendProvider


class MockProctoringBackendProvider(NullBackendProvider):
    """Takes the attempt's code as the vendor's id (contract vendors_admin_screens.md §1.6); takes no options."""

    verbose_name = "Mock Backend"

    def __init__(self, **options: Any) -> None:
        super().__init__()

    def register_exam_attempt(self, exam: ExamDict, context: Mapping[str, Any]) -> str | None:
        return str(context["attempt_code"])

    def get_software_download_url(self) -> str | None:
        return "about:blank"
