"""Tables of what has to run again and again."""

import subprocess
import sys
from datetime import timedelta

from celery.schedules import crontab, schedule

from proctoring.common.operations import Level
from proctoring.common.schedules import Schedule, as_configured, beat

SWEEP = Schedule("app.sweep", timedelta(minutes=1), Level.BROKEN)
PURGE = Schedule("app.purge", timedelta(hours=1))
BARE = "from proctoring.conf import BEAT as one; from verify_student.conf import BEAT as two; print(len(one | two))"


def test_entries_for_a_beat():
    assert beat([SWEEP]) == {"app.sweep": {"task": "app.sweep", "schedule": timedelta(minutes=1)}}


def test_a_settings_module_may_import_them_before_there_are_settings():
    done = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("14", "")


def test_the_sites_own_intervals_count():
    entries = {
        "one": {"task": "app.sweep", "schedule": 30},
        "two": {"task": "app.purge", "schedule": schedule(timedelta(days=1))},
        "three": {"task": "somebody.else", "schedule": 1.0},
    }
    assert as_configured([SWEEP, PURGE], entries) == [
        Schedule("app.sweep", timedelta(seconds=30), Level.BROKEN),
        Schedule("app.purge", timedelta(days=1)),
    ]


def test_what_has_no_interval_leaves_the_recommended_one():
    entries = {"two": {"task": "app.purge", "schedule": crontab(hour=3)}, "one": {}}
    assert as_configured([SWEEP, PURGE], entries) == [SWEEP, PURGE]
