"""What a host provides: registered, configured, or a default."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from proctoring.common.services import HostServices


class Nobody:
    """The default."""


class Configured:
    """Named in the settings."""


@pytest.fixture
def paths():
    return {}


@pytest.fixture
def services(paths):
    return HostServices({"names": Nobody, "dates": Nobody}, lambda: paths, 'APP["SERVICES"]')


def test_a_default_stands_in(services):
    assert services.find("names") is None
    assert isinstance(services.get("names"), Nobody)
    assert services.names == {"names", "dates"}


def test_settings_name_a_class_which_is_made_once(services, paths):
    paths["names"] = f"{__name__}.Configured"
    made = services.get("names")
    assert (type(made).__name__, services.get("names") is made) == ("Configured", True)


def test_what_is_registered_comes_first_until_it_is_taken_back(services, paths):
    paths["names"] = f"{__name__}.Configured"
    mine = object()
    services.register("names", mine)
    assert services.get("names") is mine
    services.register("names", None)
    assert type(services.get("names")).__name__ == "Configured"


def test_a_path_to_nothing_says_where_it_stands(services, paths):
    paths["names"] = "nowhere.at.all"
    with pytest.raises(ImproperlyConfigured, match=r'APP\["SERVICES"\]\["names"\]'):
        services.get("names")


def test_there_is_no_other_service(services):
    with pytest.raises(KeyError):
        services.get("weather")
