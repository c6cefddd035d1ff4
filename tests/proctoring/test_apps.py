"""What a platform with plugins is told of the app (contract vendors_admin_screens.md §7.2)."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from proctoring.apps import ProctoringConfig
from proctoring.compat.apps import ProctoringCompatConfig

# The words of the platforms' own library, of which none is installed but by chance.
plugins = pytest.importorskip("edx_django_utils.plugins.constants")
HOSTS = {"lms.djangoapp", "cms.djangoapp"}
DECLARED: dict[str, Any] = ProctoringConfig.plugin_app
URLS = DECLARED[plugins.PluginURLs.CONFIG]
SETTINGS = DECLARED[plugins.PluginSettings.CONFIG]


def modules() -> Iterator[str]:
    for place in [*URLS.values(), *(place for kinds in SETTINGS.values() for place in kinds.values())]:
        yield f"{ProctoringConfig.name}.{place['relative_path']}"


def test_both_hosts_have_addresses_and_settings() -> None:
    assert set(DECLARED) == {plugins.PluginURLs.CONFIG, plugins.PluginSettings.CONFIG}
    assert URLS.keys() == SETTINGS.keys() == HOSTS
    for host in HOSTS:
        mounted = URLS[host]
        assert (mounted[plugins.PluginURLs.REGEX], mounted[plugins.PluginURLs.NAMESPACE]) == ("^api/", "edx_proctoring")
        assert SETTINGS[host].keys() == {"common", "production"}


def test_the_dictionaries_of_the_hosts_are_their_own() -> None:
    first, second = URLS.values()
    assert first is not second  # the platform's library writes into them


@pytest.mark.parametrize("module", sorted(set(modules())))
def test_every_path_leads_somewhere(module: str) -> None:
    found = import_module(module)
    assert callable(found.plugin_settings) if ".settings." in module else found.urlpatterns


def test_a_studio_has_one_route() -> None:
    (route,) = import_module(f"proctoring.{URLS['cms.djangoapp']['relative_path']}").urlpatterns
    assert route.name == "instructor_dashboard_exam"
    assert route in import_module("proctoring.urls").urlpatterns


def test_the_app_with_the_old_names_comes_with_it_and_declares_nothing() -> None:
    assert ProctoringCompatConfig.plugin_app == {}
    assert apps.get_app_config("edx_proctoring").get_models() is not None
    assert not list(apps.get_app_config("edx_proctoring").get_models())
