"""What the platform where learners sit exams needs."""

from typing import Any

from proctoring.conf import BEAT
from proctoring.settings import studio

# Celery knows the table of periodic tasks by either name.
OLD_TABLE, TABLE = "CELERYBEAT_SCHEDULE", "CELERY_BEAT_SCHEDULE"


def plugin_settings(settings: Any) -> None:
    """As in a studio, and the periodic tasks; those that ``settings`` has already stay as they are."""
    studio.plugin_settings(settings)
    table = OLD_TABLE if hasattr(settings, OLD_TABLE) else TABLE
    setattr(settings, table, {**BEAT, **(getattr(settings, table, None) or {})})
