"""What vendors send about attempts (contract rest.md §5.19, §5.20)."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from proctoring.rest.shapes.parts import Shape


class ReviewCommentShape(Shape):
    """Something that the vendor saw; seconds from the beginning."""

    comment = serializers.CharField()
    status = serializers.CharField()
    start = serializers.IntegerField(required=False)
    stop = serializers.IntegerField(required=False)
    duration = serializers.IntegerField(required=False)


class ReviewShape(Shape):
    """What the vendor thinks of an attempt, in the words of the vendor interface."""

    status = serializers.ChoiceField(["passed", "violation", "suspicious", "not_reviewed"])
    comments = ReviewCommentShape(many=True, required=False, allow_null=True)
    reviewed_by = serializers.CharField(required=False, allow_null=True)
    payload = serializers.DictField(required=False, allow_null=True)


class LegacySessionShape(Shape):
    """Which attempt a review of the legacy vendor is about."""

    examCode = serializers.CharField()  # noqa: N815 - the vendor's name
    ssiRecordLocator = serializers.CharField()  # noqa: N815


@extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
class LegacyCommentsField(serializers.Field):  # type: ignore[type-arg]
    """What was seen, in the legacy vendor's words."""


class LegacyReviewShape(Shape):
    """What the legacy vendor thinks of an attempt."""

    examMetaData = LegacySessionShape()  # noqa: N815
    reviewStatus = serializers.ChoiceField(["Clean", "Rules Violation", "Suspicious", "Not Reviewed"])  # noqa: N815
    videoReviewLink = serializers.CharField(required=False, allow_null=True)  # noqa: N815
    webCamComments = LegacyCommentsField(required=False)  # noqa: N815
    desktopComments = LegacyCommentsField(required=False)  # noqa: N815
