"""What the learning micro-frontend shows."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proctoring.common.openapi import PaginationShape
from proctoring.rest.answers import Nothing, either
from proctoring.rest.shapes.allowances import AllowanceShape
from proctoring.rest.shapes.attempts import AttemptShape, TimerShape
from proctoring.rest.shapes.exams import ExamShape
from proctoring.rest.shapes.parts import AlwaysTrue, Shape

EXAM_TYPES = ["proctored", "timed", "practice", "onboarding"]

TIMER_OR_NOTHING = either("TimerOrNothing", TimerShape, Nothing)


class ActiveExamShape(Shape):
    """An attempt in progress."""

    exam = ExamShape()
    attempt = AttemptShape()
    allowances = AllowanceShape(many=True)


class ActiveExamPageShape(Shape):
    """A page of them, where one is asked for."""

    results = ActiveExamShape(many=True)
    count = serializers.IntegerField(min_value=0)
    pagination_info = PaginationShape()


ACTIVE_EXAMS = either("ActiveExamsOrPage", ActiveExamShape(many=True), ActiveExamPageShape)
"""A list is complete unless a page is asked for."""


@extend_schema_field(TIMER_OR_NOTHING)
class TimerOrNothing(serializers.Field[Any, Any, Any, Any]):
    """A timer, or an empty object where there is no attempt."""


class PrerequisitesShape(Shape):
    """Where the learner stands with the course's requirements before the exam. One name is misspelt, for ever."""

    are_prerequisites_satisifed = serializers.BooleanField()
    satisfied_prerequisites = serializers.ListField(child=serializers.DictField())
    failed_prerequisites = serializers.ListField(child=serializers.DictField())
    pending_prerequisites = serializers.ListField(child=serializers.DictField())
    declined_prerequisites = serializers.ListField(child=serializers.DictField())


class LearningExamShape(ExamShape):
    """An exam and the learner's latest attempt at it; what only makes sense before or after one, then."""

    attempt = TimerOrNothing()
    type = serializers.ChoiceField(EXAM_TYPES)
    passed_due_date = serializers.BooleanField()
    use_legacy_attempt_api = AlwaysTrue()
    total_time = serializers.CharField(required=False)
    prerequisite_status = PrerequisitesShape(required=False)
    onboarding_link = serializers.CharField(required=False)


@extend_schema_field(either("LearningExamOrNothing", LearningExamShape, Nothing))
class LearningExamOrNothing(serializers.Field[Any, Any, Any, Any]):
    """An exam, or an empty object where there is none."""


class ExamAttemptsShape(Shape):
    """What the learning micro-frontend shows."""

    exam = LearningExamOrNothing()
    active_attempt = TimerOrNothing()
