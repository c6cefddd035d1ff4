"""What is wrong with the settings, said before a learner finds out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from proctoring.backends import CLASS_OPTION, LINK_URLS_OPTION, OPTIONS, configured_names, provider_named
from proctoring.backends import options as plugin_options
from proctoring.backends.callbacks import SECRETS_OPTION, callback_secrets
from proctoring.common.signing import Secret
from proctoring.conf import config
from proctoring.lms import SERVICE_NAMES, get_runtime_service
from proctoring.services import legacy

# Vendors that never learn of a person.
NOBODY_WATCHES = frozenset({"null", "mock"})


@register
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    ``PROCTORING_SETTINGS``: unknown keys (W001), unknown LMS services (E002), services that cannot be made (E003),
    values that cannot be read (E008), a vendor's identity that is not checked (W013).
    """
    unreadable = [*_unreadable()]
    return unreadable or [*_unknown_keys(), *_lms_services(), *_simulation()]


@register
def check_backends(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    ``PROCTORING_BACKENDS``: no usable default (E004), broken plugins (E005), unknown options (W006), no key for the ids
    vendors know learners by (E007), a setting that is no dictionary (E008), a vendor without credentials (E009), values
    that options cannot have (W014), a vendor that is called without encryption (W015), and of what vendors send us:
    unsigned messages are taken (W010), secrets cannot be read (E011), nothing is taken (W012).
    """
    try:
        names = configured_names()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="proctoring.E008")]
    return [
        *_default_backend(names),
        *_plugins(names),
        *_options(names),
        *_obfuscation_key(names),
        *_callbacks(names),
    ]


@register
def check_screens(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The learner's screens: without the app that brings their script they cannot be shown (W016)."""
    if apps.is_installed("django_htmx"):
        return []
    text = "The screens of exams need django_htmx in INSTALLED_APPS."
    return [Warning(text, hint="Add it, or let no learner come to an exam's page.", id="proctoring.W016")]


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
        hint = f"Did you mean {meant}?" if meant else "Remove it, or see docs/settings.rst for the keys there are."
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
    known = OPTIONS | {CLASS_OPTION, LINK_URLS_OPTION, SECRETS_OPTION}
    for name in names:
        options = config.backends[name]
        for option in sorted(set(options) - known) if isinstance(options, Mapping) else []:
            hint = _meant(option, known, "The option is ignored.")
            message = f"The proctoring backend {name} has no option {option}."
            yield Warning(message, hint=hint, id="proctoring.W006")
        if isinstance(options, Mapping):
            yield from _values(name, options)


def _values(name: str, options: Mapping[str, Any]) -> Iterator[CheckMessage]:
    for option, expected in plugin_options.wrong(options):
        text = f"The option {option} of the proctoring backend {name} has to be {expected}."
        yield Warning(text, id="proctoring.W014")
    for option in plugin_options.unencrypted(options):
        text = (
            f"The option {option} of the proctoring backend {name} has no https: everybody in between can read along."
        )
        yield Warning(text, hint="Names, addresses and secrets go there.", id="proctoring.W015")


def _obfuscation_key(names: list[str]) -> Iterator[CheckMessage]:
    key = config.obfuscation_key
    if not NOBODY_WATCHES.issuperset(names) and not (key and key.isascii()):
        yield Error(
            "PROCTORING_USER_OBFUSCATION_KEY is missing, or has characters that are not ASCII.",
            hint="Vendors know learners by ids made with it; it has to be secret and must never change.",
            id="proctoring.E007",
        )


def _callbacks(names: list[str]) -> Iterator[CheckMessage]:
    for name in names:
        try:
            secrets = callback_secrets(name)
        except ImproperlyConfigured as error:
            yield Error(str(error), id="proctoring.E011")
            continue
        if legacy.is_legacy(name):
            yield from _legacy_callbacks(name, secrets)


def _legacy_callbacks(name: str, secrets: Collection[Secret]) -> Iterator[CheckMessage]:
    """This vendor does not sign in, so a signature is all there is to know it by."""
    if legacy.allows_unsigned(name):
        text = f"The proctoring backend {name} takes reviews and launches that are not signed."
        hint = "Learners know what such a message is made of. Have the vendor sign, see docs/add_a_vendor.rst."
        yield Warning(text, hint=hint, id="proctoring.W010")
    elif not secrets:
        text = f"The proctoring backend {name} has no {SECRETS_OPTION}: its reviews are refused."
        hint = "Agree on a secret with the vendor, or set allow_unsigned_callbacks until it signs."
        yield Warning(text, hint=hint, id="proctoring.W012")


def _simulation() -> Iterator[CheckMessage]:
    if config.allow_callback_simulation:
        text = "ALLOW_CALLBACK_SIMULATION is on: reviews count whichever registration they name."
        yield Warning(text, hint="It is for tests only.", id="proctoring.W013")


def _meant(name: object, known: Iterable[str], otherwise: str) -> str:
    closest = get_close_matches(name, known, n=1) if isinstance(name, str) else []
    return f"Did you mean {closest[0]}?" if closest else otherwise
