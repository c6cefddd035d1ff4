"""Where learners are sent."""

import pytest
from django.urls import include, path

from verify_student.services import location

COURSE = "course-v1:Test+GO+2026"
QUERY = "?course_id=course-v1%3ATest%2BGO%2B2026"

urlpatterns = [path("people/", include("verify_student.urls.pages"))]


class WithoutPages:
    """A site that has not mounted our pages."""

    urlpatterns = []


def test_without_a_setting_it_is_a_path(settings):
    settings.ACCOUNT_MICROFRONTEND_URL = None
    assert location.verify_location() == "/id-verification"


def test_also_where_our_pages_are_not_mounted(settings):
    settings.ROOT_URLCONF = WithoutPages
    assert location.verify_location(COURSE) == f"/id-verification{QUERY}"
    assert location.photos_location(COURSE) == f"/id-verification{QUERY}"


@pytest.mark.urls(__name__)
def test_our_pages_are_wherever_the_host_has_mounted_them():
    assert location.verify_location(COURSE) == f"/people/id-verification{QUERY}"
    assert location.photos_location(COURSE) == f"/people/id-verification/photos{QUERY}"
    assert location.photos_location() == "/people/id-verification/photos"


def test_with_a_course(settings):
    settings.ACCOUNT_MICROFRONTEND_URL = "https://account.example.test/"
    address = "https://account.example.test/id-verification"
    assert location.verify_location() == address
    assert location.verify_location(COURSE) == f"{address}{QUERY}"
    assert location.photos_location(COURSE) == f"{address}{QUERY}"


def test_the_host_may_send_learners_elsewhere(host, settings):
    settings.ACCOUNT_MICROFRONTEND_URL = ""
    host.pages.instead = "https://other.example.test/verify"
    assert location.verify_location(COURSE) == "https://other.example.test/verify"
    assert host.pages.asked == [f"/id-verification{QUERY}"]
    assert location.photos_location(COURSE) == "https://other.example.test/verify"
