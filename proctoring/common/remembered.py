"""Numbers of rows for paginators: a large one may be a minute old, since counting is what grows with a list."""

import hashlib
from collections.abc import Callable

from django.core.cache import cache

# From so many rows on.
LARGE, SECONDS = 2_000, 60


def count(name: str, asked: tuple[object, ...], counted: Callable[[], int], large: int = LARGE) -> int:
    """What ``counted()`` says of the list ``name`` with what was ``asked`` of it, now or within the last minute."""
    key = f"proctoring.{name}.{hashlib.sha256(repr(asked).encode()).hexdigest()}"
    known: int | None = cache.get(key)
    if known is None:
        known = counted()
        if known >= large:
            cache.set(key, known, SECONDS)
    return known
