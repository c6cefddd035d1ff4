"""A person's language and time zone, as far as the LMS knows them."""

import logging
from collections.abc import Callable
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from proctoring import lms

logger = logging.getLogger(__name__)


def language_of(user_id: int) -> str | None:
    """The language that the person wants to be written to in; None for the site's."""
    language: str | None = _readable(
        lms.preferences().get_language, user_id, translation.get_supported_language_variant
    )
    return language


def zone_of(user_id: int) -> tzinfo:
    """The person's time zone; the site's where the LMS knows none."""
    zone: tzinfo | None = _readable(lms.preferences().get_time_zone, user_id, ZoneInfo)
    return zone or timezone.get_default_timezone()


def _readable(ask: Callable[[int], str | None], user_id: int, read: Callable[[str], Any]) -> Any:
    try:
        said = ask(user_id)
        return read(said) if said else None
    except Exception as error:  # neither a broken service nor a zone that is none keeps anybody from their mail or page
        logger.warning("A person's preference cannot be used: user=%s error=%s", user_id, type(error).__name__)
        return None
