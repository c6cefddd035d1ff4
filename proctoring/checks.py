"""What is wrong with the settings, said before a learner finds out."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from proctoring.backends import CLASS_OPTION, LINK_URLS_OPTION, OPTIONS, configured_names, provider_named
from proctoring.conf import config
from proctoring.lms import SERVICE_NAMES, get_runtime_service

# Vendors that never learn of a person.
NOBODY_WATCHES = frozenset({"null", "mock"})


@register
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    ``PROCTORING_SETTINGS``: unknown keys (W001), unknown LMS services (E002), services that cannot be made (E003),
    values that cannot be read (E008).
    """
    unreadable = [*_unreadable()]
    return unreadable or [*_unknown_keys(), *_lms_services()]


@register
def check_backends(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    ``PROCTORING_BACKENDS``: no usable default (E004), broken plugins (E005), unknown options (W006), no key for the ids
    vendors know learners by (E007), a setting that is no dictionary (E008), a vendor without credentials (E009).
    """
    try:
        names = configured_names()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="proctoring.E008")]
    return [*_default_backend(names), *_plugins(names), *_options(names), *_obfuscation_key(names)]


def _unreadable() -> Iterator[CheckMessage]:
    said: set[str] = set()
    for member in config.members():
        try:
            getattr(config, member)
        except ImproperlyConfigured as error:
            said.add(str(error))
    for text in sorted(said):
        yield Error(text, id="proctoring.E008")


def _unknown_keys() -> Iterator[CheckMessage]:
    for key, meant in config.unknown_keys():
        hint = f"Did you mean {meant}?" if meant else "Remove it, or see docs/install.rst for the keys there are."
        yield Warning(f"PROCTORING_SETTINGS has no key {key}.", hint=hint, id="proctoring.W001")


def _lms_services() -> Iterator[CheckMessage]:
    for name in config.lms_services:
        if name not in SERVICE_NAMES:
            otherwise = f"There are: {', '.join(sorted(SERVICE_NAMES))}."
            hint = _meant(name, SERVICE_NAMES, otherwise)
            yield Error(f"LMS_SERVICES names an unknown service {name}.", hint=hint, id="proctoring.E002")
            continue
        try:
            get_runtime_service(name)
        except ImproperlyConfigured as error:
            yield Error(str(error), id="proctoring.E003")
        # A service is the host's class: making it may raise anything, and the text may hold anything.
        except Exception as error:
            text = f"The LMS service {name} cannot be made ({type(error).__name__})."
            yield Error(text, id="proctoring.E003")


def _default_backend(names: list[str]) -> Iterator[CheckMessage]:
    default = config.backends.get("DEFAULT")
    if default not in names:
        hint = _meant(default, names, "Name one of the backends that have options.")
        yield Error("PROCTORING_BACKENDS has no usable DEFAULT.", hint=hint, id="proctoring.E004")


def _plugins(names: list[str]) -> Iterator[CheckMessage]:
    for name in names:
        try:
            plugin = provider_named(name)
        except NotImplementedError as error:
            yield Error(f"The proctoring backend {name} cannot be used: {error}", id="proctoring.E005")
            continue
        missing = [option for option in plugin.credentials_needed if not getattr(plugin, option, "")]
        if missing:
            text = f"The proctoring backend {name} lacks {' and '.join(missing)}."
            yield Error(text, hint="The vendor gives them to you.", id="proctoring.E009")


def _options(names: list[str]) -> Iterator[CheckMessage]:
    known = OPTIONS | {CLASS_OPTION, LINK_URLS_OPTION}
    for name in names:
        options = config.backends[name]
        for option in sorted(set(options) - known) if isinstance(options, Mapping) else []:
            hint = _meant(option, known, "The option is ignored.")
            message = f"The proctoring backend {name} has no option {option}."
            yield Warning(message, hint=hint, id="proctoring.W006")


def _obfuscation_key(names: list[str]) -> Iterator[CheckMessage]:
    key = config.obfuscation_key
    if not NOBODY_WATCHES.issuperset(names) and not (key and key.isascii()):
        yield Error(
            "PROCTORING_USER_OBFUSCATION_KEY is missing, or has characters that are not ASCII.",
            hint="Vendors know learners by ids made with it; it has to be secret and must never change.",
            id="proctoring.E007",
        )


def _meant(name: object, known: Iterable[str], otherwise: str) -> str:
    closest = get_close_matches(name, known, n=1) if isinstance(name, str) else []
    return f"Did you mean {closest[0]}?" if closest else otherwise
