"""How often one learner may hand in photos on the page (W16); not counted while the site's cache is away."""

import logging
from typing import Any

from django.core.cache import cache

logger = logging.getLogger(__name__)

# Enough for somebody who tries again and again; too little for a script.
MOST, SECONDS = 30, 3600


def may_try(user: Any) -> bool:
    """Count one more try; false where there have been enough within the hour that began with the first."""
    key = f"verify_student.photos.{user.pk}"
    try:
        cache.add(key, 0, SECONDS)
        return bool(cache.incr(key) <= MOST)
    # Whatever a cache raises while it is away, or forgets in between: it must not keep learners from being verified.
    except Exception as error:
        logger.error("Tries are not counted: the cache failed with %s", type(error).__name__)
        return True
