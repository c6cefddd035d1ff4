"""The bones of operators' commands."""

import io
import time
from argparse import ArgumentTypeError
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from proctoring.common.batches import FAILED, Batch
from proctoring.common.commands import BatchCommand, lines_of, moment, positive, progress, row_id, values_of
from proctoring.common.tables import MAX_LINE


class Sample(BatchCommand):
    """Five rows: batches as they are given."""

    given = (Batch(2, {"done": 2}, last=2), Batch(1, {"done": 1}, last=3))

    def batches(self, options):
        yield from self.given


class Broken(Sample):
    def batches(self, options):
        yield Batch(1, {"done": 1}, last=7)
        raise KeyboardInterrupt


def run(command, *arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=err, no_color=True, **options)
    return out.getvalue(), err.getvalue()


def failing():
    command = Sample()
    command.given = (Batch(3, {"done": 1, FAILED: 2}),)
    return command


def test_the_closing_line_adds_the_batches_up():
    assert run(Sample())[0] == "3 done.\n"


def test_a_dry_run_says_that_it_is_one():
    assert run(Sample(), "--dry-run")[0] == "Dry run, nothing was changed: 3 done.\n"


def test_a_run_without_rows_says_so():
    command = Sample()
    command.given = ()
    assert run(command)[0] == "Nothing to do.\n"


def test_a_failure_is_a_command_error_with_code_1():
    with pytest.raises(CommandError) as caught:
        run(failing())
    assert caught.value.returncode == 1
    assert "2 could not be done" in str(caught.value)


def test_a_command_that_does_not_raise_still_ends_with_code_1(capsys):
    command = failing()
    command.raises_on_failure = False
    run(command)
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", "sample"])
    assert ended.value.code == 1


def test_a_success_ends_with_code_0(capsys):
    Sample().run_from_argv(["manage.py", "sample"])


def test_refused_lines_are_counted_and_end_with_code_1():
    class Refusing(Sample):
        def batches(self, options):
            self.refuse("Line 3: not a number")
            yield Batch(1, {"done": 1})

    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command(Refusing(), stdout=out, stderr=err, no_color=True)
    assert out.getvalue() == "1 done, 1 lines refused.\n"
    assert err.getvalue() == "Line 3: not a number\n"


def test_ctrl_c_says_what_was_done_and_where_it_was():
    out = io.StringIO()
    with pytest.raises(CommandError, match="Broken off"):
        call_command(Broken(), stdout=out)
    assert out.getvalue() == "Broken off. 1 done.\nThe last row was 7.\n"


@pytest.mark.parametrize("spelling", ["--sleep-time", "--sleep_time"])
def test_it_rests_after_full_batches_only(monkeypatch, spelling):
    rests = []
    monkeypatch.setattr(time, "sleep", rests.append)
    run(Sample(), "--batch_size", "2", spelling, "1.5")
    assert rests == [1.5]


def test_it_does_not_rest_after_the_last_batch_where_that_is_known(monkeypatch):
    rests = []
    monkeypatch.setattr(time, "sleep", rests.append)
    command = Sample()
    command.given = (Batch(2, {"done": 2}), Batch(2, {"done": 2}, is_final=True))
    run(command, batch_size=2, sleep_time=3)
    assert rests == [3]


class Choosy(Sample):
    """Says what it was asked for."""

    def add_options(self, parser):
        parser.add_argument("--colour", choices=["red", "blue"])
        parser.add_argument("--rows", type=row_id, nargs="*")

    def batches(self, options):
        self.stdout.write(f"{options['batch_size']!r} {options['sleep_time']!r} {options['colour']} {options['rows']}")
        return ()


def test_call_command_may_give_text():
    given = {"batch_size": "7", "sleep_time": "0.5", "colour": "red", "rows": ["1", 2]}
    assert run(Choosy(), **given)[0].startswith("7 0.5 red [1, 2]\n")
    assert run(Choosy(), "--colour", "blue")[0].startswith("500 0.0 blue None\n")


@pytest.mark.parametrize(
    "given",
    [
        {"batch_size": "x"},
        {"batch_size": 0},
        {"batch_size": "0"},
        {"sleep_time": -1},
        {"colour": "green"},
        {"rows": ["1", "x"]},
    ],
)
def test_what_call_command_gives_is_judged_like_what_is_typed_in(given):
    with pytest.raises(CommandError) as caught:
        run(Choosy(), **given)
    assert caught.value.returncode == 2
    assert f"--{next(iter(given)).replace('_', '-')}:" in str(caught.value)


@pytest.mark.parametrize(
    "arguments", [["--batch-size", "0"], ["--batch-size", "x"], ["--sleep-time", "-1"], ["--sleep-time", "inf"]]
)
def test_numbers_that_make_no_sense_are_bad_usage(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        Sample().run_from_argv(["manage.py", "sample", *arguments])
    assert ended.value.code == 2


def test_in_a_log_progress_is_a_line_now_and_then():
    stream = io.StringIO()
    with progress(stream, seconds=0) as advance:
        advance(2)
        advance(3)
    assert stream.getvalue() == "2 rows so far\n5 rows so far\n"


def test_short_work_leaves_nothing_in_a_log():
    stream = io.StringIO()
    with progress(stream) as advance:
        advance(2)
    assert stream.getvalue() == ""


def test_on_a_terminal_progress_is_a_bar():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    with progress(stream, total=4) as advance:
        advance(4)
    assert "4/4" in stream.getvalue()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-21 17:30:00", datetime(2026, 11, 21, 17, 30, tzinfo=UTC)),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-11-21T17:30:00+02:00", datetime(2026, 11, 21, 15, 30, tzinfo=UTC)),
        (datetime(2026, 11, 21, 1, tzinfo=UTC), datetime(2026, 11, 21, 1, tzinfo=UTC)),
    ],
)
def test_moments_have_a_zone(text, meant):
    assert moment(text, "--start") == meant


def test_no_moment_is_none():
    assert moment(None, "--start") is None


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30 10:00:00", "2026-11"])
def test_what_is_no_moment_is_bad_usage(text):
    with pytest.raises(CommandError) as caught:
        moment(text, "--start")
    assert caught.value.returncode == 2
    assert "--start" in str(caught.value)


def test_lines_have_numbers_and_blank_ones_are_none(tmp_path):
    path = tmp_path / "ids"
    path.write_bytes(b"\xef\xbb\xbf1\n\n  2 \r\n\xff\n")
    assert [(line.number, line.text) for line in lines_of(path)] == [(1, "1"), (3, "2"), (4, "\ufffd")]


@pytest.mark.parametrize("path", ["missing", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_bad_usage_at_once(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError) as caught:
        lines_of(path)
    assert caught.value.returncode == 2


def test_lines_that_make_no_sense_are_told_by_number_only(tmp_path):
    path = tmp_path / "ids"
    path.write_text("1\nsomebody@example.com\n3\n")
    told = []
    assert [value for _, value in values_of(lines_of(path), row_id, told.append)] == [1, 3]
    assert told == ["Line 2: not a number of a row"]


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "", "²", "٣", str(2**63), "9" * 5000])
def test_numbers_that_no_row_can_have(text):
    with pytest.raises(ValueError, match="row"):
        row_id(text)


@pytest.mark.parametrize("text", ["00000000000000000001" + "9" * 30, "9" * 5000, "0", "000", str(2**63)])
def test_numbers_that_no_row_has(text):
    with pytest.raises(ValueError, match="not a number of a row"):
        row_id(text)


def test_a_number_with_zeros_in_front_is_one():
    assert row_id("0" * 30 + "7") == 7


def test_a_line_without_an_end_is_not_read_whole(tmp_path):
    path = tmp_path / "file"
    path.write_text("a" * (3 * MAX_LINE) + "\nb\n")
    assert [(line.number, len(line.text)) for line in lines_of(path)] == [(1, MAX_LINE), (2, 1)]


@pytest.mark.parametrize("text", ["0", "-1", "9" * 30])
def test_sizes_that_no_database_reads_at_a_time(text):
    with pytest.raises(ArgumentTypeError):
        positive(text)
