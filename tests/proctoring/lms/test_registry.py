"""Which object answers for the LMS: registered, configured, or the default."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from proctoring import lms
from proctoring.lms.defaults import NoCredit

HERE = "tests.proctoring.lms.test_registry"


class FirstDesk:
    """A course staff service of a host."""

    def is_course_staff(self, user: object, course_id: str) -> bool:
        return True


class SecondDesk(FirstDesk):
    """Another one."""


def make_desk() -> SecondDesk:
    return SecondDesk()


@pytest.fixture(autouse=True)
def nothing_registered() -> Iterator[None]:
    yield
    for name in lms.SERVICE_NAMES:
        lms.set_runtime_service(name, None)


def configured(path: str) -> override_settings:
    return override_settings(PROCTORING_SETTINGS={"LMS_SERVICES": {"instructor": path}})


@pytest.fixture
def nothing_configured() -> Iterator[None]:
    with override_settings(PROCTORING_SETTINGS={}):
        yield


@pytest.mark.usefixtures("nothing_configured")
def test_without_anything_there_is_no_service_and_the_default_answers() -> None:
    assert lms.get_runtime_service("credit") is None
    assert isinstance(lms.credit(), NoCredit)


def test_a_registered_object_is_returned_as_it_is_and_wins_over_the_settings() -> None:
    desk = object()
    with configured(f"{HERE}.FirstDesk"):
        lms.set_runtime_service("instructor", desk)
        assert lms.get_runtime_service("instructor") is desk
        assert lms.instructor() is desk


def test_registering_none_takes_the_object_back() -> None:
    lms.set_runtime_service("instructor", FirstDesk())
    lms.set_runtime_service("instructor", None)
    with override_settings(PROCTORING_SETTINGS={}):
        assert lms.get_runtime_service("instructor") is None


def test_a_name_of_no_concern_to_us_can_be_registered_but_has_no_default() -> None:
    lms.set_runtime_service("weather", "sunny")
    assert lms.get_runtime_service("weather") == "sunny"
    lms.set_runtime_service("weather", None)
    with pytest.raises(KeyError):
        lms.service("weather")


def test_a_configured_class_is_made_once() -> None:
    with configured(f"{HERE}.FirstDesk"):
        desk = lms.instructor()
        assert type(desk) is FirstDesk
        assert lms.instructor() is desk


def test_a_configured_function_is_called() -> None:
    with configured(f"{HERE}.make_desk"):
        assert isinstance(lms.instructor(), SecondDesk)


def test_a_changed_setting_is_seen_by_the_next_call() -> None:
    with configured(f"{HERE}.FirstDesk"):
        assert type(lms.instructor()) is FirstDesk
    with configured(f"{HERE}.SecondDesk"):
        assert type(lms.instructor()) is SecondDesk


@pytest.mark.parametrize("path", ["tests.no_such_module.Desk", f"{HERE}.NoSuchDesk", "Desk"])
def test_a_path_that_leads_nowhere_says_which_setting_it_is(path: str) -> None:
    with configured(path), pytest.raises(ImproperlyConfigured, match=r"LMS_SERVICES.*instructor"):
        lms.instructor()


@pytest.mark.usefixtures("nothing_configured")
@pytest.mark.parametrize("name", sorted(lms.SERVICE_NAMES))
def test_every_service_has_an_accessor_and_a_default(name: str) -> None:
    assert type(getattr(lms, name)()) is type(lms.service(name))


def test_accessors_answer_with_what_was_registered_under_their_name() -> None:
    for name in lms.SERVICE_NAMES:
        lms.set_runtime_service(name, name)
    assert {getattr(lms, name)() for name in lms.SERVICE_NAMES} == lms.SERVICE_NAMES
