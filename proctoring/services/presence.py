"""
When a learner's page was last heard of. Not worth a row for each of its calls: it is kept in the site's cache, so that
all processes know it where these share one.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

KEPT_SECONDS = 24 * 3600


def seen(attempt_id: int) -> None:
    """The learner's page has just asked for its attempt."""
    cache.set(_key(attempt_id), timezone.now(), KEPT_SECONDS)


def last_seen(attempt_ids: Iterable[int]) -> dict[int, datetime]:
    """When the pages of these attempts were last heard of, of those of which that is known; one look."""
    keys = {_key(attempt_id): attempt_id for attempt_id in attempt_ids}
    return {keys[key]: moment for key, moment in cache.get_many(keys).items()}


def _key(attempt_id: int) -> str:
    return f"proctoring.presence.{attempt_id}"
