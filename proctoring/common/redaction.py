"""JSON without some of its fields, wherever in it they stand."""

import json
from collections.abc import Collection
from typing import Any


def strip(content: Any, names: Collection[str]) -> bool:
    """Take the fields of these names out of ``content``, at any depth; whether there were any."""
    found = False
    waiting = [content]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            here = [name for name in names if name in item]
            for name in here:
                del item[name]
            found = found or bool(here)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return found


def stripped(content: Any, names: Collection[str]) -> str:
    """``content`` as JSON without the fields of these names. ``RecursionError`` for what is nested too deeply."""
    copy = json.loads(json.dumps(content))
    strip(copy, names)
    return json.dumps(copy)


def stripped_body(body: bytes, names: Collection[str]) -> bytes:
    """The body without the fields of these names: as it came where it has none of them, or is no JSON."""
    if not names:
        return body
    try:
        content = json.loads(body)
        return json.dumps(content).encode() if strip(content, names) else body
    except (ValueError, RecursionError):
        return body
