"""Constants by their published names (contract python.md §8.3)."""

import pytest

from proctoring.api import constants
from proctoring.services.consequences import REJECTED_GRADE

EXPECTED = {
    "VERIFICATION_DAYS_VALID": 365,
    "TIME_MULTIPLIER": "time_multiplier",
    "ONBOARDING_PROFILE_INSTRUCTOR_DASHBOARD_API": "edx_proctoring.onboarding_profile_instructor_dashboard_api",
    "REDS_API_REDIRECT": "edx_proctoring.reds_api_redirect",
    "SHOW_EXPIRY_MESSAGE_DURATION": 60,
    "REJECTED_GRADE_OVERRIDE_EARNED": REJECTED_GRADE,
    "APPROVED_STATUS": "approved",
    "JUMPTO_SUPPORTED_NAMESPACES": ["proctored_exam"],
}


@pytest.mark.parametrize(("name", "value"), EXPECTED.items())
def test_constants_have_their_published_values(name, value):
    assert getattr(constants, name) == value
    assert name in constants.__all__


def test_a_switch_for_each_vendor():
    name = constants.PING_FAILURE_PASSTHROUGH_TEMPLATE.format("watcher")
    assert name == "edx_proctoring.watcher_ping_failure_passthrough"


@pytest.mark.parametrize("kind", ["STATUS_SUMMARY_MAP", "PRACTICE_STATUS_SUMMARY_MAP", "TIMED_EXAM_STATUS_SUMMARY_MAP"])
def test_every_summary_has_a_default(kind):
    assert "_default" in getattr(constants, kind)


@pytest.mark.parametrize("viewable", [True, False])
def test_a_setting_is_read_when_it_is_asked_for(settings, viewable):
    settings.PROCTORED_EXAM_VIEWABLE_PAST_DUE = viewable
    assert constants.CONTENT_VIEWABLE_PAST_DUE_DATE is viewable


def test_there_are_no_others():
    with pytest.raises(AttributeError, match="NO_SUCH"):
        _ = constants.NO_SUCH
