"""An app's published schema, as its first migration has it, and what the database has of it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model, QuerySet

FIRST = "0001_initial"


class Published:
    """The tables of ``label`` as of its first migration."""

    def __init__(self, label: str) -> None:
        self.label = label
        self._loader = MigrationLoader(connection)

    @cached_property
    def _apps(self) -> Any:
        return self._loader.project_state((self.label, FIRST)).apps

    @property
    def models(self) -> list[type[Model]]:
        """The models, in the order of their tables' names; each knows the published columns only."""
        ours = [model for model in self._apps.get_models() if model._meta.app_label == self.label]
        return sorted(ours, key=lambda model: model._meta.db_table)

    def rows(self, name: str) -> "QuerySet[Any]":
        """All rows of the model of that name."""
        model: type[Model] = self._apps.get_model(self.label, name)
        return model._base_manager.all()

    @property
    def recorded(self) -> list[str]:
        """The migrations of the app that the database has on record; an older site may have some of its own names."""
        return sorted(name for app, name in self._loader.applied_migrations if app == self.label)

    def missing_columns(self) -> Iterator[tuple[str, str]]:
        """Table and column of what the schema has and the database has not; an empty column for a whole table."""
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
            for model in self.models:
                table = model._meta.db_table
                if table not in tables:
                    yield table, ""
                    continue
                there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
                for field in model._meta.concrete_fields:
                    if field.column not in there:
                        yield table, str(field.column)
