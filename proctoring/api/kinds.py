"""What sort of exam it is and what a move means, for the LMS's code (contract python.md §4.12)."""

from typing import Any

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.models import ProctoredExam
from proctoring.services import kinds
from proctoring.statuses import IN_PROGRESS, PRE_START


def get_exam_type(exam: dict[str, Any], provider: ProctoringBackendProvider | None) -> dict[str, str]:
    """``type`` of an ExamDict for programs, and ``humanized_type`` in the active language with its article."""
    row = ProctoredExam(is_proctored=exam["is_proctored"], is_practice_exam=exam["is_practice_exam"])
    return {"type": kinds.exam_type(row, provider).value, "humanized_type": kinds.humanized_type(row, provider)}


def is_reattempting_exam(from_status: str, to_status: str) -> bool:
    """Whether the move goes back from a running exam to before its start, which counts as a submission."""
    return from_status in IN_PROGRESS and to_status in PRE_START
