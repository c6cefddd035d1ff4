"""
The secrets with which vendors sign what they tell us: option ``callback_secrets`` of a backend.

A list of ``whsec_…`` texts, or of ``{"id": …, "secret": "whsec_…", "not_after": …}`` where a secret has a name for the
log or an end. The option is read from the settings when it is needed and never handed to a plugin.
"""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ImproperlyConfigured

from proctoring.common.signing import Secret
from proctoring.conf import config

SECRETS_OPTION = "callback_secrets"
PARTS = frozenset({"id", "secret", "not_after"})


def callback_secrets(name: str) -> list[Secret]:
    """The secrets of the backend ``name``, ended ones too. ``ImproperlyConfigured`` shows none of them."""
    options = config.backends.get(name)
    configured = options.get(SECRETS_OPTION) if isinstance(options, Mapping) else None
    if not isinstance(configured or [], list | tuple):
        raise ImproperlyConfigured(f"The option {SECRETS_OPTION} of {name} must be a list.")
    return [_secret(name, number, given) for number, given in enumerate(configured or [], start=1)]


def _secret(name: str, number: int, given: object) -> Secret:
    parts = {"secret": given} if isinstance(given, str) else given
    try:
        return _parsed(parts, f"#{number}")
    except (TypeError, ValueError):
        # Not chained: the text of a parser's error shows what it read.
        raise ImproperlyConfigured(
            f"Secret {number} in the option {SECRETS_OPTION} of {name} cannot be read. It is a whsec_ text, or has "
            "secret, and if wanted id and not_after (a time with its time zone)."
        ) from None


def _parsed(parts: object, unnamed: str) -> Secret:
    if not isinstance(parts, Mapping) or not PARTS.issuperset(parts):
        raise ValueError
    key_id, secret = parts.get("id", unnamed), parts.get("secret")
    if not (isinstance(key_id, str) and key_id.isprintable() and isinstance(secret, str)):
        raise ValueError
    return Secret.from_standard(key_id, secret, _end(parts.get("not_after")))


def _end(given: object) -> datetime | None:
    if given is None:
        return None
    end = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    if end.tzinfo is None:
        raise ValueError
    return end
