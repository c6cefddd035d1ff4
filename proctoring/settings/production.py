"""What operators of a platform have written into its files of settings and of secrets."""

from typing import Any


def plugin_settings(settings: Any) -> None:
    """``PROCTORING_BACKENDS`` may be among the secrets; what is not there, or empty, stays as it is."""
    tokens = getattr(settings, "ENV_TOKENS", None) or {}
    secrets = getattr(settings, "AUTH_TOKENS", None) or {}
    name = "PROCTORING_SETTINGS"
    settings.PROCTORING_SETTINGS = tokens.get(name) or settings.PROCTORING_SETTINGS
    name = "PROCTORING_BACKENDS"
    settings.PROCTORING_BACKENDS = secrets.get(name) or tokens.get(name) or settings.PROCTORING_BACKENDS
