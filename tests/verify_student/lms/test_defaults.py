"""A host that provides nothing."""

import pytest

from tests.factories import UserFactory
from verify_student import lms


def test_the_account_has_the_name():
    user = UserFactory.build(first_name="Amal", last_name="Haddad")
    assert lms.profiles().get_full_name(user) == "Amal Haddad"
    assert lms.profiles().get_pending_name(user) is None


def test_no_course_and_nobody_special():
    user = UserFactory.build()
    assert lms.courses().get_course_end("course-v1:A+B+C") is None
    assert lms.courses().get_course_name("course-v1:A+B+C") is None
    assert lms.courses().has_live_verified_enrollment(user) is False
    assert lms.preferences().get_language(1) is None
    assert lms.people().retired_user_ids([1, 2]) == set()
    assert lms.sign_ons().get_provider("saml-gatech") is None
    assert list(lms.sign_ons().get_links("saml-gatech", 0, 10)) == []


def test_the_same_of_many():
    users = [
        UserFactory.build(pk=1, first_name="Amal", last_name="Haddad"),
        UserFactory.build(pk=2, first_name="", last_name="Li"),
    ]
    assert lms.profiles().get_full_names(users) == {1: "Amal Haddad", 2: "Li"}
    assert lms.courses().learners_with_live_verified_enrollment([1, 2]) == set()
    assert lms.preferences().get_languages([1, 2]) == {}


def test_pages_where_platforms_have_them(settings):
    settings.LMS_ROOT_URL = "https://lms.example.test/"
    assert lms.pages().get_verify_location("/id-verification") == "/id-verification"
    assert lms.pages().get_dashboard_url() == "https://lms.example.test/dashboard"


def test_the_settings_name_a_hosts_service(settings):
    settings.VERIFY_STUDENT = {"LMS_SERVICES": {"pages": "tests.verify_student.fakes.FakePages"}}
    assert lms.pages().get_dashboard_url() == "https://lms.example.org/dashboard"


def test_a_service_that_does_not_exist():
    with pytest.raises(KeyError):
        lms.services.get("weather")
