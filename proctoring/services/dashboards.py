"""Vendors' dashboards for course staff (contract python.md §4.11, rest.md §5.22)."""

import logging
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from proctoring import lms
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.conf import REDS_API_REDIRECT
from proctoring.exceptions import DashboardNotFound, DashboardUnavailable, SeveralProctoringServices
from proctoring.models import ProctoredExam, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import audit, links
from proctoring.services.references import key_of
from proctoring.services.vendors import backend_if_configured, backend_name, backends_if_configured, obscured_user_id

logger = logging.getLogger(__name__)


def available(course_id: str) -> bool:
    """Whether the vendor of any active proctored exam has a dashboard. One statement."""
    return any(has_dashboard(backend) for backend in backends_if_configured(_proctored(course_id)).values())


def has_dashboard(backend: ProctoringBackendProvider | None) -> bool:
    """Whether an exam's vendor has a dashboard; timed exams have no vendor, a vendor that is gone has none."""
    return backend is not None and bool(backend.has_dashboard)


def configuration_url(exam: ProctoredExam) -> str | None:
    """Path to the vendor's settings of the exam; None where there are none, or this process has no such route."""
    url = links.instructor_dashboard_url(exam.course_id, exam.pk) if has_dashboard(backend_if_configured(exam)) else ""
    return f"{url}?config=true" if url else None


def address_for_course(course_id: str, viewer: Any) -> str:
    """
    Where the vendor shows ``viewer`` the course's proctored exams.

    Raises ``DashboardNotFound``, ``SeveralProctoringServices`` and ``DashboardUnavailable``.
    """
    exams = _proctored(course_id)
    if not exams:
        raise DashboardNotFound(_("This course has no proctored exam."))
    names = sorted({backend_name(exam) for exam in exams})
    if len(names) > 1:
        message = _("The exams of this course have different proctoring services: {names}.")
        raise SeveralProctoringServices(message.format(names=", ".join(names)))
    return _address(exams[0], viewer)


def address_for_exam(
    course_id: str, exam_id: int | str, viewer: Any, *, attempt: str | None = None, configuration: bool = False
) -> str:
    """
    Where the vendor shows ``viewer`` an exam of the course, active or not; ``attempt`` is the vendor's id of one of its
    attempts, whose recording ``viewer`` then opens on record; ``configuration`` asks for the exam's settings.

    Raises ``DashboardNotFound``, also for an exam of another course and an attempt at another exam, and
    ``DashboardUnavailable``.
    """
    exam = ProctoredExam.objects.filter(pk=key_of(exam_id), course_id=course_id).first()
    if exam is None or not exam.is_proctored:
        raise DashboardNotFound(_("There is no such proctored exam in this course."))
    about = _attempt_at(exam, attempt) if attempt else None
    address = _address(
        exam,
        viewer,
        exam_id=exam.external_id,
        attempt_id=attempt,
        show_configuration_dashboard=configuration,
        encrypted_video_review_url=_recording(about) if about else None,
    )
    if about is not None:
        audit.record("recording.opened", about, actor=viewer)
    return address


def _proctored(course_id: str) -> list[ProctoredExam]:
    return list(ProctoredExam.get_all_exams_for_course(course_id, active_only=True).filter(is_proctored=True))


def _attempt_at(exam: ProctoredExam, external_id: str) -> ProctoredExamStudentAttempt:
    attempts = ProctoredExamStudentAttempt.objects.filter(proctored_exam=exam, external_id=external_id)
    attempt = attempts.order_by("-pk").first()
    if attempt is None:
        raise DashboardNotFound(_("There is no such attempt at this exam."))
    return attempt


def _recording(attempt: ProctoredExamStudentAttempt) -> bytes | None:
    """The stored link to an attempt's recording, where the switch says that such links are shown."""
    if not lms.switches().is_active(REDS_API_REDIRECT):
        return None
    review = ProctoredExamSoftwareSecureReview.get_review_by_attempt_code(attempt.attempt_code)
    link = review.encrypted_video_url if review else None
    return bytes(link) if link else None


def _address(exam: ProctoredExam, viewer: Any, **about: Any) -> str:
    backend = backend_if_configured(exam)
    if backend is None:
        raise DashboardNotFound(_("The proctoring service of this exam is not available."))
    try:
        url = backend.get_instructor_url(exam.course_id, _introduced(exam, viewer), **about)
    # Plugins raise whatever they like; staff get one sentence whatever it was.
    except Exception as error:
        logger.error("A vendor has no dashboard's address: exam=%s error=%s", exam.pk, type(error).__name__)
        raise DashboardUnavailable from error
    if not url or not _is_web_address(url):
        raise DashboardNotFound(_("{service} has nothing to show here.").format(service=backend.verbose_name))
    return str(url)


def _introduced(exam: ProctoredExam, viewer: Any) -> dict[str, Any]:
    """Who looks, as the vendor knows people (contract vendors_admin_screens.md §3.8)."""
    # Accounts that were made in the admin have no profile.
    profile = getattr(viewer, "profile", None)
    return {
        "id": obscured_user_id(viewer.pk, backend_name(exam)),
        "full_name": profile.name if profile else viewer.get_full_name(),
        "email": viewer.email,
    }


def _is_web_address(url: object) -> bool:
    """A plugin may lead to a page of the host's own; a stored link is a vendor's text and may be anything."""
    try:
        return str(url).startswith("/") or urlsplit(str(url)).scheme in {"http", "https"}
    except ValueError:
        return False
