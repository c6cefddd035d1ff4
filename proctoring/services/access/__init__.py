"""Who may see and do what, and what a learner's situation is; asked of objects, never of ids in a request."""

from proctoring.services.access.application import script_url
from proctoring.services.access.callers import is_course_staff, is_reviewer_of, may_review, vendor_speaking
from proctoring.services.access.gates import (
    is_site_staff,
    require_course_staff,
    require_owner,
    require_reader_of_exam,
    require_retirement_service,
    require_site_staff,
    require_staff_of_exam,
)
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
    "is_reviewer_of",
    "is_site_staff",
    "learner",
    "may_review",
    "may_take",
    "require_course_staff",
    "require_owner",
    "require_reader_of_exam",
    "require_retirement_service",
    "require_site_staff",
    "require_staff_of_exam",
    "running_exam",
    "script_url",
    "snapshot",
    "vendor_setup",
    "vendor_setup_of",
    "vendor_speaking",
]
