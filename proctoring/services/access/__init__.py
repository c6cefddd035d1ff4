"""Who may see and do what, and what a learner's situation is; asked of objects, never of ids in a request."""

from proctoring.services.access.callers import may_review, vendor_speaking
from proctoring.services.access.running import (
    RunningExam,
    VendorSetup,
    decline_like_prerequisite,
    running_exam,
    vendor_setup,
)
from proctoring.services.access.snapshot import snapshot
from proctoring.services.access.views import exam_kind

__all__ = [
    "RunningExam",
    "VendorSetup",
    "decline_like_prerequisite",
    "exam_kind",
    "may_review",
    "running_exam",
    "snapshot",
    "vendor_setup",
    "vendor_speaking",
]
