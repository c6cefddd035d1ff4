"""
Constants that hosts and plugins import, by their published names (contract python.md §8.3).

Each lives where it is used; here is one place to find them. ``CONTENT_VIEWABLE_PAST_DUE_DATE`` is a setting, read when
it is asked for.
"""

from typing import Any

from proctoring.api.prerequisites import JUMPTO_SUPPORTED_NAMESPACES
from proctoring.api.summaries import (
    PRACTICE_STATUS_SUMMARY_MAP,
    STATUS_SUMMARY_MAP,
    TIMED_EXAM_STATUS_SUMMARY_MAP,
)
from proctoring.conf import (
    MINIMUM_TIME,
    ONBOARDING_PROFILE_INSTRUCTOR_DASHBOARD_API,
    PING_FAILURE_PASSTHROUGH_TEMPLATE,
    REDS_API_REDIRECT,
    TIME_MULTIPLIER,
    VERIFICATION_DAYS_VALID,
    config,
)
from proctoring.services.access.facts import EXPIRY_NOTICE
from proctoring.services.consequences import REJECTED_GRADE

__all__ = [
    "APPROVED_STATUS",
    "JUMPTO_SUPPORTED_NAMESPACES",
    "MINIMUM_TIME",
    "ONBOARDING_PROFILE_INSTRUCTOR_DASHBOARD_API",
    "PING_FAILURE_PASSTHROUGH_TEMPLATE",
    "PRACTICE_STATUS_SUMMARY_MAP",
    "REDS_API_REDIRECT",
    "REJECTED_GRADE_OVERRIDE_EARNED",
    "SHOW_EXPIRY_MESSAGE_DURATION",
    "STATUS_SUMMARY_MAP",
    "TIMED_EXAM_STATUS_SUMMARY_MAP",
    "TIME_MULTIPLIER",
    "VERIFICATION_DAYS_VALID",
]

APPROVED_STATUS = "approved"
REJECTED_GRADE_OVERRIDE_EARNED = REJECTED_GRADE
# Seconds for which a learner is told that the time has run out.
SHOW_EXPIRY_MESSAGE_DURATION = int(EXPIRY_NOTICE.total_seconds())


def __getattr__(name: str) -> Any:
    if name == "CONTENT_VIEWABLE_PAST_DUE_DATE":
        return config.viewable_past_due
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
