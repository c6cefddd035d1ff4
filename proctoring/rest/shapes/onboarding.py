"""Onboarding, and what is done when learners leave."""

from rest_framework import serializers

from proctoring.rest.answers import ByName
from proctoring.rest.shapes.parts import Shape
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus

SHOWN_STATUSES = [status.value for status in InstructorDashboardOnboardingAttemptStatus]


class OnboardingPanelShape(Shape):
    """Where a learner stands with onboarding, and the exam to be sent to."""

    onboarding_status = serializers.CharField(allow_null=True)
    onboarding_link = serializers.CharField(allow_null=True)
    expiration_date = serializers.DateTimeField(allow_null=True)
    onboarding_past_due = serializers.BooleanField()
    onboarding_release_date = serializers.DateTimeField(allow_null=True)
    review_requirements_url = serializers.CharField()


class OnboardingRowShape(Shape):
    """One learner of a course."""

    username = serializers.CharField()
    enrollment_mode = serializers.CharField()
    status = serializers.ChoiceField(SHOWN_STATUSES, allow_null=True)
    modified = serializers.DateTimeField(allow_null=True)


class CourseOnboardingShape(Shape):
    """A page of a course's learners; `next` and `previous` are paths."""

    results = OnboardingRowShape(many=True)
    count = serializers.IntegerField(min_value=0)
    num_pages = serializers.IntegerField(min_value=1)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    use_onboarding_profile_api = serializers.BooleanField()


RETIRED_AT_VENDORS = ByName("RetiredAtVendors", {"type": "boolean"})
"""Backend name -> whether the vendor has forgotten the learner."""
