"""Memory of the processes, and what waits in the tables and at the broker."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Model
from kombu import Connection

from benchmarks.soak.people import code_of
from proctoring.common.inbox import InboxState
from proctoring.common.outbox import OutboxState
from proctoring.models import InboxDelivery, OutboxMessage, ProctoredExamStudentAttempt
from verify_student.models import InboxDelivery as Result
from verify_student.models import OutboxMessage as IdentityMessage

PROC = Path("/proc")
KIBIBYTES = 1024
WAITING, DEAD, UNDONE, REFUSED, UNDECIDED = (
    "messages that wait",
    "dead letters",
    "callbacks that are not applied",
    "callbacks that were refused",
    "attempts that were handed in and not decided",
)


def memory() -> dict[str, float]:
    """MiB that each web and worker process, beat and the simulator hold; of Linux."""
    web = 0
    found = {}
    for process, command in sorted(_descendants(os.getpid())):
        name = _name(command)
        if name == "web":
            # The first one only starts and watches the others.
            name = f"web {web}" if web else "web, master"
            web += 1
        if name and (held := _resident(process)):
            found[name] = held
    return found


def depths(queue: str) -> dict[str, int]:
    """How much waits now: in the outboxes, in the inboxes, at the broker."""
    return {
        "outbox": _count(OutboxMessage, OutboxState.PENDING) + _count(IdentityMessage, OutboxState.PENDING),
        "inbox": _count(InboxDelivery, InboxState.RECEIVED, InboxState.FAILED) + _count(Result, InboxState.RECEIVED),
        "broker": _at_broker(queue),
    }


def left() -> dict[str, int]:
    """What ought to be nothing once all is done."""
    return {
        WAITING: _count(OutboxMessage, OutboxState.PENDING) + _count(IdentityMessage, OutboxState.PENDING),
        DEAD: _count(OutboxMessage, OutboxState.DEAD) + _count(IdentityMessage, OutboxState.DEAD),
        UNDONE: _count(InboxDelivery, InboxState.RECEIVED, InboxState.FAILED),
        REFUSED: _count(InboxDelivery, InboxState.REFUSED) + _count(Result, InboxState.REFUSED),
        UNDECIDED: _unreviewed(),
    }


def _unreviewed() -> int:
    # Those whose essay is reviewed begin with an attempt that was handed in.
    learners = ProctoredExamStudentAttempt.objects.filter(user__username__startswith="soak", status="submitted")
    return learners.exclude(attempt_code__startswith=code_of("")).count()


def _count(model: type[Model], *states: str) -> int:
    return model._default_manager.filter(state__in=states).count()


def _at_broker(queue: str) -> int:
    with Connection(settings.CELERY_BROKER_URL) as broker:
        return int(broker.default_channel.queue_declare(queue, passive=True).message_count)


def _descendants(process: int) -> Iterator[tuple[int, str]]:
    try:
        children = [
            int(child)
            for thread in (PROC / str(process) / "task").iterdir()
            for child in (thread / "children").read_text().split()
        ]
    except OSError:
        return
    for child in children:
        try:
            yield child, (PROC / str(child) / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        yield from _descendants(child)


def _name(command: str) -> str:
    if "honcho" in command:
        return ""
    if "gunicorn" in command:
        return "web"
    if "celery" in command:
        return "beat" if " beat " in command else command.partition("--hostname ")[2].partition("@")[0]
    return "simulator" if "demo.simulator" in command else ""


def _resident(process: int) -> float:
    try:
        status = (PROC / str(process) / "status").read_text()
    except OSError:
        return 0.0
    return int((status.partition("VmRSS:")[2].split() or ["0"])[0]) / KIBIBYTES
