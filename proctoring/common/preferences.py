"""What a host says of how a person wants to be addressed, made usable; None where it says nothing that can be used."""

import logging
from collections.abc import Callable
from datetime import tzinfo
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

logger = logging.getLogger(__name__)


class Preferences(Protocol):
    """The host's service."""

    def get_language(self, user_id: int, /) -> str | None:
        """A language code; None where the site's language holds."""

    def get_time_zone(self, user_id: int, /) -> str | None:
        """A name of the time zone database; None where the site's zone holds."""


def language_of(service: Callable[[], Preferences], user_id: int) -> str | None:
    """The language that the person wants to be written to in; None for the site's."""
    language: str | None = _readable(
        lambda: service().get_language(user_id), translation.get_supported_language_variant, user_id
    )
    return language


def zone_of(service: Callable[[], Preferences], user_id: int) -> tzinfo:
    """The person's time zone; the site's where the host knows none that there is."""
    zone: tzinfo | None = _readable(lambda: service().get_time_zone(user_id), ZoneInfo, user_id)
    return zone or timezone.get_default_timezone()


def _readable(ask: Callable[[], str | None], read: Callable[[str], Any], user_id: int) -> Any:
    try:
        said = ask()
        return read(said) if said else None
    except Exception as error:  # neither a broken service nor a zone that is none keeps anybody from their mail or page
        logger.warning("A person's preference cannot be used: user=%s error=%s", user_id, type(error).__name__)
        return None
