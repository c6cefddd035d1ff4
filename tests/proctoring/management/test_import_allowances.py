"""``manage.py import_allowances``."""

import io

import pytest
from django.core.management import CommandError, call_command

from proctoring.models import ProctoredExamStudentAllowance
from tests.factories import COURSE_ID, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
TIME = "additional_time_granted"


@pytest.fixture
def ann():
    return UserFactory(username="ann")


@pytest.fixture
def exam():
    return ExamFactory()


@pytest.fixture
def file(tmp_path):
    def written(*lines, encoding="utf-8"):
        path = tmp_path / "allowances.csv"
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding, "surrogateescape"))
        return str(path)

    return written


def run(*arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_allowances", *arguments, stdout=out, stderr=err, no_color=True, **options)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() or str(error)
    return 0, out.getvalue(), err.getvalue()


def stored():
    return list(ProctoredExamStudentAllowance.objects.order_by("pk").values_list("key", "value"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_grants_what_the_file_says_and_changes_nothing_the_second_time(ann, exam, file, encoding):
    lines = file("course_id,exam,user,key,value", f"{COURSE_ID},{exam.pk},ann,note,é", encoding=encoding)
    assert run(lines) == (0, "1 created.\n", "")
    assert stored() == [("note", "é")]
    assert run(lines) == (0, "1 unchanged.\n", "")


def test_a_dry_run_changes_nothing(ann, exam, file):
    lines = file("exam,user,key,value", f"{exam.pk},ann,{TIME},5")
    assert run(lines, "--course-id", COURSE_ID, "--dry-run") == (0, "Dry run, nothing was changed: 1 created.\n", "")
    assert stored() == []


def test_lines_that_make_no_sense_are_told_by_number_and_the_rest_is_done(ann, exam, file):
    lines = file(
        "exam,user,key,value",
        f"{exam.pk},nobody@example.com,{TIME},5",
        f"{exam.pk},ann\udcff,{TIME},5",
        f"{exam.pk},ann,{TIME},5",
    )
    code, out, err = run(lines, course_id=COURSE_ID, batch_size="1")
    assert (code, out) == (1, "1 created, 2 lines refused.\n")
    assert err.splitlines() == [
        "Line 2: There is no such learner.",
        "Line 3: There are characters that cannot be stored; the file has to be UTF-8.",
    ]
    assert stored() == [(TIME, "5")]


@pytest.mark.parametrize("header", ["exam,user,key", "exam,user,key,value,comment", ""])
def test_other_columns_are_bad_usage(ann, exam, file, header):
    code, out, err = run(file(header, f"{exam.pk},ann,{TIME},5"), "--course_id", COURSE_ID)
    assert (code, out) == (2, "")
    assert "exam, user, key, value" in err
    assert stored() == []


def test_a_batch_is_no_larger_than_every_database_takes(file):
    assert run(file("exam,user,key,value"), "--course-id", COURSE_ID, "--batch-size", "501")[0] == 2


def test_the_course_has_to_be_said_somewhere(file):
    assert run(file("exam,user,key,value"))[0] == 2


@pytest.mark.parametrize("path", ["missing", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_bad_usage(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    assert run(path)[0] == 2
