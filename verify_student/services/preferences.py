"""A learner's time zone, as far as the host knows it."""

import logging
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from verify_student import lms

logger = logging.getLogger(__name__)


def zone_of(user: Any) -> tzinfo:
    """The learner's time zone; the site's where the host knows none that there is."""
    try:
        said = lms.preferences().get_time_zone(user.pk)
        return ZoneInfo(said) if said else timezone.get_default_timezone()
    except Exception as error:  # neither a broken service nor a zone that is none keeps anybody from their page
        logger.warning("A learner's time zone cannot be used: user=%s error=%s", user.pk, type(error).__name__)
        return timezone.get_default_timezone()
