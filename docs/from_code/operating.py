"""What operators have: permissions, commands, metrics and scheduled tasks."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.core.management import find_commands, load_command_class
from django.core.management.base import BaseCommand
from prometheus_client.registry import Collector

from docs.from_code.text import definition, literal, prose, table
from proctoring import conf as exam_conf
from proctoring import tasks as exam_tasks
from proctoring.common.metrics import DELIVERIES, VENDOR_CALLS
from proctoring.common.operations import metrics
from proctoring.common.schedules import Schedule
from verify_student import conf as identity_conf
from verify_student import tasks as identity_tasks

APPS = ("proctoring", "verify_student")
TASKS: tuple[tuple[ModuleType, ModuleType], ...] = ((exam_conf, exam_tasks), (identity_conf, identity_tasks))


def permissions() -> str:
    """Those that the models name themselves."""
    rows = (
        (literal(f"{app}.{code}"), prose(str(name)), prose(str(model._meta.verbose_name)))
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for code, name in model._meta.permissions
    )
    return table("45 35 20", ("Permission", "Says", "Of a"), rows)


def usual_permissions() -> str:
    """Those that Django makes for each model."""
    rows = (
        (literal(f"{app}.…_{model._meta.model_name}"), ", ".join(model._meta.default_permissions))
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if model._meta.default_permissions
    )
    return table("60 40", ("Permission", "The first word is one of"), rows)


def commands() -> str:
    """Each command with its options. Those of the same class in both apps are one."""
    found = {name: command for app in APPS for name, command in commands_of(app)}
    return "\n".join(_command(name, command) for name, command in sorted(found.items()))


def commands_of(app: str) -> Iterator[tuple[str, BaseCommand]]:
    folder = Path(apps.get_app_config(app).path) / "management"
    return ((name, load_command_class(app, name)) for name in find_commands(str(folder)))


def collected() -> list[Any]:
    """The metrics, as they are told while nothing has happened."""
    gauges: Collector = metrics._Gauges([])
    return [VENDOR_CALLS, DELIVERIES, *gauges.collect()]


def all_metrics() -> str:
    rows = (
        (literal(_told_name(family)), kind, ", ".join(literal(label) for label in labels), prose(said))
        for family in collected()
        for kind, labels, said in [_described(family)]
    )
    return table("40 10 20 30", ("Metric", "Kind", "Labels", "Meaning"), rows)


def schedules() -> str:
    rows = (
        (literal(schedule.task), _every(schedule), schedule.if_late.label, prose(_work(schedule, tasks)))
        for conf, tasks in TASKS
        for schedule in conf.SCHEDULES
    )
    return table("40 10 15 35", ("Task", "Every", "If late", "What it does"), rows)


def _command(name: str, command: BaseCommand) -> str:
    usual = {action.dest for action in BaseCommand().create_parser("manage.py", name)._actions}
    own = [action for action in command.create_parser("manage.py", name)._actions if action.dest not in usual]
    options = "\n".join(definition(_called(action), _said(action)) for action in own)
    return definition(literal(name), f"{prose(command.help)}\n\n{options}")


def _called(action: argparse.Action) -> str:
    return ", ".join(literal(option) for option in action.option_strings or [action.dest.upper()])


def _said(action: argparse.Action) -> str:
    said = str(action.help or "").replace("%(default)s", str(action.default)).replace("%%", "%")
    return prose(said) + ("; has to be given" if action.required and action.option_strings else "")


def _told_name(family: Any) -> str:
    name = family._name if hasattr(family, "_name") else family.name
    return f"{name}_total" if _described(family)[0] == "counter" else str(name)


def _described(family: Any) -> tuple[str, tuple[str, ...], str]:
    if hasattr(family, "_name"):
        return family._type, tuple(family._labelnames), family._documentation
    return family.type, tuple(family._labelnames), family.documentation


def _every(schedule: Schedule) -> str:
    minutes = int(schedule.every.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _work(schedule: Schedule, tasks: ModuleType) -> str:
    return next(task.__doc__ for task in vars(tasks).values() if getattr(task, "name", "") == schedule.task)
