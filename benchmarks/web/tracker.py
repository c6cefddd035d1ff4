"""A tracker as platforms have one: a line of a log for each event. The demo's own keeps rows, for its tests."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

logger = logging.getLogger(__name__)


class LogTracker:
    """Port ``tracker``."""

    def emit(self, name: str, data: Mapping[str, Any], /, *, context: Mapping[str, str]) -> None:
        logger.info(json.dumps({"name": name, "data": data, "context": context}, cls=DjangoJSONEncoder))
