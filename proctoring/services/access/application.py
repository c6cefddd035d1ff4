"""The vendor's application on the learner's computer, as our pages talk to it (contract §3.13)."""

import logging

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.screens import DesktopApplication
from proctoring.statuses import IN_PROGRESS
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

TALKING = IN_PROGRESS | {Status.ready_to_start}


def application_of(
    attempt: ProctoredExamStudentAttempt | None, provider: ProctoringBackendProvider | None
) -> DesktopApplication | None:
    """The application at an attempt that can start, or has; None where there is nothing to talk to."""
    if attempt is None or provider is None or attempt.status not in TALKING or not attempt.taking_as_proctored:
        return None
    url = script_url(attempt, provider)
    return DesktopApplication(url, provider.ping_interval, attempt.external_id or "") if url else None


def script_url(attempt: ProctoredExamStudentAttempt, provider: ProctoringBackendProvider) -> str:
    """Address of the vendor's script for browsers; empty where there is none."""
    try:
        return provider.get_javascript() or ""
    # A plugin may raise anything; the learner's exam goes on without the vendor's script.
    except Exception as error:
        logger.warning("The vendor gave no script: attempt=%s error=%s", attempt.pk, type(error).__name__)
        return ""
