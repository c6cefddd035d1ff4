"""What Prometheus is told."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from proctoring.common.operations import AppReport, Count, Level, Row, Section, Stuck
from proctoring.common.operations.contacts import Contact
from proctoring.common.operations.messages import DeadLetters
from proctoring.common.operations.metrics import rendered
from proctoring.common.operations.timetable import Run

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
ROWS = (
    Stuck(key="inbox.failed", what="Failed", level=Level.ATTENTION, count=Count(3), oldest=NOW),
    Stuck(key="inbox.waiting", what="Waiting", count=Count(0)),
    DeadLetters(
        key="mail.mail.status", what="mail.status", destination="mail", kind="mail.status", count=Count(2),
        oldest=NOW, error_code="Timeout", level=Level.BROKEN,
    ),
    Contact(key="vendor", what="vendor", waiting=Count(1), dead=Count(0), succeeded_at=NOW),
    Run(key="app.sweep", what="app.sweep", every=timedelta(minutes=1), started_at=NOW, done=4),
    Row(key="own", what="A host's own"),
)  # fmt: skip
REPORT = AppReport("app", "App", (Section("s", "S", ROWS),))
COUNT_IN_A_PROCESS = """
from proctoring.common.metrics import DELIVERIES, VENDOR_CALLS
from prometheus_client import Counter
Counter("host_logins", "Somebody else's.").inc()
DELIVERIES.labels("app", "mail.status", "done").inc(3)
VENDOR_CALLS.labels("vendor.example", "2xx").observe(0.2)
"""
TELL = """
import django
django.setup()
from proctoring.common.operations.metrics import rendered
print(rendered([]).decode())
"""


def samples(text):
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_the_report_in_numbers():
    told = samples(rendered([REPORT]).decode())
    wanted = {
        ("proctoring_level", "app", "inbox.failed", "s"): 1,
        ("proctoring_level", "app", "mail.mail.status", "s"): 2,
        ("proctoring_level", "app", "own", "s"): 0,
        ("proctoring_stuck", "app", "inbox.failed"): 3,
        ("proctoring_stuck_oldest_timestamp_seconds", "app", "inbox.failed"): NOW.timestamp(),
        ("proctoring_dead_letters", "app", "mail", "mail.status"): 2,
        ("proctoring_contact_waiting_messages", "app", "vendor"): 1,
        ("proctoring_contact_last_success_timestamp_seconds", "app", "vendor"): NOW.timestamp(),
        ("proctoring_task_interval_seconds", "app", "app.sweep"): 60,
        ("proctoring_task_last_start_timestamp_seconds", "app", "app.sweep"): NOW.timestamp(),
        ("proctoring_task_last_done", "app", "app.sweep"): 4,
    }
    assert {key: told.get(key) for key in wanted} == wanted


def test_what_is_not_known_is_not_told():
    told = samples(rendered([REPORT]).decode())
    assert ("proctoring_stuck_oldest_timestamp_seconds", "app", "inbox.waiting") not in told
    assert ("proctoring_contact_last_failure_timestamp_seconds", "app", "vendor") not in told


@pytest.fixture
def processes(tmp_path):
    """Runs programs one after the other, whose counts are kept in files."""

    def run(program):
        environment = {
            "PATH": os.environ["PATH"],
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    return run


def test_with_several_processes_one_tells_what_all_have_counted_and_nothing_of_the_hosts(processes):
    processes(COUNT_IN_A_PROCESS)
    processes(COUNT_IN_A_PROCESS)
    told = samples(processes(TELL))
    assert told["proctoring_outbox_deliveries_total", "app", "mail.status", "done"] == 6
    assert told["proctoring_vendor_call_seconds_count", "vendor.example", "2xx"] == 2
    assert not [key for key in told if key[0].startswith("host")]
