"""
What goes over the wire (contract rest.md §3, §5), for the API's document and for the tests that compare.

Answers are made by ``proctoring.serializers`` and the services; a shape says what may be in them. A field that is not
required is one that some answers do not have.
"""

from proctoring.common.openapi import PaginationShape
from proctoring.rest.answers import RefusalShape
from proctoring.rest.shapes.allowances import (
    ALLOWANCES,
    ALLOWANCES_BY_USERNAME,
    AllowancePageShape,
    AllowanceShape,
    BulkPairShape,
    BulkRefusalShape,
)
from proctoring.rest.shapes.attempts import (
    TIMER_OR_NONE,
    ActionShape,
    AttemptIdShape,
    AttemptShape,
    GroupedAttemptShape,
    GroupedAttemptsShape,
    NewAttemptShape,
    NoTimerShape,
    PolledAttemptShape,
    TimerShape,
    WantedActionShape,
)
from proctoring.rest.shapes.exams import (
    EXAM_ERRORS,
    EXAMS,
    FIELD_ERRORS,
    REGISTRATION_ERRORS,
    ExamIdShape,
    ExamPageShape,
    ExamShape,
    ReviewPolicyShape,
    SettingsShape,
)
from proctoring.rest.shapes.learning import (
    ACTIVE_EXAMS,
    TIMER_OR_NOTHING,
    ActiveExamShape,
    ExamAttemptsShape,
    LearningExamShape,
    PrerequisitesShape,
)
from proctoring.rest.shapes.onboarding import (
    RETIRED_AT_VENDORS,
    CourseOnboardingShape,
    OnboardingPanelShape,
    OnboardingRowShape,
)
from proctoring.rest.shapes.operations import HealthShape
from proctoring.rest.shapes.parts import FlagField, NumberField, UserShape
from proctoring.rest.shapes.reviews import LegacyReviewShape, ReviewShape

__all__ = [
    "ACTIVE_EXAMS",
    "ALLOWANCES",
    "ALLOWANCES_BY_USERNAME",
    "EXAMS",
    "EXAM_ERRORS",
    "FIELD_ERRORS",
    "REGISTRATION_ERRORS",
    "RETIRED_AT_VENDORS",
    "TIMER_OR_NONE",
    "TIMER_OR_NOTHING",
    "ActionShape",
    "ActiveExamShape",
    "AllowancePageShape",
    "AllowanceShape",
    "AttemptIdShape",
    "AttemptShape",
    "BulkPairShape",
    "BulkRefusalShape",
    "CourseOnboardingShape",
    "ExamAttemptsShape",
    "ExamIdShape",
    "ExamPageShape",
    "ExamShape",
    "FlagField",
    "GroupedAttemptShape",
    "GroupedAttemptsShape",
    "HealthShape",
    "LearningExamShape",
    "LegacyReviewShape",
    "NewAttemptShape",
    "NoTimerShape",
    "NumberField",
    "OnboardingPanelShape",
    "OnboardingRowShape",
    "PaginationShape",
    "PolledAttemptShape",
    "PrerequisitesShape",
    "RefusalShape",
    "ReviewPolicyShape",
    "ReviewShape",
    "SettingsShape",
    "TimerShape",
    "UserShape",
    "WantedActionShape",
]
