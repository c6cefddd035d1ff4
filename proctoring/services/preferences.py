"""A person's language and time zone, as far as the LMS knows them."""

from datetime import tzinfo

from proctoring import lms
from proctoring.common import preferences


def language_of(user_id: int) -> str | None:
    """The language that the person wants to be written to in; None for the site's."""
    return preferences.language_of(lms.preferences, user_id)


def zone_of(user_id: int) -> tzinfo:
    """The person's time zone; the site's where the LMS knows none."""
    return preferences.zone_of(lms.preferences, user_id)
