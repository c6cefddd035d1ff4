"""
Ready-made groups of staff. An app's configuration says which there are, and what each may:

    staff_groups = {"Operators": ("proctoring.view_outboxmessage", ...)}

Groups of one name in several apps are one group.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction


class StaffGroupsCommand(BaseCommand):
    """
    Makes the groups, and gives each what it lacks; what a site has added to them, and who is in them, stays.

    Permissions are made first, so that the command can run in the same deployment as the migrations, or before them in
    a database that has the tables already.
    """

    help = "Make the groups of staff that the apps propose, and give each the permissions that it lacks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", "--dry_run", action="store_true", help="say what would be done, change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            for config in _with_groups():
                create_permissions(config, verbosity=0)
            for name, permissions in proposed().items():
                self._make(name, permissions)
            if options["dry_run"]:
                transaction.set_rollback(True)
        if options["dry_run"]:
            self.stdout.write("Dry run, nothing was changed.")

    def _make(self, name: str, permissions: Iterable[str]) -> None:
        group, is_new = Group.objects.get_or_create(name=name)
        wanted = _found(permissions)
        had = set(group.permissions.values_list("pk", flat=True))
        lacking = {full: found for full, found in wanted.items() if found.pk not in had}
        group.permissions.add(*lacking.values())
        self.stdout.write(f"{name}: {'made' if is_new else 'there'}, {len(lacking)} permissions added.")
        for full in sorted(lacking):
            self.stdout.write(f"  {full}")


def proposed() -> Mapping[str, list[str]]:
    """Group -> full names of its permissions, in all the apps that propose some."""
    groups: dict[str, list[str]] = {}
    for config in _with_groups():
        for name, permissions in config.staff_groups.items():
            groups.setdefault(name, []).extend(permissions)
    return groups


def _with_groups() -> list[Any]:
    return [config for config in apps.get_app_configs() if hasattr(config, "staff_groups")]


def _found(permissions: Iterable[str]) -> dict[str, Permission]:
    """Permissions by their full names, in that order."""
    wanted = dict.fromkeys(permissions)
    codenames = {full.partition(".")[2] for full in wanted}
    known = Permission.objects.filter(codename__in=codenames).select_related("content_type").order_by("-pk")
    # The oldest one counts where a model was renamed and left a second one behind: a name is all that is asked for.
    by_name = {f"{one.content_type.app_label}.{one.codename}": one for one in known}
    missing = sorted(wanted.keys() - by_name.keys())
    if missing:
        raise CommandError(f"There is no permission {', '.join(missing)}.")
    return {full: by_name[full] for full in wanted}
