"""Where learners are sent."""

from verify_student.services import location

COURSE = "course-v1:Test+GO+2026"


def test_without_a_setting_it_is_a_path(settings):
    settings.ACCOUNT_MICROFRONTEND_URL = None
    assert location.verify_location() == "/id-verification"


def test_with_a_course(settings):
    settings.ACCOUNT_MICROFRONTEND_URL = "https://account.example.test/"
    address = "https://account.example.test/id-verification"
    assert location.verify_location() == address
    assert location.verify_location(COURSE) == f"{address}?course_id=course-v1%3ATest%2BGO%2B2026"


def test_the_host_may_send_learners_elsewhere(host, settings):
    settings.ACCOUNT_MICROFRONTEND_URL = ""
    host.pages.instead = "https://other.example.test/verify"
    assert location.verify_location(COURSE) == "https://other.example.test/verify"
    assert host.pages.asked == ["/id-verification?course_id=course-v1%3ATest%2BGO%2B2026"]
