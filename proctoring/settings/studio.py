"""What every platform needs; a studio, where nobody sits an exam, needs nothing more."""

from typing import Any

APPS = ("simple_history", "rest_framework", "django_htmx")
MIDDLEWARE = (
    "simple_history.middleware.HistoryRequestMiddleware",
    # Tells Software Secure or RPNow in which browser an exam is open.
    "crum.CurrentRequestUserMiddleware",
)


def plugin_settings(settings: Any) -> None:
    """No vendor but the one that watches nobody, unless ``settings`` has others; and what the app runs with."""
    settings.PROCTORING_SETTINGS = getattr(settings, "PROCTORING_SETTINGS", None) or {}
    settings.PROCTORING_BACKENDS = getattr(settings, "PROCTORING_BACKENDS", None) or {"DEFAULT": "null", "null": {}}
    settings.INSTALLED_APPS = _completed(settings.INSTALLED_APPS, APPS)
    settings.MIDDLEWARE = _completed(settings.MIDDLEWARE, MIDDLEWARE)


def _completed(present: Any, needed: tuple[str, ...]) -> list[str]:
    """``present`` may name an app by the path of its configuration."""
    missing = [name for name in needed if not any(entry == name or entry.startswith(f"{name}.") for entry in present)]
    return [*present, *missing]
