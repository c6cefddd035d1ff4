"""What is wrong with the settings, said before a learner finds out."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage

from proctoring.common import crypto
from verify_student import lms
from verify_student.backends import BUNDLED, provider_named, registry
from verify_student.conf import SOFTWARE_SECURE, config
from verify_student.exceptions import ProviderUnavailable
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import location
from verify_student.services.photos.storage import ALIAS, storage
from verify_student.services.photos.vendor import FACE_KEY_SIZE

NEEDED = ("API_URL", "API_ACCESS_KEY", "API_SECRET_KEY", "FACE_IMAGE_AES_KEY", "RSA_PUBLIC_KEY")
VENDOR_KEYS = frozenset(NEEDED) | {
    "RSA_PRIVATE_KEY",
    "CERT_VERIFICATION_PATH",
    "STORAGE_CLASS",
    "STORAGE_KWARGS",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "S3_BUCKET",
}
EXPIRY_KEYS = frozenset({"RESEND_DAYS", "DAYS_RANGE", "DEFAULT_EMAILS"})
PLACE = 'VERIFY_STUDENT["SOFTWARE_SECURE"]'
ACE_SETTINGS = ("ACE_ENABLED_CHANNELS", "ACE_CHANNEL_DEFAULT_EMAIL", "ACE_CHANNEL_TRANSACTIONAL_EMAIL")
# Three years, of which one may be a leap year.
LONGEST_PHOTOS = 1096
SEE_DOCS = "See docs/verify_student.rst."
# Their stylesheet and base template, and their script.
PAGES_NEED = ("proctoring", "django_htmx")
# Read beside the members of the section.
OTHERS = ("expiry_email", "keyring")


@register
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    ``VERIFY_STUDENT``: unknown keys (W001), unknown LMS services (E002), services that cannot be made (E003), values
    that cannot be read (E008), services that nobody provides (I012).
    """
    unreadable = [*_unreadable()]
    return unreadable or [*_unknown_keys(), *_lms_services(), *_missing_services()]


@register
def check_provider(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    Who reviews: a provider that is none (E004); of the vendor, what is missing (E005), keys that cannot be read (E006),
    a server that nobody verifies (W007, W18).
    """
    if _unreadable_text() is not None:
        return []
    return [*_providers(), *_vendor()]


@register
def check_photo_storage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    Where photos lie: a storage that cannot be made (E009), the one of all other files (W009), links that die before the
    vendor's staff come to look (W011).
    """
    if _unreadable_text() is not None:
        return []
    try:
        here = storage()
    except Exception as error:  # a storage is a stranger's class, and its arguments are secrets
        text = f"The storage of photos cannot be made ({type(error).__name__})."
        return [Error(text, hint=SEE_DOCS, id="verify_student.E009")]
    if here is default_storage:
        text = "Photos of faces and IDs lie in the default storage, among files that are for everybody."
        hint = f'Give them a private storage of their own: STORAGES["{ALIAS}"]. {SEE_DOCS}'
        return [Warning(text, hint=hint, id="verify_student.W009")]
    return [*_links(here)]


@register
def check_mail(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Mail: edx-ace without a channel that carries it (E010)."""
    missing = [name for name in ACE_SETTINGS if name not in config.ace_channels]
    if not missing:
        return []
    text = f"edx-ace has no channel for e-mail, so learners get none: {' and '.join(missing)} missing."
    hint = f"Django's own mail is the channel django_email. {SEE_DOCS}"
    return [Error(text, hint=hint, id="verify_student.E010")]


@register
def check_pages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The learner's pages, where the host has mounted them: apps that they need and that are not there (W015)."""
    missing = [name for name in PAGES_NEED if not apps.is_installed(name)]
    if not missing or not location.mounted(location.PAGE):
        return []
    text = f"The learner's pages of identity verification need {' and '.join(missing)} in INSTALLED_APPS."
    return [
        Warning(text, hint=f"Add it, or do not mount verify_student.urls.pages. {SEE_DOCS}", id="verify_student.W015")
    ]


@register
def check_reminders(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    Mail about the end of an approval: unknown keys (W001), numbers that make no sense (W013), reminders of what cannot
    be done yet (W014).
    """
    if _unreadable_text() is not None:
        return []
    return [*_expiry_email(), *_early_reminders()]


@register
def check_retention(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """How long photos stay: longer than laws on biometric data allow somewhere (W019)."""
    if _unreadable_text() is not None:
        return []
    periods = {
        "PHOTO_RETENTION_DAYS": config.photo_retention_days,
        "UNDECIDED_PHOTO_RETENTION_DAYS": config.undecided_photo_retention_days,
    }
    hint = f"Illinois (740 ILCS 14/15) allows three years after the last contact at most. {SEE_DOCS}"
    return [
        Warning(f"{key} keeps photos for {days:g} days.", hint=hint, id="verify_student.W019")
        for key, days in periods.items()
        if days > LONGEST_PHOTOS
    ]


def _unreadable() -> Iterator[CheckMessage]:
    said: set[str] = set()
    for member in [*config.members(), *OTHERS]:
        try:
            getattr(config, member)
        except ImproperlyConfigured as error:
            said.add(str(error))
    for text in sorted(said):
        yield Error(text, id="verify_student.E008")


def _unreadable_text() -> str | None:
    """What keeps the settings from being read at all; ``check_settings`` says it."""
    return next((message.msg for message in _unreadable()), None)


def _unknown_keys() -> Iterator[CheckMessage]:
    for key, meant in config.unknown_keys():
        hint = f"Did you mean {meant}?" if meant else f"Remove it. {SEE_DOCS}"
        yield Warning(f"VERIFY_STUDENT has no key {key}.", hint=hint, id="verify_student.W001")
    for key in sorted(set(config.software_secure) - VENDOR_KEYS):
        hint = _meant(key, VENDOR_KEYS, f"Remove it. {SEE_DOCS}")
        yield Warning(f"{PLACE} has no key {key}.", hint=hint, id="verify_student.W001")


def _expiry_email() -> Iterator[CheckMessage]:
    for key in sorted(map(str, set(config.expiry_email) - EXPIRY_KEYS)):
        hint = _meant(key, EXPIRY_KEYS, f"Remove it. {SEE_DOCS}")
        yield Warning(f"VERIFICATION_EXPIRY_EMAIL has no key {key}.", hint=hint, id="verify_student.W001")
    try:
        config.expiry_rules  # noqa: B018 - reading it is the check
    except ImproperlyConfigured as error:
        # The platform can do without this mail, so this keeps nobody from running other commands.
        yield Warning(str(error), id="verify_student.W013")


def _early_reminders() -> Iterator[CheckMessage]:
    early = [days for days in config.reminder_days if days > config.expiring_soon_window]
    if early:
        text = f"REMINDER_DAYS reminds learners {max(early)} days before the end, when they cannot renew yet."
        hint = f"EXPIRING_SOON_WINDOW ({config.expiring_soon_window}) is when they can."
        yield Warning(text, hint=hint, id="verify_student.W014")


def _lms_services() -> Iterator[CheckMessage]:
    for name in config.lms_services:
        if name not in lms.services.names:
            hint = _meant(name, lms.services.names, f"There are: {', '.join(sorted(lms.services.names))}.")
            yield Error(f"LMS_SERVICES names an unknown service {name}.", hint=hint, id="verify_student.E002")
            continue
        try:
            lms.services.find(name)
        except ImproperlyConfigured as error:
            yield Error(str(error), id="verify_student.E003")
        # A service is the host's class: making it may raise anything, and the text may hold anything.
        except Exception as error:
            text = f"The LMS service {name} cannot be made ({type(error).__name__})."
            yield Error(text, id="verify_student.E003")


def _missing_services() -> Iterator[CheckMessage]:
    missing = sorted(name for name in lms.services.names - set(config.lms_services) if lms.services.find(name) is None)
    if missing:
        text = f"Nobody provides the LMS services {', '.join(missing)}: their defaults know nothing and do nothing."
        yield Info(text, hint=SEE_DOCS, id="verify_student.I012")


def _providers() -> Iterator[CheckMessage]:
    for name in sorted({config.provider, *config.providers}):
        try:
            provider_named(name)
        except ProviderUnavailable as error:
            cause = type(error.__cause__).__name__
            known = {*BUNDLED, *config.providers, *registry.names()}
            text = f"The provider of identity verification {name} cannot be used ({cause})."
            hint = _meant(name, known - {name}, f"There are: {', '.join(sorted(known - {name}))}.")
            yield Error(text, hint=hint, id="verify_student.E004")
        except Exception as error:  # a provider is a stranger's class
            text = f"The provider of identity verification {name} cannot be made ({type(error).__name__})."
            yield Error(text, id="verify_student.E004")


def _vendor() -> Iterator[CheckMessage]:
    vendor = config.software_secure
    missing = [key for key in NEEDED if not vendor.get(key)]
    if config.provider == SOFTWARE_SECURE and missing:
        text = f"{PLACE} lacks {' and '.join(missing)}."
        yield Error(text, hint="The vendor gives them to you.", id="verify_student.E005")
    for key, read in READERS.items():
        if vendor.get(key) and not _can_be_read(read):
            yield Error(f'{PLACE}["{key}"] cannot be used as a key.', hint=HINTS[key], id="verify_student.E006")
    yield from _verification_of_the_server(vendor.get("CERT_VERIFICATION_PATH", True))


def _links(here: Any) -> Iterator[CheckMessage]:
    needed = SoftwareSecurePhotoVerification.IMAGE_LINK_DURATION
    lives = getattr(here, "querystring_expire", needed)
    if config.provider == SOFTWARE_SECURE and lives < needed:
        text = f"Links to photos live {lives} seconds; the vendor needs {needed} (five days)."
        hint = f'Set the option querystring_expire of STORAGES["{ALIAS}"].'
        yield Warning(text, hint=hint, id="verify_student.W011")


def _verification_of_the_server(path: Any) -> Iterator[CheckMessage]:
    place = f'{PLACE}["CERT_VERIFICATION_PATH"]'
    if not path:
        text = f"{place} would switch the verification of the vendor's server off. It is ignored."
        yield Warning(text, hint="Remove it, or name a file of certificates.", id="verify_student.W007")
    elif path is not True and not Path(str(path)).exists():
        yield Error(f"{place} names a file that is not there.", id="verify_student.E006")


def _can_be_read(read: Any) -> bool:
    try:
        read()
    except Exception:  # libraries of cryptography have many kinds of errors for a key that is none
        return False
    return True


def _read_face_key() -> None:
    if len(bytes.fromhex(config.software_secure["FACE_IMAGE_AES_KEY"])) != FACE_KEY_SIZE:
        raise ValueError


def _read_public_key() -> None:
    crypto.rsa_wrap(config.software_secure["RSA_PUBLIC_KEY"], b"probe")


def _read_private_key() -> None:
    try:
        crypto.rsa_unwrap(config.software_secure["RSA_PRIVATE_KEY"], b"")
    except crypto.DecryptionError:
        # The key could be read: it only was not what these bytes were wrapped with.
        return


READERS = {
    "FACE_IMAGE_AES_KEY": _read_face_key,
    "RSA_PUBLIC_KEY": _read_public_key,
    "RSA_PRIVATE_KEY": _read_private_key,
}
HINTS = {
    "FACE_IMAGE_AES_KEY": "It has 64 hex digits.",
    "RSA_PUBLIC_KEY": "It is RSA, as PEM, OpenSSH or DER.",
    "RSA_PRIVATE_KEY": "It is RSA, as PEM or DER, without a passphrase.",
}


def _meant(name: object, known: Iterable[str], otherwise: str) -> str:
    closest = get_close_matches(name, list(known), n=1) if isinstance(name, str) else []
    return f"Did you mean {closest[0]}?" if closest else otherwise
