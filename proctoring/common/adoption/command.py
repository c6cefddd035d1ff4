"""
``check_adoption``: what will be adopted of an older site's tables, and what looks broken.

An app takes part by naming its questions in its configuration: ``adoption = "app.services.adoption.questions"``.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.utils.module_loading import import_string

from proctoring.common.adoption.looking import Finding, adopted, looked_at
from proctoring.common.adoption.published import FIRST, Published
from proctoring.common.adoption.questions import Question
from proctoring.common.operations.report import Level


class CheckAdoptionCommand(BaseCommand):
    """Reads only. Exit code 1 where something is broken, and has to be mended before migrating."""

    help = "Say what of an older site's tables will be adopted, what looks broken, and what that means. Reads only."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        self.levels: Counter[Level] = Counter()
        with _read_only():
            reports = [self._app(label, questions, quiet=options["json"]) for label, questions in _taking_part()]
        if options["json"]:
            self.stdout.write(json.dumps(reports, indent=2))
            return
        broken, odd = self.levels[Level.BROKEN], self.levels[Level.ATTENTION]
        if broken:
            self.stdout.write(self.style.ERROR(f"{broken} things are broken: mend them first. {odd} more to read."))
        else:
            self.stdout.write(self.style.SUCCESS(f"Nothing is in the way. {odd} things to read above."))

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv)
        if self.levels[Level.BROKEN]:
            sys.exit(1)

    def _app(self, label: str, questions: Iterable[Question], *, quiet: bool) -> dict[str, Any]:
        published = Published(label)
        say: Callable[[str], object] = (lambda text: None) if quiet else self.stdout.write
        say(self.style.MIGRATE_HEADING(label))
        schema = list(_schema(published))
        for finding in schema:
            self._tell(finding, say)
        report: dict[str, Any] = {"app": label, "tables": {}, "findings": [asdict(found) for found in schema]}
        if schema:
            say("  The rows are looked at once the tables are whole.")
            return report
        say(f"  {_recorded(published)}")
        for table, number in adopted(published):
            report["tables"][table] = number
            say(f"  {number:>10} rows of {table} will be adopted")
        for finding in looked_at(published, questions):
            report["findings"].append(asdict(finding))
            self._tell(finding, say)
        return report

    def _tell(self, finding: Finding, say: Callable[[str], object]) -> None:
        self.levels[finding.level] += 1
        styles = {Level.OK: self.style.SUCCESS, Level.ATTENTION: self.style.WARNING, Level.BROKEN: self.style.ERROR}
        number = f"{finding.number} " if finding.number else ""
        say(styles[finding.level](f"  [{finding.level}] {finding.table}: {number}{finding.what}"))
        say(f"    {finding.meaning}")
        if finding.examples:
            say(f"    {', '.join(finding.examples)}")


def _taking_part() -> list[tuple[str, Iterable[Question]]]:
    named = [(config.label, getattr(config, "adoption", "")) for config in apps.get_app_configs()]
    return [(label, import_string(path)()) for label, path in named if path]


def _schema(published: Published) -> Iterable[Finding]:
    missing = list(published.missing_columns())
    if {table for table, column in missing if not column} == {model._meta.db_table for model in published.models}:
        yield Finding("all tables", 0, "are not there", "Nothing to adopt: migrate makes them.", Level.ATTENTION)
        return
    for table, column in missing:
        what = f"has no column {column}" if column else "is not there"
        meaning = "The older app is not at its last migration: migrate it first, or add what is missing by hand."
        yield Finding(table, 0, what, meaning, Level.BROKEN)


def _recorded(published: Published) -> str:
    if FIRST in published.recorded:
        return f"Its first migration is on record: `migrate {published.label}` goes on from there."
    command = f"migrate {published.label} --fake-initial"
    return f"Its first migration is not on record: `{command}` takes the tables as they are."


@contextmanager
def _read_only() -> Any:
    """A transaction in which nothing can be written, where the database has such, and that is rolled back anyway."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)
