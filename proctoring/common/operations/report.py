"""
Reports on operations: apps have sections, sections have rows, and each row has a level and says what to do.

An app takes part by naming a function in its configuration: ``operations = "app.services.status.report"``. It is called
without arguments, and returns its sections. A host's own apps may do the same.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

logger = logging.getLogger(__name__)

# Rows are counted up to here: nobody has to know how many more there are, and no table is read to its end.
CAP = 10_000

Column = tuple[str, str | Promise]


class Level(StrEnum):
    """``ATTENTION``: somebody should look when there is time. ``BROKEN``: work is not being done."""

    OK = "ok"
    ATTENTION = "attention"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        """The level in the active language."""
        return {Level.OK: _("ok"), Level.ATTENTION: _("attention"), Level.BROKEN: _("broken")}[self]

    @property
    def rank(self) -> int:
        """0, 1 and 2; the worse, the higher."""
        return list(Level).index(self)


class Count(int):
    """A number of rows, which is ``CAP`` at most."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where rows can be looked at: the admin's list of ``model`` (``app.model``), filtered by ``query``."""

    model: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One thing to look at. ``key`` is for programs and stays what it is, ``what`` is for people; ``advice`` says what to
    do, should there be something to do. Subclasses name their further fields in ``columns``.
    """

    columns: ClassVar[tuple[Column, ...]] = ()

    key: str
    what: str
    level: Level = Level.OK
    advice: str = ""
    link: Link | None = None

    @property
    def to_do(self) -> str:
        """The advice, where it is needed."""
        return "" if self.level is Level.OK else self.advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck(Row):
    """Work that waits."""

    columns = (
        ("count", gettext_lazy("number")),
        ("oldest", gettext_lazy("oldest")),
        ("error_code", gettext_lazy("last error")),
    )

    count: Count
    oldest: datetime | None = None
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind. ``nothing`` is said where there are none."""

    key: str
    title: str
    rows: tuple[Row, ...]
    nothing: str = ""

    @property
    def level(self) -> Level:
        return worst(row.level for row in self.rows)

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the rows have in common, beside what every row has."""
        kinds = {type(row).columns for row in self.rows}
        return kinds.pop() if len(kinds) == 1 else ()


@dataclass(frozen=True, slots=True)
class AppReport:
    """What one app says."""

    label: str
    name: str
    sections: tuple[Section, ...]

    @property
    def level(self) -> Level:
        return worst(section.level for section in self.sections)


def worst(levels: Iterable[Level]) -> Level:
    """The worst of the levels; where there are none, all is well."""
    return max(levels, key=lambda level: level.rank, default=Level.OK)


def graded(since: datetime | None, now: datetime, attention: timedelta, broken: timedelta | None = None) -> Level:
    """How bad it is that something has been waiting since then."""
    if since is None or now - since <= attention:
        return Level.OK
    return Level.BROKEN if broken is not None and now - since > broken else Level.ATTENTION


def gather() -> list[AppReport]:
    """What every installed app says. One that cannot is told of as broken, and hides no other."""
    named = [(app, getattr(app, "operations", "")) for app in apps.get_app_configs()]
    return [AppReport(app.label, str(app.verbose_name), _sections(app.label, path)) for app, path in named if path]


def as_data(reports: Iterable[AppReport]) -> dict[str, Any]:
    """The same as plain values, for programs."""
    told = list(reports)
    return {
        "status": worst(report.level for report in told),
        "apps": [
            {
                "app": report.label,
                "status": report.level,
                "sections": [
                    {"key": section.key, "status": section.level, "rows": [_plain(row) for row in section.rows]}
                    for section in report.sections
                ],
            }
            for report in told
        ],
    }


def text_of(value: Any) -> str:
    """A field of a row, for people, in the active language."""
    match value:
        case None | "":
            return "–"
        case Count() if value >= CAP:
            return _("%(number)d or more") % {"number": CAP}
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case timedelta():
            return _duration(value.total_seconds())
    return str(getattr(value, "label", value))


def _duration(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:g} s"


def _plain(row: Row) -> dict[str, Any]:
    values = {one.name: getattr(row, one.name) for one in fields(row) if one.name != "link"} | {"advice": row.to_do}
    return {name: value.total_seconds() if isinstance(value, timedelta) else value for name, value in values.items()}


def _sections(label: str, path: str) -> tuple[Section, ...]:
    try:
        report: Callable[[], Iterable[Section]] = import_string(path)
        return tuple(report())
    # An app is a stranger's, and so may be what is wrong with the database.
    except Exception as error:
        logger.error("A report on operations failed: app=%s error=%s", label, type(error).__name__)
        return (_failed(type(error).__name__),)


def _failed(error_code: str) -> Section:
    row = Stuck(
        key="report",
        what=_("This report"),
        level=Level.BROKEN,
        advice=_("It could not be made. The database may be away; the log says more."),
        count=Count(1),
        error_code=error_code,
    )
    return Section("report", _("Report"), (row,))
