"""Rows that wait, workers that do them, and how long that took."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from celery import Celery
from django.core.management import call_command
from django.db import connection
from django.db.models import Max, Min, Model, QuerySet
from django.utils import timezone
from kombu import Connection, Exchange, Queue

from benchmarks.web import course as seeded
from benchmarks.web import work
from benchmarks.web.course import VENDOR, Course
from benchmarks.web.work import Work
from demo.running import BASE_DIR
from proctoring.common import inbox
from proctoring.common.inbox import Envelope, InboxState
from proctoring.common.outbox import OutboxState
from proctoring.conf import config
from proctoring.models import InboxDelivery, OutboxMessage
from proctoring.services.mail import DESTINATION, KIND

SECONDS_TO_START, SECONDS_TO_DRAIN = 120, 300
A_PASS = 500
OUTBOX, INBOX = "outbox", "inbox"


class NotDrained(Exception):
    """Workers did not come up, or did not get through; the text says which."""


@dataclass(frozen=True)
class Drain:
    """So many ``workers`` take ``rows`` of the table ``what`` from ``broker``."""

    what: str
    broker: str
    workers: int
    rows: int
    queue: str
    folder: Path


@dataclass(frozen=True)
class Done:
    """``seconds`` from the first row that was done to the last."""

    seconds: float
    work: Work


def drained(drain: Drain) -> Done:
    """Seed, have it done, and look when each row was. Raises :class:`NotDrained`."""
    call_command("flush", interactive=False, verbosity=0)
    course = Course(attempts=100, spare=drain.rows)
    seeded.seed(course)
    seeded.seed_pools(course)
    fill, send, waiting, stamp = CASES[drain.what]
    waited = fill(course)
    client = _client(drain)
    with _own_queue(drain.broker, drain.queue), _working(drain, client):
        before = work.so_far(os.getpid())
        send(waited, client)
        _wait(waiting)
        spent = work.so_far(os.getpid()) - before
    times = waiting.model._default_manager.filter(pk__in=waited).aggregate(first=Min(stamp), last=Max(stamp))
    connection.close()
    return Done((times["last"] - times["first"]).total_seconds(), spent)


def _client(drain: Drain) -> Celery:
    # Celery believes the environment more than whoever makes the application.
    os.environ.pop("CELERY_BROKER_URL", None)
    client = Celery("bench", broker=drain.broker, set_as_current=False)
    client.conf.task_default_queue = drain.queue
    return client


def _mails(course: Course) -> list[int]:
    messages = [
        OutboxMessage(
            kind=KIND,
            destination=DESTINATION,
            stream=f"mail:{attempt}",
            payload={"attempt_id": attempt, "status": "submitted"},
        )
        for _, attempt in course.pool(seeded.REVIEW)
    ]
    return [message.pk for message in OutboxMessage.objects.bulk_create(messages)]


def _send_mails(ids: list[int], client: Celery) -> None:
    # One task each, as after so many commits.
    for number in ids:
        client.send_task("proctoring.deliver_messages", args=[[number]], ignore_result=True)


def _reviews(course: Course) -> list[int]:
    body = json.dumps({"status": "passed", "comments": []}).encode()
    envelopes = (
        Envelope(VENDOR, "review", f"bench-{attempt}", body, delivery_id=f"bench-{attempt}")
        for _, attempt in course.pool(seeded.REVIEW)
    )
    ids = [inbox.store(InboxDelivery, envelope, config.keyring).pk for envelope in envelopes]
    # As of a process that died while it received them.
    InboxDelivery.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    return ids


def _send_passes(ids: list[int], client: Celery) -> None:
    # A pass is for so many rows; there are always more passes than workers.
    for _ in range(len(ids) // A_PASS + 8):
        client.send_task("proctoring.apply_due_callbacks", ignore_result=True)


Case = tuple[Callable[[Course], list[int]], Callable[[list[int], Celery], None], "QuerySet[Model]", str]
CASES: Mapping[str, Case] = {
    OUTBOX: (_mails, _send_mails, OutboxMessage.objects.filter(state=OutboxState.PENDING, kind=KIND), "done_at"),
    INBOX: (
        _reviews,
        _send_passes,
        InboxDelivery.objects.filter(state__in=[InboxState.RECEIVED, InboxState.FAILED]),
        "handled_at",
    ),
}


def _wait(waiting: "QuerySet[Model]") -> None:
    until = time.monotonic() + SECONDS_TO_DRAIN
    while waiting.all().exists():
        if time.monotonic() > until:
            raise NotDrained(f"{waiting.count()} rows are left.")
        time.sleep(0.2)


@contextmanager
def _own_queue(url: str, name: str) -> Iterator[None]:
    try:
        yield
    finally:
        with Connection(url) as broker:
            Queue(name, Exchange(name))(broker.default_channel).delete()
            Exchange(name)(broker.default_channel).delete()


@contextmanager
def _working(drain: Drain, client: Celery) -> Iterator[None]:
    names = [f"bench{number}@bench-{os.getpid()}" for number in range(drain.workers)]
    # Connections to the database last, as on a busy site: these settings say so.
    env = {**os.environ, "CELERY_BROKER_URL": drain.broker, "CELERY_QUEUE": drain.queue}
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "CRITICAL"]
    command = [sys.executable, "-m", "celery", "-A", "demo", "worker", "--pool", "solo", *alone, "--hostname"]
    with (drain.folder / "workers.log").open("ab") as log:
        started = [
            subprocess.Popen([*command, name], cwd=BASE_DIR, env=env, stdout=log, stderr=subprocess.STDOUT)
            for name in names
        ]
        try:
            _wait_for(names, client)
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=60)


def _wait_for(names: list[str], client: Celery) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while len(client.control.ping(destination=names, timeout=1.0) or []) < len(names):
        if time.monotonic() > until:
            raise NotDrained("The workers do not come up.")
