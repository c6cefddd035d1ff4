"""The words for onboarding: ours for course staff, the vendors', and which means which (contract python.md §4.9)."""

import pytest

from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Shown
from proctoring.statuses import VerificientOnboardingProfileStatus as Profile

SHOWN = """
    not_started setup_started onboarding_started submitted rejected verified error expired other_course_approved
    onboarding_reset_past_due
"""
# What the vendor says, what the learner is told, what course staff are shown and filter by.
VOCABULARY = [
    ("no-profile", None, "not_started"),
    ("approved-in-course", "verified", "verified"),
    ("approved-in-different-course", "other_course_approved", "other_course_approved"),
    ("rejected", "rejected", "rejected"),
    ("expired", "expired", "expired"),
    ("pending", "submitted", "submitted"),
]


def test_the_words():
    assert sorted(Shown) == sorted(SHOWN.split())
    assert list(Profile) == [said for said, _, _ in VOCABULARY]


@pytest.mark.parametrize(
    ("status", "shown"), [(None, "not_started"), ("", "not_started"), ("created", "setup_started")]
)
def test_what_an_attempt_is_shown_as(status, shown):
    assert Shown.get_onboarding_status_from_attempt_status(status) == shown


@pytest.mark.parametrize(
    "status", ["declined", "timed_out", "second_review_required", "onboarding_missing", "nonsense"]
)
def test_what_is_not_shown(status):
    assert Shown.get_onboarding_status_from_attempt_status(status) is None


@pytest.mark.parametrize(("said", "told", "shown"), VOCABULARY)
def test_what_a_vendor_means(said, told, shown):
    assert Profile.get_edx_status_from_profile_status(said) == told
    assert Profile.get_instructor_status_from_profile_status(said) == shown
    assert Profile.get_profile_status_from_filter(shown) == said


@pytest.mark.parametrize("nothing", [None, "", "a new word"])
def test_what_no_vendor_means(nothing):
    assert Profile.get_edx_status_from_profile_status(nothing) is None
    assert Profile.get_instructor_status_from_profile_status(nothing) is None


@pytest.mark.parametrize("shown", ["setup_started", "onboarding_started", "error", "typo"])
def test_what_vendors_do_not_tell_apart(shown):
    assert Profile.get_profile_status_from_filter(shown) is None
