"""Vendors' dashboards for course staff (contract python.md §4.11)."""

import logging

from proctoring.exceptions import BackendProviderNotConfigured
from proctoring.models import ProctoredExam
from proctoring.services import links
from proctoring.services.vendors import backend_of

logger = logging.getLogger(__name__)


def available(course_id: str) -> bool:
    """Whether the vendor of any active proctored exam has a dashboard. One statement."""
    exams = ProctoredExam.get_all_exams_for_course(course_id, active_only=True).filter(is_proctored=True)
    first_of_vendor = {exam.backend: exam for exam in exams}
    return any(has_dashboard(exam) for exam in first_of_vendor.values())


def has_dashboard(exam: ProctoredExam) -> bool:
    """Whether the exam's vendor has a dashboard; timed exams have no vendor, a vendor that is gone has none."""
    try:
        backend = backend_of(exam)
    except BackendProviderNotConfigured:
        logger.warning("The vendor of an exam is not configured: exam=%s", exam.pk)
        return False
    return backend is not None and bool(backend.has_dashboard)


def configuration_url(exam: ProctoredExam) -> str | None:
    """Path to the vendor's settings of the exam; None where there are none, or this process has no such route."""
    url = links.instructor_dashboard_url(exam.course_id, exam.pk) if has_dashboard(exam) else ""
    return f"{url}?config=true" if url else None
