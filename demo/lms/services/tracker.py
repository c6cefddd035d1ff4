"""Analytics events, kept in a table."""

from collections.abc import Mapping
from typing import Any

from demo.lms.models import TrackedEvent


class TrackerService:
    """Port ``tracker``."""

    def emit(self, name: str, data: Mapping[str, Any], /, *, context: Mapping[str, str]) -> None:
        TrackedEvent.objects.create(name=name, data=dict(data), context=dict(context))
