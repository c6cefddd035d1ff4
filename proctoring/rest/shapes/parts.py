"""What several shapes are made of."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proctoring.statuses import ProctoredExamStudentAttemptStatus

Shape = serializers.Serializer[Any]

ATTEMPT_STATUSES = [status.value for status in ProctoredExamStudentAttemptStatus]


@extend_schema_field(OpenApiTypes.NUMBER)
class NumberField(serializers.FloatField):
    """A whole number or a fraction."""


@extend_schema_field({"type": "boolean", "const": True})
class AlwaysTrue(serializers.BooleanField):
    """Never false."""


@extend_schema_field({"type": "boolean", "const": False})
class AlwaysFalse(serializers.BooleanField):
    """Never true."""


@extend_schema_field(
    {"oneOf": [{"type": "boolean"}, {"type": "string", "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}]}
)
class FlagField(serializers.Field[Any, Any, Any, Any]):
    """A yes or no, as JSON has it or as a text."""


class UserShape(Shape):
    """A person."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    email = serializers.CharField()
