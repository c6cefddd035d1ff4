"""What operators have to know of this app; see ``common.operations``."""

from datetime import datetime, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from proctoring.backends import configured_names, provider_named
from proctoring.common.http import HttpClient, breaker_state
from proctoring.common.operations import CAP, Count, Link, Section, Stuck, graded
from proctoring.common.operations.keys import keys_section, payloads
from proctoring.common.operations.usual import Tables, sections
from proctoring.conf import config
from proctoring.models import Contact, InboxDelivery, OutboxMessage, ProctoredExamStudentAttempt, ScheduledRun
from proctoring.statuses import IN_PROGRESS
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

# Each attempt is closed within a minute or two of its end.
OVERDUE, LONG_OVERDUE = timedelta(minutes=5), timedelta(minutes=15)
TABLES = Tables(InboxDelivery, OutboxMessage, Contact, ScheduledRun)


def report() -> list[Section]:
    """The app's sections. Eight statements, however much there is."""
    usual = sections(TABLES, _overdue_attempts, schedules=config.schedules, breakers=_breakers())
    return [*usual, keys_section(lambda: config.keyring, [payloads(InboxDelivery)])]


def _overdue_attempts(now: datetime) -> Stuck:
    overdue = ProctoredExamStudentAttempt.objects.filter(status__in=IN_PROGRESS, deadline_at__lt=now)
    ends = list(overdue.order_by("deadline_at").values_list("deadline_at", flat=True)[:CAP])
    oldest = ends[0] if ends else None
    return Stuck(
        key="attempts.overdue",
        what=_("Attempts that run although their time is over"),
        level=graded(oldest, now, OVERDUE, LONG_OVERDUE),
        advice=_("See whether proctoring.expire_overdue_attempts runs, and what its log says."),
        link=Link("proctoring.proctoredexamstudentattempt", {"status": Status.started}),
        count=Count(len(ends)),
        oldest=oldest,
    )


def _breakers() -> dict[str, str]:
    """The circuit breaker of each configured vendor, in this process; empty for one that has none, or is broken."""
    return {name: _breaker(name) for name in configured_names()}


def _breaker(name: str) -> str:
    try:
        client = getattr(provider_named(name), "http", None)
    except (NotImplementedError, ImproperlyConfigured):
        return ""
    return breaker_state(client.name) if isinstance(client, HttpClient) else ""
