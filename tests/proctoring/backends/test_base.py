import pytest
from pytest_django import Settings

from proctoring.backends.base import ProctoringBackendProvider
from tests.proctoring.backends.contract import ATTEMPT, COURSE_ID, EXAM, INSTRUCTOR, LEARNER

ABSTRACT = {
    "register_exam_attempt": 2,
    "start_exam_attempt": 2,
    "stop_exam_attempt": 2,
    "mark_erroneous_exam_attempt": 2,
    "remove_exam_attempt": 2,
    "get_software_download_url": 0,
    "on_review_callback": 2,
    "on_exam_saved": 1,
}


@pytest.fixture
def base() -> ProctoringBackendProvider:
    return ProctoringBackendProvider()


@pytest.mark.parametrize(("name", "arguments"), ABSTRACT.items())
def test_a_plugin_has_to_say_how(base: ProctoringBackendProvider, name: str, arguments: int) -> None:
    with pytest.raises(NotImplementedError):
        getattr(base, name)(*[{}] * arguments)


def test_a_plugin_need_not_say_anything_else(base: ProctoringBackendProvider) -> None:
    assert base.get_javascript() == ""
    assert base.get_exam(EXAM) is EXAM
    assert base.get_attempt(ATTEMPT) is ATTEMPT
    assert base.get_instructor_url(COURSE_ID, INSTRUCTOR) is None
    assert base.retire_user(LEARNER) is None
    assert base.should_block_access_to_exam_material() is False
    assert base.should_block_attempt(12) is False
    assert base.get_onboarding_profile_info(COURSE_ID, user_id=LEARNER) is None
    assert base.get_proctoring_config() is None
    assert base.get_video_review_aes_key() is None


def test_its_facts_are_those_of_a_vendor_of_whom_nothing_is_known(base: ProctoringBackendProvider) -> None:
    assert base.verbose_name == "Unknown"
    assert (base.tech_support_email, base.tech_support_phone, base.learner_notification_from_email) == ("", "", "")
    assert (base.has_dashboard, base.supports_onboarding, base.help_center_article_url) == (False, False, "")
    assert base.passing_statuses is None
    # Optional for a plugin; the screens fall back to the platform's contact (contract §1.2).
    assert not hasattr(base, "integration_specific_email")


def test_options_become_attributes_of_that_instance_only(base: ProctoringBackendProvider) -> None:
    other = ProctoringBackendProvider(verbose_name="Proctor X", integration_specific_email="x@example.org")

    assert (other.verbose_name, other.integration_specific_email) == ("Proctor X", "x@example.org")  # type: ignore[attr-defined]
    assert base.verbose_name == "Unknown"


def test_the_ping_interval_is_the_platforms_until_the_vendor_has_one(
    base: ProctoringBackendProvider, settings: Settings
) -> None:
    assert base.ping_interval == 60
    settings.PROCTORING_SETTINGS = {"DESKTOP_APPLICATION_PING_INTERVAL_SECONDS": 45}
    assert base.ping_interval == 45
    assert ProctoringBackendProvider(ping_interval=30).ping_interval == 30


def test_a_subclass_may_fix_the_ping_interval() -> None:
    class Fixed(ProctoringBackendProvider):
        ping_interval = 20  # type: ignore[assignment]

    assert Fixed().ping_interval == 20
    assert Fixed(ping_interval=30).ping_interval == 30
