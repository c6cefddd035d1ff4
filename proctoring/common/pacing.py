"""
How often somebody may come, such as ``300/min``. What counts lives in the site's cache, and while that is away nobody
is turned away.
"""

import hashlib
import logging
import time
from functools import lru_cache

from django.core.cache import cache

logger = logging.getLogger(__name__)

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_to_wait(name: str, comer: str, rate: str | None) -> float | None:
    """
    None lets ``comer`` in, and counts it under ``name``; else the seconds until the next would be let in.

    A rate is a number of times a second, minute, hour or day, of which the first letter counts; None lets in everybody.
    """
    if rate is None:
        return None
    digest = hashlib.sha256(comer.encode()).hexdigest()
    try:
        return _counted(f"{name}.{digest}", *_read(rate))
    # Whatever a cache raises while it is away: it must not take the site with it.
    except Exception as error:
        logger.error("Requests are not counted: the cache failed with %s", type(error).__name__)
        return None


@lru_cache
def _read(rate: str) -> tuple[int, int]:
    most, period = rate.split("/")
    return int(most), SECONDS[period[0]]


def _counted(key: str, most: int, length: int) -> float | None:
    """
    What was let in within the present window of time and, as far as it still reaches into the last minute (or whatever
    the length is), in the one before. Two calls of the cache, however much is allowed, and one more for the first.
    """
    window, passed = divmod(time.time(), length)
    present, last = f"{key}.{window:.0f}", f"{key}.{window - 1:.0f}"
    counts = cache.get_many([present, last])
    now, before = counts.get(present, 0), counts.get(last, 0)
    if now + before * (1 - passed / length) >= most:
        # Just after that moment: at it, the place is not free yet.
        return _until_free(now, before, most, length) - passed + 0.001
    if present not in counts:
        cache.add(present, 0, timeout=2 * length)
    cache.incr(present)
    return None


def _until_free(now: int, before: int, most: int, length: float) -> float:
    """When, in seconds from the beginning of the window, one more fits in."""
    if now < most:
        return length * (1 - (most - now) / before) if before else 0
    return length + length * (1 - most / now)
