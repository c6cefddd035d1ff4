"""``manage.py proctoring_status``: what operators have to know, as the page in the admin says it."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from proctoring.common.operations import AppReport, Level, Row, Section, as_data, gather, text_of, worst


class Command(BaseCommand):
    """Exit code 1 where something is broken. What somebody should look at some time is no failure."""

    help = "Say what is stuck, given up or late, and how vendors do. Exit code 1: something is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        reports = gather()
        self.level = worst(report.level for report in reports)
        if options["json"]:
            self.stdout.write(json.dumps(as_data(reports), cls=DjangoJSONEncoder, indent=2))
            return
        for report in reports:
            self._tell(report)
        self.stdout.write(self._coloured(self.level, f"Altogether: {self.level}"))

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv)
        if self.level is Level.BROKEN:
            sys.exit(1)

    def _tell(self, report: AppReport) -> None:
        for section in report.sections:
            self.stdout.write(self.style.MIGRATE_HEADING(f"{report.name}: {section.title}"))
            if not section.rows:
                self.stdout.write(f"  {section.nothing}")
            for row in section.rows:
                self.stdout.write(self._coloured(row.level, _line(section, row)))
                if row.to_do:
                    self.stdout.write(f"    {row.to_do}")
            self.stdout.write("")

    def _coloured(self, level: Level, text: str) -> str:
        styles = {Level.OK: self.style.SUCCESS, Level.ATTENTION: self.style.WARNING, Level.BROKEN: self.style.ERROR}
        return str(styles[level](text))


def _line(section: Section, row: Row) -> str:
    return f"  [{row.level}] {row.what}: {', '.join(_facts(section, row)) or '–'}"


def _facts(section: Section, row: Row) -> Iterator[str]:
    for name, heading in section.columns:
        value = getattr(row, name)
        if value not in {None, ""}:
            yield f"{heading} {text_of(value)}"
