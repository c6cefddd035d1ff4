"""What is put into a platform's settings (contract vendors_admin_screens.md §7.2)."""

from types import SimpleNamespace
from typing import Any

from proctoring.conf import BEAT
from proctoring.settings import common, production, studio


def platform(**more: Any) -> Any:
    return SimpleNamespace(INSTALLED_APPS=["django.contrib.auth"], MIDDLEWARE=[], **more)


def test_a_platform_that_says_nothing_has_a_vendor_that_watches_nobody() -> None:
    settings = platform()
    common.plugin_settings(settings)
    assert settings.PROCTORING_SETTINGS == {}
    assert settings.PROCTORING_BACKENDS == {"DEFAULT": "null", "null": {}}


def test_what_a_platform_has_said_stays() -> None:
    settings = platform(PROCTORING_SETTINGS={"SITE_NAME": "here"}, PROCTORING_BACKENDS={"DEFAULT": "a", "a": {}})
    common.plugin_settings(settings)
    assert settings.PROCTORING_SETTINGS == {"SITE_NAME": "here"}
    assert settings.PROCTORING_BACKENDS == {"DEFAULT": "a", "a": {}}


def test_what_the_app_runs_with_is_added_where_it_is_missing() -> None:
    settings = platform()
    settings.INSTALLED_APPS.append("rest_framework.apps.RestFrameworkConfig")
    studio.plugin_settings(settings)
    assert settings.INSTALLED_APPS == [
        "django.contrib.auth",
        "rest_framework.apps.RestFrameworkConfig",
        "simple_history",
        "django_htmx",
    ]
    assert list(studio.MIDDLEWARE) == settings.MIDDLEWARE
    studio.plugin_settings(settings)
    assert len(settings.INSTALLED_APPS) == 4
    assert len(settings.MIDDLEWARE) == 2


def test_periodic_tasks_are_added_under_the_name_that_the_platform_uses() -> None:
    settings = platform(CELERYBEAT_SCHEDULE={"proctoring.deliver_outbox": "their own"})
    common.plugin_settings(settings)
    assert settings.CELERYBEAT_SCHEDULE == {**BEAT, "proctoring.deliver_outbox": "their own"}
    assert not hasattr(settings, "CELERY_BEAT_SCHEDULE")
    settings = platform()
    common.plugin_settings(settings)
    assert settings.CELERY_BEAT_SCHEDULE == BEAT


def test_a_studio_runs_none() -> None:
    settings = platform()
    studio.plugin_settings(settings)
    assert not hasattr(settings, "CELERY_BEAT_SCHEDULE")


def test_operators_files_win_and_secrets_among_them() -> None:
    settings = platform(
        ENV_TOKENS={"PROCTORING_SETTINGS": {"SITE_NAME": "here"}, "PROCTORING_BACKENDS": {"DEFAULT": "a"}},
        AUTH_TOKENS={"PROCTORING_BACKENDS": {"DEFAULT": "b"}},
    )
    common.plugin_settings(settings)
    production.plugin_settings(settings)
    assert settings.PROCTORING_SETTINGS == {"SITE_NAME": "here"}
    assert settings.PROCTORING_BACKENDS == {"DEFAULT": "b"}
    settings.AUTH_TOKENS = {}
    production.plugin_settings(settings)
    assert settings.PROCTORING_BACKENDS == {"DEFAULT": "a"}


def test_what_operators_files_leave_empty_stays() -> None:
    settings = platform(ENV_TOKENS={"PROCTORING_SETTINGS": {}, "PROCTORING_BACKENDS": {}})
    common.plugin_settings(settings)
    production.plugin_settings(settings)
    assert settings.PROCTORING_BACKENDS == {"DEFAULT": "null", "null": {}}
    assert settings.PROCTORING_SETTINGS == {}
