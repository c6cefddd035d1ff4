"""A host's services that were written before there were questions about many learners."""

from types import SimpleNamespace

import pytest

from tests.factories import UserFactory
from verify_student import lms

pytestmark = pytest.mark.django_db

OLDER = {
    "profiles": SimpleNamespace(get_full_name=lambda user: f"Name {user.pk}", get_pending_name=lambda user: "Asked"),
    "courses": SimpleNamespace(has_live_verified_enrollment=lambda user: user.is_staff, get_course_name=str.upper),
    "preferences": SimpleNamespace(get_language={1: "de", 2: None}.__getitem__),
}


@pytest.fixture(autouse=True)
def older_host():
    for name, service in OLDER.items():
        lms.services.register(name, service)
    yield
    for name in OLDER:
        lms.services.register(name, None)


def test_names():
    users = [UserFactory(), UserFactory()]
    assert lms.profiles().get_full_names(users) == {user.pk: f"Name {user.pk}" for user in users}


def test_enrolments():
    verified, other = UserFactory(is_staff=True), UserFactory()
    asked = [verified.pk, other.pk, 10**6]
    assert lms.courses().learners_with_live_verified_enrollment(asked) == {verified.pk}


def test_languages():
    assert lms.preferences().get_languages([1, 2]) == {1: "de", 2: None}


def test_what_the_service_has_is_the_services_own():
    assert lms.profiles().get_pending_name(UserFactory.build()) == "Asked"
    assert lms.courses().get_course_name("x") == "X"
    with pytest.raises(AttributeError):
        lms.courses().get_course_end("x")
