"""Every place where something may have got to: logs, answers, tasks, columns, the cache, metrics."""

import logging
import pickle
from collections.abc import Iterable, Iterator
from typing import Any

from celery import signals
from django.core.cache import cache
from django.db import connection
from kombu.serialization import dumps
from prometheus_client import generate_latest

from tests.secrets.markers import ALLOWED, EVERY, forms


class Everything(logging.Handler):
    """What was logged, answered and sent to the task queue while it listens; and what is stored by then."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seen: list[tuple[str, bytes]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.note(f"log:{record.name}", self.format(record))

    def note(self, place: str, text: str | bytes) -> None:
        """Something was in that place."""
        self.seen.append((place, text.encode("utf-8", "replace") if isinstance(text, str) else text))

    def task(self, sender: Any, args: Any = (), kwargs: Any = None, **others: Any) -> None:
        """As the broker would get it."""
        _type, _encoding, body = dumps((args, kwargs or {}, {}), serializer="json")
        self.note(f"task:{sender.name}", body)

    def answered(self, response: Any) -> Any:
        """An answer; what is told of an error is looked at, and what somebody asked for is theirs to see."""
        if response.status_code >= 400:
            self.note(f"answer:{response.status_code}", response.content)
        return response

    def __enter__(self) -> "Everything":
        self.setFormatter(logging.Formatter("%(message)s %(args)s"))
        root = logging.getLogger()
        self.before = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        signals.task_prerun.connect(self.task, weak=False)
        return self

    def __exit__(self, *error: Any) -> None:
        logging.getLogger().removeHandler(self)
        logging.getLogger().setLevel(self.before)
        signals.task_prerun.disconnect(self.task)

    def misplaced(self) -> list[str]:
        """Each marker that is where it does not belong, with the place."""
        everywhere = [*self.seen, *_columns(), *_cached(), ("metrics", generate_latest())]
        return sorted({f"{marker} in {place}" for place, marker in _found(everywhere) if not _belongs(marker, place)})

    def kept(self) -> list[str]:
        """Each marker that is in a column now, whether it belongs there or not."""
        return sorted({f"{marker} in {place}" for place, marker in _found(_columns())})


def _belongs(marker: str, place: str) -> bool:
    return place in ALLOWED.get(marker, ())


def _found(everywhere: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
    """Letters of the marker itself may be large or small; an encoding is taken as it is."""
    patterns = [(marker, *forms(marker)) for marker in EVERY]
    for place, content in everywhere:
        lowered = content.lower()
        for marker, plain, *encoded in patterns:
            if plain in lowered or any(form in content for form in encoded):
                yield place, marker


def _columns() -> Iterator[tuple[str, bytes]]:
    """Every column of every table, as the database has it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's own name
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    if value is not None:
                        yield f"column:{table}.{name}", _bytes(value)


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _cached() -> Iterator[tuple[str, bytes]]:
    """Keys and values of the cache in this process."""
    for key, value in cache._cache.items():
        yield "cache", key.encode() + value
        yield "cache", repr(pickle.loads(value)).encode()  # noqa: S301 - written by this very process
