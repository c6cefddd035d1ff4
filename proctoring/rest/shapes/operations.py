"""How operations stand."""

from rest_framework import serializers

from proctoring.common.operations import Level
from proctoring.rest.shapes.parts import Shape

LEVELS = [level.value for level in Level]


class ReportSectionShape(Shape):
    """Rows of one kind: each has a `key`, a `level` and what is known of it."""

    key = serializers.CharField()
    status = serializers.ChoiceField(LEVELS)
    rows = serializers.ListField(child=serializers.DictField())


class AppReportShape(Shape):
    """What one app says."""

    app = serializers.CharField()
    status = serializers.ChoiceField(LEVELS)
    sections = ReportSectionShape(many=True)


class HealthShape(Shape):
    """The worst there is; and, for staff with the permission, all of it."""

    status = serializers.ChoiceField(LEVELS)
    apps = AppReportShape(many=True, required=False)
