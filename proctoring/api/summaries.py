"""Exams in the course outline (contract python.md §4.8)."""

import logging
from typing import Any

from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.services import exams, summaries
from proctoring.services.summaries import (
    PRACTICE_STATUS_SUMMARY_MAP,
    STATUS_SUMMARY_MAP,
    TIMED_EXAM_STATUS_SUMMARY_MAP,
)

__all__ = [
    "PRACTICE_STATUS_SUMMARY_MAP",
    "STATUS_SUMMARY_MAP",
    "TIMED_EXAM_STATUS_SUMMARY_MAP",
    "get_attempt_status_summary",
    "get_course_status_summaries",
]

logger = logging.getLogger(__name__)


def get_attempt_status_summary(user_id: int, course_id: str, content_id: str) -> dict[str, Any] | None:
    """
    ``status`` (proctored exams only), ``short_description``, ``suggested_icon``, ``in_completed_state``.

    None for an unknown exam, and for a learner who may not take it proctored. An overdue attempt is closed first.
    """
    try:
        exam = exams.by_content_id(course_id, content_id)
    except ProctoredExamNotFoundException:
        logger.exception("No summary of an unknown exam: course=%s content=%s", course_id, content_id)
        return None
    summary = summaries.of_learner(exam, user_id)
    return summary.as_dict() if summary else None


def get_course_status_summaries(user_id: int, course_id: str) -> dict[str, dict[str, Any]]:
    """
    The same for all active exams of a course at once, by content id; without those the learner may not take.

    Costs the same however many exams there are, so an outline should ask this.
    """
    return {content_id: found.as_dict() for content_id, found in summaries.of_course(course_id, user_id).items()}
