"""A database of the older apps is taken over row by row, and says beforehand what is odd in it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


class OlderSite:
    """A database of its own, beside the tests'; each command is a process."""

    def __init__(self, url: str, folder: Path) -> None:
        self._environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        self._environment["DEMO_DIR"] = str(folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False, timeout=180
        )

    def do(self, what: str) -> Any:
        done = self.run("-m", "tests.adoption", what)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", *arguments)


@pytest.fixture
def site(tmp_path: Path, transactional_db: None) -> Any:
    settings, name = connection.settings_dict, f"adopted_{os.getpid()}"
    if connection.vendor == "sqlite":
        yield OlderSite(f"sqlite:///{tmp_path / 'site.sqlite3'}", tmp_path)
        return
    scheme = {"postgresql": "postgres", "mysql": "mysql"}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    who = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
    try:
        yield OlderSite(f"{scheme}://{who}@{settings['HOST']}:{settings['PORT']}/{name}", tmp_path)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def test_every_row_is_adopted_and_what_is_odd_is_told_beforehand(site: OlderSite) -> None:
    before = site.do("build")["rows"]

    checked = site.manage("check_adoption", "--json")
    assert checked.returncode == 0, checked.stderr[-3000:]
    told = {report["app"]: report for report in json.loads(checked.stdout)}
    assert told["proctoring"]["tables"]["proctoring_proctoredexamstudentattempt"] == 23
    findings = {found["what"]: found["number"] for report in told.values() for found in report["findings"]}
    assert findings == EXPECTED

    migrated = site.manage("migrate", "--fake-initial", "--verbosity", "1")
    assert migrated.returncode == 0, migrated.stderr[-3000:]

    seen = site.do("visit")
    assert seen["rows"] == before
    assert not seen["pages"]
    assert seen["visited"] > 60
    assert (seen["attempts"], seen["exams"]) == (23, 4)
    # The two whose time was over long ago were handed in; the one that never began has no clock.
    assert seen["swept"] == 2
    assert "ready_to_submit" not in seen["statuses"]
    assert [status["status"] for status in seen["identity"]] == ["pending", "approved"]


EXPECTED = {
    "exams name no vendor": 1,
    "exams name a vendor that PROCTORING_BACKENDS does not have": 2,
    "exams have no time at all": 1,
    "exams have several review policies": 1,
    "attempts have a status that there is not any more": 1,
    "attempts have no code": 1,
    "codes belong to several attempts": 1,
    "attempts are running that began more than 30 days ago": 2,
    "attempts are running that never began": 1,
    "learners have several running attempts at one exam": 1,
    "attempts end before they begin": 1,
    "reviews belong to attempts that are gone and say that they are there": 1,
    "reviews belong to no attempt, past or present": 1,
    "reviews have a result that there is not": 1,
    "reviews name no learner or no exam": 2,
    "reviews have an encrypted link to a recording": 1,
    "allowances are of a kind that there is not": 1,
    "allowances of time are no number of minutes": 1,
    "rows have a status that there is not": 1,
    "approvals have no date of their end": 1,
    "receipts belong to several verifications": 1,
    "verifications have no receipt": 1,
    "verifications were prepared and never handed to the provider": 2,
    "verifications have been waiting for a result for more than ten days": 1,
    "verifications could not be handed to the provider": 1,
    "verifications carry addresses of photos of very old releases": 1,
    "deadlines are not marked as set by a person": 1,
}


def test_tables_that_are_not_whole_are_told_and_nothing_else_is_asked(site: OlderSite) -> None:
    site.do("build")
    spoilt = (
        "from django.db import connection as c; c.cursor().execute('ALTER TABLE {0} RENAME COLUMN resumed TO again')"
    )
    table = "proctoring_proctoredexamstudentattempt"
    assert site.manage("shell", "--no-imports", "-c", spoilt.format(table)).returncode == 0

    checked = site.manage("check_adoption")

    assert checked.returncode == 1
    assert f"{table}: has no column resumed" in checked.stdout
    assert "is broken" not in checked.stderr


def test_an_empty_database_has_nothing_to_adopt(site: OlderSite) -> None:
    checked = site.manage("check_adoption")

    assert checked.returncode == 0, checked.stderr[-3000:]
    assert "Nothing to adopt" in checked.stdout
