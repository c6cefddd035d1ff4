"""Exams, and what learners are told about them."""

from typing import Any

from rest_framework import serializers

from proctoring.common.openapi import PaginationShape
from proctoring.rest.answers import ByName, RefusalShape, either
from proctoring.rest.shapes.parts import Shape

MESSAGES = {"type": "array", "items": {"type": "string"}}


class ExamShape(Shape):
    """An exam; `due_date` is not the learner's own, `backend` null is the platform's default vendor."""

    id = serializers.IntegerField()
    course_id = serializers.CharField()
    content_id = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    exam_name = serializers.CharField()
    time_limit_mins = serializers.IntegerField()
    is_proctored = serializers.BooleanField()
    is_practice_exam = serializers.BooleanField()
    is_active = serializers.BooleanField()
    due_date = serializers.DateTimeField(allow_null=True)
    hide_after_due = serializers.BooleanField()
    backend = serializers.CharField(allow_null=True)


class ExamIdShape(Shape):
    """The exam that was made or changed."""

    exam_id = serializers.IntegerField()


class ExamPageShape(Shape):
    """A page of exams, where one is asked for."""

    results = ExamShape(many=True)
    count = serializers.IntegerField(min_value=0)
    pagination_info = PaginationShape()


EXAMS = either("ExamsOrPage", ExamShape(many=True), ExamPageShape)
"""A list is complete unless a page is asked for."""

FIELD_ERRORS = ByName("FieldErrors", MESSAGES)
"""Field -> messages; ``non_field_errors`` for the whole."""

EXAM_ERRORS = either("ExamErrors", RefusalShape, FIELD_ERRORS)


class FieldErrorsOfItems(ByName):
    """The same for one item of a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__("FieldErrors", MESSAGES)


REGISTRATION_ERRORS = either("RegistrationErrors", FieldErrorsOfItems(many=True), FIELD_ERRORS, RefusalShape)


class SettingsShape(Shape):
    """What the learning micro-frontend says about the vendor; most of it for proctored exams only."""

    platform_name = serializers.CharField()
    contact_us = serializers.CharField()
    link_urls = serializers.DictField(child=serializers.CharField(), allow_null=True)
    exam_proctoring_backend = serializers.DictField(allow_null=True)
    provider_tech_support_email = serializers.CharField(required=False)
    provider_tech_support_phone = serializers.CharField(required=False)
    provider_name = serializers.CharField(required=False)
    learner_notification_from_email = serializers.CharField(required=False)
    integration_specific_email = serializers.CharField(required=False)
    proctoring_escalation_email = serializers.CharField(required=False, allow_null=True)


class ReviewPolicyShape(Shape):
    """What reviewers are told, null where nothing is."""

    review_policy = serializers.CharField(allow_null=True)
