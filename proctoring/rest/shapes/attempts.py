"""Attempts and their timers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proctoring.common.openapi import PaginationShape
from proctoring.rest.answers import either
from proctoring.rest.shapes.exams import ExamShape
from proctoring.rest.shapes.parts import (
    ATTEMPT_STATUSES,
    AlwaysFalse,
    AlwaysTrue,
    FlagField,
    NumberField,
    Shape,
    UserShape,
)

ACTIONS = [
    "start",
    "stop",
    "submit",
    "click_download_software",
    "decline",
    "error",
    "reset_attempt",
    "mark_ready_to_resume",
]


class AttemptShape(Shape):
    """A learner's attempt at an exam."""

    id = serializers.IntegerField()
    created = serializers.DateTimeField()
    modified = serializers.DateTimeField()
    user = UserShape()
    started_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    external_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(ATTEMPT_STATUSES)
    proctored_exam = ExamShape()
    allowed_time_limit_mins = serializers.IntegerField(allow_null=True)
    attempt_code = serializers.CharField(allow_null=True)
    is_sample_attempt = serializers.BooleanField()
    taking_as_proctored = serializers.BooleanField()
    review_policy_id = serializers.IntegerField(allow_null=True)
    is_status_acknowledged = serializers.BooleanField()
    time_remaining_seconds = NumberField(allow_null=True)
    is_resumable = serializers.BooleanField()
    ready_to_resume = serializers.BooleanField()
    resumed = serializers.BooleanField()


class PolledAttemptShape(AttemptShape):
    """An attempt with the time that is left now."""

    time_remaining_seconds = NumberField()
    accessibility_time_string = serializers.CharField()


class GroupedAttemptShape(AttemptShape):
    """A learner's latest attempt at an exam, with all of them, newest first."""

    all_attempts = AttemptShape(many=True)


class GroupedAttemptsShape(Shape):
    """A page of learners' latest attempts; `attempt_url` is the path of this list."""

    proctored_exam_attempts = GroupedAttemptShape(many=True)
    pagination_info = PaginationShape()
    attempt_url = serializers.CharField()


class AttemptIdShape(Shape):
    """The attempt that was made."""

    exam_attempt_id = serializers.IntegerField()


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "boolean", "const": False}]})
class IdOrFalse(serializers.Field[Any, Any, Any, Any]):
    """The id of an attempt, or false where nothing was done."""


class ActionShape(Shape):
    """The attempt that was acted on; false for an error report that changed nothing."""

    exam_attempt_id = IdOrFalse()


class TimerShape(Shape):
    """An attempt as a timer needs it."""

    in_timed_exam = AlwaysTrue()
    taking_as_proctored = serializers.BooleanField()
    exam_type = serializers.CharField()
    exam_display_name = serializers.CharField()
    exam_url_path = serializers.CharField()
    time_remaining_seconds = NumberField(min_value=0)
    total_time = serializers.CharField()
    low_threshold_sec = serializers.IntegerField()
    critically_low_threshold_sec = serializers.IntegerField()
    course_id = serializers.CharField()
    attempt_id = serializers.IntegerField()
    external_id = serializers.CharField(allow_null=True)
    accessibility_time_string = serializers.CharField()
    attempt_status = serializers.ChoiceField(ATTEMPT_STATUSES)
    exam_started_poll_url = serializers.CharField()
    attempt_ready_to_resume = serializers.BooleanField()
    use_legacy_attempt_api = AlwaysTrue()
    desktop_application_js_url = serializers.CharField()
    ping_interval = serializers.IntegerField(required=False)
    attempt_code = serializers.CharField(required=False, allow_null=True)
    software_download_url = serializers.CharField(required=False, allow_null=True)


class NoTimerShape(Shape):
    """The caller has no attempt in progress."""

    in_timed_exam = AlwaysFalse()
    is_proctored = AlwaysFalse()


TIMER_OR_NONE = either("TimerOrNone", TimerShape, NoTimerShape)


class NewAttemptShape(Shape):
    """Which exam, and how it is begun."""

    exam_id = serializers.IntegerField()
    start_clock = FlagField(required=False)
    attempt_proctored = FlagField(required=False)


class WantedActionShape(Shape):
    """What is done to the attempt; `detail` belongs to an error report, `user_id` to an approval by staff."""

    action = serializers.ChoiceField(ACTIONS)
    detail = serializers.CharField(required=False)
    user_id = serializers.IntegerField(required=False)
