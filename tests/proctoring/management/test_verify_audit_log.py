"""``manage.py verify_audit_log``."""

import pytest

from proctoring.common.audit import Subject
from proctoring.services import audit
from tests.proctoring.common.audit.tampering import sql
from tests.proctoring.management.shell import run
from verify_student.services import audit as identity_audit

pytestmark = pytest.mark.django_db
COMMAND = "verify_audit_log"


def heads(ended):
    return [line.removeprefix("head ") for line in ended.out.splitlines() if line.startswith("head ")]


@pytest.fixture
def logs():
    for log in (audit, identity_audit):
        for number in range(3):
            log.record("attempt.moved", Subject("attempt", number))
        log.seal()


def test_it_says_that_all_is_well_and_the_head_of_each_log(logs):
    ended = run(COMMAND)
    assert ended.code == 0
    assert heads(ended) == [f"proctoring:{audit.log.head()}", f"verify_student:{identity_audit.log.head()}"]
    assert ended.summary == "Nothing was changed behind the application's back."


def test_logs_without_entries_have_no_head():
    ended = run(COMMAND)
    assert (ended.code, heads(ended)) == (0, [])
    assert "proctoring: no entry has been sealed yet" in ended.out


def test_each_finding_has_its_line_and_the_exit_code_says_that_there_were_some(logs):
    sql("UPDATE {table} SET facts = '[]' WHERE sequence = 1")
    sql("DELETE FROM {table} WHERE sequence = 2")
    ended = run(COMMAND)
    assert ended.code == 1
    assert [line.split(": ")[:2] for line in ended.out.splitlines() if "entry" in line] == [
        ["proctoring", "entry 1"],
        ["proctoring", "entry 1"],
        ["proctoring", "entry 2"],
    ]
    assert ended.err.endswith("3 findings. docs/runbooks.rst says what to do.")


def test_heads_that_were_kept_show_that_an_end_was_cut_off(logs):
    kept = heads(run(COMMAND))
    assert run(COMMAND, expect=kept).code == 0
    sql("DELETE FROM {table} WHERE sequence = 3")
    assert run(COMMAND).code == 0
    ended = run(COMMAND, expect=kept)
    assert ended.code == 1
    assert "proctoring: entry 3: is not there" in ended.out


@pytest.mark.parametrize("head", ["", "nobody:1:" + "0" * 64, "proctoring:1", "proctoring:0:" + "0" * 64])
def test_a_head_that_is_none_is_refused(head):
    assert run(COMMAND, expect=[head]).code == 2
