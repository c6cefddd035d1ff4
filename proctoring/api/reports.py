"""Reports and dashboards of a course (contract python.md §4.5, §4.11)."""

import logging
from datetime import datetime
from typing import Any

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.services import dashboards, exams, reports, vendors

logger = logging.getLogger(__name__)


def get_exam_violation_report(course_id: str, include_practice_exams: bool = False) -> list[dict[str, Any]]:
    """
    A row for every attempt of the course, sorted by exam name: whose, which, when, and what its review says.

    Each status that the review's comments carry adds a key, the status followed by ``Comments``, with their texts.
    Without ``include_practice_exams`` the reviews of practice exams are left out; their attempts are listed anyway.
    """
    return reports.violations(course_id, include_practice_exams=include_practice_exams)


def get_last_exam_completion_date(course_id: str, username: str) -> datetime | None:
    """When the learner completed the last of the course's active proctored exams; None until all are completed."""
    return reports.last_completion(course_id, username)


def is_backend_dashboard_available(course_id: str) -> bool:
    """Whether the vendor of any active proctored exam of the course has a dashboard."""
    return dashboards.available(course_id)


def get_exam_configuration_dashboard_url(course_id: str, content_id: str) -> str | None:
    """Path to the vendor's settings of the exam; None for an unknown exam and for a vendor without a dashboard."""
    try:
        exam = exams.by_content_id(course_id, content_id)
    except ProctoredExamNotFoundException:
        logger.warning("No dashboard for an exam that is not there: course=%s content=%s", course_id, content_id)
        return None
    return dashboards.configuration_url(exam)


def get_integration_specific_email(provider: ProctoringBackendProvider) -> str:
    """Whom learners write to about a vendor: the vendor's own address, else the site's contact."""
    return vendors.integration_specific_email(provider)
