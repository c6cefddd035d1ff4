"""The sections of an app that has an inbox, an outbox and scheduled tasks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from proctoring.common.contacts import AbstractContact
from proctoring.common.inbox import AbstractInboxDelivery
from proctoring.common.operations import messages
from proctoring.common.operations.contacts import contact_rows
from proctoring.common.operations.report import Row, Section
from proctoring.common.operations.timetable import run_rows
from proctoring.common.outbox import AbstractOutboxMessage, OutboxState
from proctoring.common.runs import AbstractScheduledRun
from proctoring.common.schedules import Schedule


@dataclass(frozen=True, slots=True)
class Tables:
    """The app's own."""

    inbox: type[AbstractInboxDelivery]
    outbox: type[AbstractOutboxMessage]
    contacts: type[AbstractContact]
    runs: type[AbstractScheduledRun]


def sections(
    tables: Tables,
    own: Callable[[datetime], Row],
    *,
    schedules: Iterable[Schedule],
    breakers: Mapping[str, str],
) -> list[Section]:
    """
    Stuck work, with the app's ``own`` at its end, dead letters, other machines and schedules. Six statements and those
    of ``own``, however much there is.
    """
    now = timezone.now()
    pending = messages.undone(tables.outbox, OutboxState.PENDING)
    dead = messages.undone(tables.outbox, OutboxState.DEAD)
    stuck = [*messages.inbox_rows(tables.inbox, now), *messages.outbox_rows(tables.outbox, pending, now), own(now)]
    dead_letters = messages.dead_rows(tables.outbox, dead)
    contacts = contact_rows(tables.contacts, breakers, pending=pending, dead=dead, now=now)
    return [
        Section("stuck", _("Stuck work"), tuple(stuck)),
        Section("dead", _("Dead letters"), tuple(dead_letters), nothing=_("There are none.")),
        Section("contacts", _("Vendors and other machines"), tuple(contacts), nothing=_("Nothing was sent yet.")),
        Section("schedule", _("Scheduled tasks"), tuple(run_rows(tables.runs, schedules, now))),
    ]
