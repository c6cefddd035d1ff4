"""A learner's first meeting with a vendor: which exam, where the learner stands, how long an approval counts."""

from proctoring.services.onboarding.approvals import LearnerOnboarding, approvals_elsewhere, of_learner
from proctoring.services.onboarding.course import CourseRow, rows_of_course
from proctoring.services.onboarding.exams import (
    Categories,
    Choice,
    Opening,
    by_date,
    choose,
    exam_link,
    exams_of,
    offered_by,
    visibility_check_date,
)
from proctoring.services.onboarding.panel import Panel, panel_of
from proctoring.services.onboarding.profiles import profile_of_learner, rows_by_vendor

__all__ = [
    "Categories",
    "Choice",
    "CourseRow",
    "LearnerOnboarding",
    "Opening",
    "Panel",
    "approvals_elsewhere",
    "by_date",
    "choose",
    "exam_link",
    "exams_of",
    "of_learner",
    "offered_by",
    "panel_of",
    "profile_of_learner",
    "rows_by_vendor",
    "rows_of_course",
    "visibility_check_date",
]
