"""What is sent about allowances, and what is said about each of many, for the API's document."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proctoring.rest.answers import ByName, either
from proctoring.rest.shapes import (
    ALLOWANCES_BY_USERNAME,
    AllowanceShape,
    BulkPairShape,
    PaginationShape,
    RefusalShape,
)

Body = serializers.Serializer[Any]
Field = serializers.Field[Any, Any, Any, Any]

NUMBER = {"type": "integer", "minimum": 0}
DIGITS = {"type": "string", "pattern": r"^[0-9]{1,10}$"}
TEXT = {"type": "string", "maxLength": 255}
NAMES = {"type": "string", "description": "Separated by commas; spaces and empty parts do not matter."}


@extend_schema_field({"oneOf": [NUMBER, DIGITS]})
class IdField(Field):
    """An id, also as a text."""


@extend_schema_field({"oneOf": [{"type": "number"}, TEXT]})
class GrantedField(Field):
    """Additional time is whole minutes, a multiple of the time at least 1; anything else is free."""


@extend_schema_field({"oneOf": [NUMBER, TEXT]})
class LearnerField(Field):
    """A number is an id, a text a username or else an e-mail address."""


@extend_schema_field({"oneOf": [NAMES, {"type": "array", "items": {"oneOf": [NUMBER, DIGITS]}}]})
class ExamsField(Field):
    """Ids of exams."""


@extend_schema_field({"oneOf": [NAMES, {"type": "array", "items": {"oneOf": [NUMBER, TEXT]}}]})
class LearnersField(Field):
    """Usernames or e-mail addresses; in a list, numbers are ids."""


class GrantBody(Body):
    """What to grant to whom, for which exam."""

    exam_id = IdField()
    user_info = LearnerField()
    key = serializers.CharField(max_length=255)
    value = GrantedField()


class TakeBackBody(Body):
    """What to take back from whom, for which exam."""

    exam_id = IdField()
    user_id = IdField()
    key = serializers.CharField(max_length=255)


class BulkBody(Body):
    """What to grant to every one of the learners, for every one of the exams."""

    exam_ids = ExamsField()
    user_ids = LearnersField()
    allowance_type = serializers.CharField(max_length=255)
    value = GrantedField()


class BulkOutcomeShape(BulkPairShape):
    """What came of one exam and one learner; ``detail`` says why nothing did."""

    success = serializers.BooleanField()
    detail = serializers.CharField(required=False)


class BulkProblemShape(RefusalShape):
    """What is wrong, and under which field the panel shows it; without one where the request cannot be read."""

    field = serializers.ChoiceField(["user_info", "allowance_value"], required=False)


class AllowancesByUsernamePageShape(Body):
    """A page of learners, where one is asked for."""

    results = ByName("AllowancesByUsername", AllowanceShape(many=True))
    count = serializers.IntegerField(min_value=0)
    pagination_info = PaginationShape()


BY_USERNAME = either("AllowancesByUsernameOrPage", ALLOWANCES_BY_USERNAME, AllowancesByUsernamePageShape)
"""Complete unless a page is asked for."""
