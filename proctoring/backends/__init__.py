"""
Vendors by name (contract vendors_admin_screens.md §1.1).

A name in ``PROCTORING_BACKENDS`` is a plugin: of the entry-point group ``openedx.proctoring``, or of the dotted path in
its option ``class``. Plugins are made when first asked for; one that is broken never hides another.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.options import KINDS
from proctoring.common.registry import PluginBroken, PluginNotFound, Registry
from proctoring.conf import config

ENTRY_POINT_GROUP = "openedx.proctoring"
OPTIONS = frozenset(KINDS)
CLASS_OPTION = "class"
LINK_URLS_OPTION = "LINK_URLS"

registry = Registry(ENTRY_POINT_GROUP, ProctoringBackendProvider)
_made: dict[str, tuple[Mapping[str, Any], ProctoringBackendProvider]] = {}


def configured_names() -> list[str]:
    """The names that have options in the settings."""
    return [name for name in config.backends if name != "DEFAULT"]


def get_backend_provider(
    exam: Mapping[str, Any] | None = None, name: str | None = None
) -> ProctoringBackendProvider | None:
    """
    The plugin of an exam, of a name, or the default one; None for an exam that is not proctored.

    Raises ``NotImplementedError`` for a name that is not available, whatever the reason, and ``ImproperlyConfigured``
    without any name.
    """
    if exam and exam.get("is_proctored") is False:
        return None
    return provider_named((exam or {}).get("backend") or name)


def provider_named(name: str | None) -> ProctoringBackendProvider:
    """The plugin of that name, or the default one. Raises as :func:`get_backend_provider`."""
    wanted = name or config.backends.get("DEFAULT")
    if not wanted:
        raise ImproperlyConfigured("PROCTORING_BACKENDS names no DEFAULT, and no backend was asked for.")
    options = config.backends.get(wanted)
    if not isinstance(options, Mapping):
        available = ", ".join(configured_names())
        raise NotImplementedError(f"No proctoring backend {wanted!r} has options. Available: {available}.")
    made = _made.get(wanted)
    if made is None or made[0] != options:
        # A copy, so that options which are changed in place are noticed too.
        made = _made[wanted] = (dict(options), _make(wanted, options))
    return made[1]


def _make(name: str, options: Mapping[str, Any]) -> ProctoringBackendProvider:
    try:
        plugin = registry.load(name, dotted=options.get(CLASS_OPTION))
        return plugin(**{key: options[key] for key in options if key in OPTIONS})
    except (PluginNotFound, PluginBroken) as error:
        raise NotImplementedError(str(error)) from error
    # A plugin is a stranger's class: making it may raise anything.
    except Exception as error:
        raise NotImplementedError(f"The plugin {name!r} cannot be made: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """What may be said of an error: complaints about arguments show none of their values, others might."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, TypeError | ImproperlyConfigured) else f"{kind}."


def get_backend_choices() -> Iterator[tuple[str, str]]:
    """Pairs of name and label of every backend that works."""
    for name in configured_names():
        try:
            yield name, provider_named(name).verbose_name or "Unknown"
        except NotImplementedError:
            continue
