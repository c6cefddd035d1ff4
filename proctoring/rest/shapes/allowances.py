"""What learners are granted."""

from rest_framework import serializers

from proctoring.common.openapi import PaginationShape
from proctoring.rest.answers import ByName, RefusalShape, either
from proctoring.rest.shapes.exams import ExamShape
from proctoring.rest.shapes.parts import Shape, UserShape


class AllowanceShape(Shape):
    """What a learner is granted for an exam."""

    id = serializers.IntegerField()
    created = serializers.DateTimeField()
    modified = serializers.DateTimeField()
    user = UserShape()
    key = serializers.CharField()
    value = serializers.CharField()
    proctored_exam = ExamShape()


class AllowancePageShape(Shape):
    """A page of allowances, where one is asked for."""

    results = AllowanceShape(many=True)
    count = serializers.IntegerField(min_value=0)
    pagination_info = PaginationShape()


class BulkPairShape(Shape):
    """One exam and one learner of a request that was carried out in part."""

    exam_id = serializers.CharField()
    user_id = serializers.CharField()


class BulkRefusalShape(RefusalShape):
    """What is wrong, and with which field of the form."""

    field = serializers.ChoiceField(["user_info", "allowance_value"])


ALLOWANCES = either("AllowancesOrPage", AllowanceShape(many=True), AllowancePageShape)
"""A list is complete unless a page is asked for."""

ALLOWANCES_BY_USERNAME = ByName("AllowancesByUsername", AllowanceShape(many=True))
