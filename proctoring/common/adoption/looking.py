"""Asking an app's questions of a database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from proctoring.common.adoption.published import Published
from proctoring.common.adoption.questions import Question
from proctoring.common.operations.report import Level

# So many values of a column are shown.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """``number`` rows of ``table`` for which ``what`` holds; ``examples`` are ids, or values with their numbers."""

    table: str
    number: int
    what: str
    meaning: str
    level: Level
    examples: tuple[str, ...] = ()


def adopted(published: Published) -> Iterator[tuple[str, int]]:
    """Each table and its rows."""
    for model in published.models:
        yield model._meta.db_table, model._base_manager.count()


def looked_at(published: Published, questions: Iterable[Question]) -> Iterator[Finding]:
    """What was found, question by question; nothing for questions about which there is nothing to say."""
    for question in questions:
        every = published.rows(question.model)
        rows = question.rows(every, published.rows)
        number = rows.count()
        if number:
            yield Finding(
                table=every.model._meta.db_table,
                number=number,
                what=question.what,
                meaning=question.meaning,
                level=question.level,
                examples=tuple(_examples(rows, question.by)),
            )


def _examples(rows: Any, by: str) -> Iterator[str]:
    if by:
        counted = rows.order_by().values_list(by).annotate(times=Count("pk")).order_by("-times", by)
        for value, times in counted[:SHOWN]:
            yield f"{value!r}: {times}"
    elif "times" not in rows.query.annotations:
        yield from (f"id {pk}" for pk in rows.order_by("pk").values_list("pk", flat=True)[:SHOWN])
