"""
The constants that plugins import while apps are loaded (contract python.md §8.1, §8.3): nothing here needs a model.

``CONTENT_VIEWABLE_PAST_DUE_DATE`` and the keys of ``PROCTORING_SETTINGS`` are settings, read when they are asked for.
"""

from typing import Any

from proctoring.conf import *  # noqa: F403
from proctoring.conf import config


def __getattr__(name: str) -> Any:
    if name == "CONTENT_VIEWABLE_PAST_DUE_DATE":
        return config.viewable_past_due
    for member, setting in config.members().items():
        if setting.key == name:
            return getattr(config, member)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
