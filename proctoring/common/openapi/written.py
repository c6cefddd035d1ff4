"""An API's document as it is shipped: written when this library is made, from its views (``make openapi``)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def written(path: Path) -> dict[str, Any]:
    """The document in that file."""
    read: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read
