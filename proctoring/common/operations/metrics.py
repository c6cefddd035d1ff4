"""
All metrics of ours: what was counted, and what the report on operations says at the time somebody asks.

With ``PROMETHEUS_MULTIPROC_DIR`` set, what all processes of this machine have counted is told, as prometheus_client
documents it.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from proctoring.common.metrics import DELIVERIES, PREFIX, VENDOR_CALLS
from proctoring.common.operations.contacts import Contact
from proctoring.common.operations.keys import Key
from proctoring.common.operations.messages import DeadLetters
from proctoring.common.operations.report import AppReport, Row, Stuck
from proctoring.common.operations.timetable import Run

MULTIPROC = "PROMETHEUS_MULTIPROC_DIR"
FORMAT = "text/plain; version=0.0.4; charset=utf-8"

# By the kind of row: the name of a metric, what it says, and the field that has its value.
GAUGES: dict[type[Row], tuple[tuple[str, str, str], ...]] = {
    Stuck: (
        ("stuck", "Work that waits or failed, up to a bound.", "count"),
        ("stuck_oldest_timestamp_seconds", "Since when the oldest of it does.", "oldest"),
    ),
    DeadLetters: (("dead_letters", "Messages that were given up, up to a bound.", "count"),),
    Contact: (
        ("contact_waiting_messages", "Messages that wait for a machine, up to a bound.", "waiting"),
        ("contact_last_success_timestamp_seconds", "When a machine last did what it was asked to.", "succeeded_at"),
        ("contact_last_failure_timestamp_seconds", "When a machine last did not.", "failed_at"),
    ),
    Key: (("stored_under_key", "What is stored under a key, up to a bound.", "count"),),
    Run: (
        ("task_interval_seconds", "How often a task should run.", "every"),
        ("task_last_start_timestamp_seconds", "When a task was last started.", "started_at"),
        ("task_last_success_timestamp_seconds", "When a task last finished well.", "succeeded_at"),
        ("task_last_done", "How much the last run did.", "done"),
    ),
}
# By the kind of row: the labels that say which one it is, and the fields that have them.
LABELS: dict[type[Row], dict[str, str]] = {
    Stuck: {"work": "key"},
    DeadLetters: {"destination": "destination", "kind": "kind"},
    Contact: {"name": "key"},
    Key: {"stored": "stored", "key": "key_id"},
    Run: {"task": "key"},
}


def rendered(reports: Iterable[AppReport]) -> bytes:
    """All metrics of ours, in ``FORMAT``."""
    registry = CollectorRegistry()
    if MULTIPROC in os.environ:
        registry.register(_OursOfAll())
    else:
        registry.register(VENDOR_CALLS)
        registry.register(DELIVERIES)
    registry.register(_Gauges(reports))
    return generate_latest(registry)


class _OursOfAll(Collector):
    """What all processes have counted, without what the host counts there."""

    def collect(self) -> Iterator[Metric]:
        everything: Collector = MultiProcessCollector(None)  # type: ignore[no-untyped-call]
        return (metric for metric in everything.collect() if metric.name.startswith(PREFIX))


class _Gauges(Collector):
    def __init__(self, reports: Iterable[AppReport]) -> None:
        self._rows = [
            (report.label, section.key, row)
            for report in reports
            for section in report.sections
            for row in section.rows
        ]

    def collect(self) -> Iterator[Metric]:
        yield self._levels()
        for kind, gauges in GAUGES.items():
            rows = [(app, row) for app, _, row in self._rows if type(row) is kind]
            for name, said, field in gauges:
                values = [(app, row, getattr(row, field)) for app, row in rows]
                yield _gauge(f"{PREFIX}{name}", said, LABELS[kind], values)

    def _levels(self) -> Metric:
        family = GaugeMetricFamily(
            f"{PREFIX}level", "0: ok, 1: somebody should look, 2: broken.", labels=["app", "section", "row"]
        )
        for app, section, row in self._rows:
            family.add_metric([app, section, row.key], row.level.rank)
        return family


def _gauge(name: str, said: str, labels: dict[str, str], values: list[tuple[str, Row, Any]]) -> Metric:
    family = GaugeMetricFamily(name, said, labels=["app", *labels])
    for app, row, value in values:
        if value is not None:
            family.add_metric([app, *(str(getattr(row, field)) for field in labels.values())], _number(value))
    return family


def _number(value: Any) -> float:
    match value:
        case datetime():
            return value.timestamp()
        case timedelta():
            return value.total_seconds()
    return float(value)
