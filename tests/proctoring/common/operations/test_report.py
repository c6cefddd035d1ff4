"""What apps say about operations, put together."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import AppConfig
from django.utils import translation

from proctoring.common.operations import (
    CAP,
    Count,
    Level,
    Link,
    Row,
    Section,
    Stuck,
    as_data,
    gather,
    graded,
    text_of,
    worst,
)

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class HostConfig(AppConfig):
    """An app of a host's."""

    name = "tests.proctoring.common.operations"
    label = "host"
    operations = f"{__name__}.own_report"


class BrokenConfig(HostConfig):
    operations = f"{__name__}.broken_report"


class AbsentConfig(HostConfig):
    operations = "no.such.module"


def own_report():
    row = Stuck(key="trains", what="Trains", level=Level.ATTENTION, advice="Wait.", count=Count(3), oldest=NOW)
    return [Section("host", "Host", (row,))]


def broken_report():
    raise RuntimeError("postgres://user:secret@db")


@pytest.fixture
def told(settings):
    """What is gathered from one app, and from one that has nothing to say."""

    def gathered(config):
        settings.INSTALLED_APPS = ["django.contrib.messages", f"{__name__}.{config.__name__}"]
        return gather()

    return gathered


def test_an_app_takes_part_by_naming_a_function(told):
    (report,) = told(HostConfig)
    assert (report.label, report.level) == ("host", Level.ATTENTION)
    assert [section.key for section in report.sections] == ["host"]


@pytest.mark.parametrize(("config", "code"), [(BrokenConfig, "RuntimeError"), (AbsentConfig, "ModuleNotFoundError")])
def test_an_app_that_cannot_say_anything_is_broken_and_tells_no_secrets(told, config, code, caplog):
    (report,) = told(config)
    (row,) = report.sections[0].rows
    assert (report.level, row.error_code) == (Level.BROKEN, code)
    assert "secret" not in caplog.text


def test_plain_values_for_programs(told):
    data = as_data(told(HostConfig))
    assert data["status"] == data["apps"][0]["status"] == "attention"
    assert data["apps"][0]["sections"][0]["rows"] == [
        {
            "key": "trains",
            "what": "Trains",
            "level": "attention",
            "advice": "Wait.",
            "count": 3,
            "oldest": NOW,
            "error_code": "",
        }
    ]


def test_the_worst_counts():
    assert worst([]) is Level.OK
    assert worst([Level.OK, Level.BROKEN, Level.ATTENTION]) is Level.BROKEN


@pytest.mark.parametrize(
    ("minutes", "level"), [(None, Level.OK), (5, Level.OK), (6, Level.ATTENTION), (31, Level.BROKEN)]
)
def test_what_waits_long_is_bad_and_what_waits_longer_is_worse(minutes, level):
    since = None if minutes is None else NOW - minutes * MINUTE
    assert graded(since, NOW, 5 * MINUTE, 30 * MINUTE) is level


def test_advice_is_given_where_it_is_needed():
    assert Row(key="a", what="A", advice="Run.").to_do == ""
    assert Row(key="a", what="A", advice="Run.", level=Level.BROKEN, link=Link("a.b")).to_do == "Run."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        ("", "–"),
        (Count(0), "0"),
        (Count(CAP), "10000 or more"),
        (CAP, "10000"),
        (NOW, "2026-03-04 09:30:00+00:00"),
        (timedelta(seconds=1), "1 s"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(days=1), "24 h"),
        (Level.BROKEN, "broken"),
    ],
)
def test_values_for_people(value, text):
    with translation.override("en"):
        assert text_of(value) == text


def test_rows_of_several_kinds_have_no_columns_in_common():
    row, stuck = Row(key="a", what="A"), own_report()[0].rows[0]
    assert Section("s", "S", (stuck,)).columns == Stuck.columns
    assert Section("s", "S", (row, stuck)).columns == ()
