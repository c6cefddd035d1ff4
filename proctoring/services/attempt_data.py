"""
An attempt as a timer needs it, in the host's pages and in the learning micro-frontend (contract python.md §5.9).

The vendor is asked only while the learner sets its software up; a vendor that does not answer costs the download
address, never the clock.
"""

from typing import Any

from django.utils.translation import gettext as _

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.conf import config
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import access, links, timing
from proctoring.services.kinds import humanized_type
from proctoring.services.vendors import backend_if_configured
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

Attempt = ProctoredExamStudentAttempt
SETTING_UP = frozenset({Status.created, Status.download_software_clicked})


def attempt_data(attempt: Attempt, *, is_learning_mfe: bool) -> dict[str, Any]:
    """The timer payload of an attempt. It may ask the vendor, so call it outside of transactions."""
    # A clock has to go on when its vendor leaves the settings.
    exam, provider = attempt.proctored_exam, backend_if_configured(attempt.proctored_exam)
    remaining = timing.time_remaining_seconds(attempt)
    allowed_seconds = (attempt.allowed_time_limit_mins or 0) * 60
    return {
        "in_timed_exam": True,
        "taking_as_proctored": attempt.taking_as_proctored,
        "exam_type": humanized_type(exam, provider),
        "exam_display_name": exam.exam_name,
        "exam_url_path": links.exam_url(exam.course_id, exam.content_id, is_learning_mfe=is_learning_mfe),
        "time_remaining_seconds": remaining,
        "total_time": timing.humanized_time(_total_minutes(attempt)),
        "low_threshold_sec": int(config.low_threshold_pct * allowed_seconds),
        "critically_low_threshold_sec": int(config.critically_low_threshold_pct * allowed_seconds),
        "course_id": exam.course_id,
        "attempt_id": attempt.pk,
        "external_id": attempt.external_id,
        "accessibility_time_string": _spoken(remaining),
        "attempt_status": str(attempt.status),
        "exam_started_poll_url": links.attempt_url(attempt.pk),
        "attempt_ready_to_resume": _ready_to_resume(attempt),
        "use_legacy_attempt_api": True,
        **_vendor_data(attempt, provider),
    }


def _vendor_data(attempt: Attempt, provider: ProctoringBackendProvider | None) -> dict[str, Any]:
    if not attempt.proctored_exam.is_proctored:
        return {"desktop_application_js_url": ""}
    data: dict[str, Any] = {
        "desktop_application_js_url": access.script_url(attempt, provider) if provider else "",
        "ping_interval": provider.ping_interval if provider else config.ping_interval,
        "attempt_code": attempt.attempt_code,
    }
    if attempt.status in SETTING_UP:
        setup = access.vendor_setup_of(attempt) if provider else None
        data["software_download_url"] = (setup and setup.download_url) or None
    return data


def _ready_to_resume(attempt: Attempt) -> bool:
    return attempt.ready_to_resume and not attempt.resumed


def _total_minutes(attempt: Attempt) -> int:
    """The stored minutes, or those that starting now would give (contract rest.md §3.5)."""
    stored = attempt.allowed_time_limit_mins
    if stored and not _ready_to_resume(attempt):
        return stored
    carried = attempt.time_remaining_seconds
    return timing.allowed_minutes(attempt.proctored_exam, attempt.user_id, None, carried)


def _spoken(seconds: float) -> str:
    """Whole minutes always: unlike the polling route, this payload has no words for less than a minute."""
    return _("you have {time} remaining").format(time=timing.humanized_time(round(seconds / 60)))
