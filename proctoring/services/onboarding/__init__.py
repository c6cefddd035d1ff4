"""A learner's first meeting with a vendor: which exam, where the learner stands, how long an approval counts."""

from proctoring.services.onboarding.approvals import LearnerOnboarding, approvals_elsewhere, of_learner
from proctoring.services.onboarding.course import CourseRow, CourseRows, rows_of_course
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
from proctoring.services.onboarding.panel import Panel, learner_named, panel_of
from proctoring.services.onboarding.profiles import courses_by_vendor, profile_of_learner, rows_by_vendor

__all__ = [
    "Categories",
    "Choice",
    "CourseRow",
    "CourseRows",
    "LearnerOnboarding",
    "Opening",
    "Panel",
    "approvals_elsewhere",
    "by_date",
    "choose",
    "courses_by_vendor",
    "exam_link",
    "exams_of",
    "learner_named",
    "of_learner",
    "offered_by",
    "panel_of",
    "profile_of_learner",
    "rows_by_vendor",
    "rows_of_course",
    "visibility_check_date",
]
