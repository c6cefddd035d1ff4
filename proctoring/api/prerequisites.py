"""What has to be done before an exam (contract python.md §4.7)."""

from typing import Any

from proctoring.screens import Prerequisites
from proctoring.services import access, exams, prerequisites
from proctoring.services.prerequisites import JUMPTO_SUPPORTED_NAMESPACES

__all__ = ["JUMPTO_SUPPORTED_NAMESPACES", "check_prerequisites"]


def check_prerequisites(exam: dict[str, Any], user_id: int) -> dict[str, Any]:
    """
    The same ExamDict, with ``prerequisite_status`` added where the host keeps credit for the learner.

    A declined requirement declines a graded proctored exam too, unless the learner has an attempt at it already or the
    exam cannot be begun any more. Raises ``ProctoredExamNotFoundException`` and ``UserNotFoundException`` then.
    """
    standing = prerequisites.of_learner(exam["course_id"], exam["content_id"], user_id)
    if standing is None:
        return exam
    exam["prerequisite_status"] = standing.as_dict(exam["course_id"])
    graded = exam["is_proctored"] and not exam["is_practice_exam"]
    if graded and standing.outcome is Prerequisites.DECLINED:
        access.decline_like_prerequisite(user_id, exams.by_id(exam["id"]))
    return exam
