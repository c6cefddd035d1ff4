"""Who may see and do what, and what a learner's situation is; asked of objects, never of ids in a request."""

from proctoring.services.access.callers import is_course_staff, may_review, vendor_speaking
from proctoring.services.access.running import (
    RunningExam,
    VendorSetup,
    decline_like_prerequisite,
    running_exam,
    vendor_setup,
    vendor_setup_of,
)
from proctoring.services.access.snapshot import snapshot
from proctoring.services.access.views import current_attempt, exam_kind, learner, may_take

__all__ = [
    "RunningExam",
    "VendorSetup",
    "current_attempt",
    "decline_like_prerequisite",
    "exam_kind",
    "is_course_staff",
    "learner",
    "may_review",
    "may_take",
    "running_exam",
    "snapshot",
    "vendor_setup",
    "vendor_setup_of",
    "vendor_speaking",
]
