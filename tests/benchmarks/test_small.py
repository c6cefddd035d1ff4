"""The benchmarks that need little: they run at tiny size, and say figures of the right kind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from benchmarks import operators, start, tables

ROOT = Path(__file__).resolve().parents[2]
REDIS = "redis://127.0.0.1:6379/5"


def figures_of(module, results, name, *arguments, **environment):
    """The table of the report that the benchmark writes."""
    command = [sys.executable, "-m", f"benchmarks.{module}", "--results", str(results), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return tables.read((results / f"{name}.rst").read_text())[0][1:]


def number(text):
    return float(text.replace(",", "").rstrip("%"))


@pytest.fixture
def database():
    """A database for a benchmark, on the tests' server; gone afterwards."""
    psycopg = pytest.importorskip("psycopg")
    known = connection.settings_dict
    server = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT'] or 5432}"
    name = f"bench_tests_{os.getpid()}"
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as opened:
        opened.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="needs a PostgreSQL server; `make test-services`"
)


def test_starting_costs_something_and_asks_the_database_nothing(tmp_path):
    sites = figures_of("start", tmp_path, "start", "--rounds", "1")
    assert [row[0] for row in sites] == list(start.SITES)
    seconds, mebibytes, statements, modules = ([number(row[column]) for row in sites] for column in range(1, 5))
    assert min(seconds) > 0
    assert mebibytes[-1] > mebibytes[0]
    assert modules[-1] > modules[0]
    assert statements == [0, 0, 0, 0]


def test_what_photos_need_is_not_there_from_the_start(tmp_path):
    code = "import sys; from benchmarks import starting; starting.set_up(sys.argv[1:]); sys.exit('PIL' in sys.modules)"
    command = [sys.executable, "-c", code, *start.APPS.values()]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_imports_are_added_up_by_package():
    text = "import time:       100 |        250 |   one.part\nimport time:        50 |         50 | one\nnoise\n"
    assert start.by_package(text + "import time:         7 |          7 |     two\n") == {"one": 150, "two": 7}


def test_operators_commands_are_shown_beside_one_another(tmp_path):
    for rows, rate in (("10,000", "900"), ("100,000", "3,000")):
        lines = tables.table(["Command", "Rows", "", "", ""], [["``purge``", rows, "1.0", rate, "120"]])
        tables.save(tmp_path / f"operators_{rows.replace(',', '')}.rst", lines)
    [shown] = tables.read("\n".join(operators.summary(tmp_path)))
    assert shown == [["Command", "10,000 rows", "100,000 rows"], ["``purge``", "900/s, 120 MiB", "3,000/s, 120 MiB"]]


@pytest.mark.services
@on_postgresql
def test_photos_are_handed_in(tmp_path, database):
    [row] = figures_of("photos", tmp_path, "photos", "--photos", "2", "--sizes", "640x480", DATABASE_URL=database)
    assert row[0] == "640x480"
    assert all(number(cell) > 0 for cell in row[2:5])


@pytest.mark.services
@on_postgresql
def test_rows_that_wait_are_done(tmp_path, database):
    few = ["--rows", "5", "--workers", "1", "--brokers", REDIS]
    rows = figures_of("delivery", tmp_path, "delivery", *few, DATABASE_URL=database)
    assert [row[:3] for row in rows] == [["outbox", "Redis", "1"], ["inbox", "Redis", "1"]]
    assert all(number(row[3]) > 0 for row in rows)
