"""
Questions that are asked with every poll and every move: put into SQL once, and from then on only asked.

Django writes a query anew each time, which takes a processor longer than the database takes to find a row by its key.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone

Row = TypeVar("Row")
# Beyond it no database has a key.
LARGEST = 2**63 - 1
# What nobody asks about: where they turn up in the statement, values go.
STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: -2_000_000_011 - place,
    str: lambda place: f"\x01{place}\x01",
    datetime: lambda place: timezone.now().replace(1900 + place, 1, 1, 0, 0, 0, 0),
}


@dataclass(frozen=True)
class _Statement:
    compiler: Any
    sql: str
    parameters: Sequence[Any]
    # Which value goes where in ``parameters``.
    places: Sequence[tuple[int, int]]
    # How the database's columns become values.
    converters: Any

    def asked_with(self, values: Sequence[Any], using: str) -> Any:
        """A compiler that has done its work, for whoever turns rows into something."""
        ready, parameters = copy(self.compiler), list(self.parameters)
        for at, place in self.places:
            parameters[at] = values[place]
        ready.connection = connections[using]
        ready.as_sql = lambda *_args, **_kwargs: (self.sql, tuple(parameters))
        ready.get_converters = lambda _expressions: self.converters
        return ready


class Prepared(Generic[Row]):
    """
    A query that is always the same but for some values that columns are compared with.

    ``build`` makes it from as many values as there are ``kinds`` (``int``, ``str``, ``datetime``), and may use each
    more than once; what it says besides must not depend on settings or the time. Calling it with values gives a list of
    what the query gives: rows, tuples, or single values. None is no value here, and nothing is prefetched.
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, Row]"], *kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._queryset: QuerySet[Any, Row] | None = None
        self._statements: dict[str, _Statement] = {}

    def __call__(self, *values: Any) -> list[Row]:
        # Models exist by now; they need not where this was made.
        if self._queryset is None:
            self._queryset = self._build(*self._stand_ins())
        using = self._queryset.db
        if self._queryset.query.select_for_update and not connections[using].in_atomic_block:
            raise TransactionManagementError("Rows are held by a transaction, and there is none.")
        wanted = self._as_parameters(values, using)
        if any(isinstance(value, int) and not -LARGEST <= value <= LARGEST for value in wanted):
            return []
        if using not in self._statements:
            self._statements[using] = self._prepare(self._queryset, using)
        compiler = self._statements[using].asked_with(wanted, using)
        # What the ways to read rows look at; a copy of the query itself would be the most expensive part.
        asked: Any = SimpleNamespace(
            query=SimpleNamespace(get_compiler=lambda *_args, **_kwargs: compiler),
            db=using,
            model=self._queryset.model,
            _known_related_objects={},
        )
        rows: Any = self._queryset
        return list(rows._iterable_class(asked))

    def _stand_ins(self) -> list[Any]:
        return [STAND_INS[kind](place) for place, kind in enumerate(self._kinds)]

    def _as_parameters(self, values: Sequence[Any], using: str) -> list[Any]:
        """As the database's driver wants them. Raises what cannot be converted raises."""
        moment = connections[using].ops.adapt_datetimefield_value
        kinds = zip(self._kinds, values, strict=True)
        return [moment(value) if kind is datetime else kind(value) for kind, value in kinds]

    def _prepare(self, queryset: "QuerySet[Any, Row]", using: str) -> _Statement:
        compiler = queryset.query.get_compiler(using=using)
        sql, parameters = compiler.as_sql()
        place_of = {stand_in: place for place, stand_in in enumerate(self._as_parameters(self._stand_ins(), using))}
        places = [(at, place_of[one]) for at, one in enumerate(parameters) if one in place_of]
        if {place for _at, place in places} != set(range(len(self._kinds))):
            raise TypeError("A value does not turn up in the statement.")
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        return _Statement(compiler, sql, parameters, places, converters)


class PreparedForPage(Generic[Row]):
    """
    As :class:`Prepared`; the last value is a collection of numbers, as many as a page has rows. Of more than that the
    query is asked as it is.
    """

    SIZE = 25

    def __init__(self, build: Callable[..., "QuerySet[Any, Row]"], *kinds: type) -> None:
        self._build, fixed = build, len(kinds)
        numbers = [int] * self.SIZE
        self._prepared = Prepared(lambda *values: build(*values[:fixed], values[fixed:]), *kinds, *numbers)

    def __call__(self, *values: Any) -> list[Row]:
        *others, numbers = values
        if not numbers:
            return []
        if len(numbers) > self.SIZE:
            return list(self._build(*others, numbers))
        # Some of them more than once.
        return self._prepared(*others, *numbers, *[next(iter(numbers))] * (self.SIZE - len(numbers)))
