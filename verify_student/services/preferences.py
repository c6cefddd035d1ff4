"""A learner's language and time zone, as far as the host knows them."""

from datetime import tzinfo
from typing import Any

from proctoring.common import preferences
from verify_student import lms


def language_of(user: Any) -> str | None:
    """The language that the learner wants to be written to in; None for the platform's."""
    return preferences.language_of(lms.preferences, user.pk)


def zone_of(user: Any) -> tzinfo:
    """The learner's time zone; the site's where the host knows none that there is."""
    return preferences.zone_of(lms.preferences, user.pk)
