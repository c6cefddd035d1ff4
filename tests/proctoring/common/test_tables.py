"""Comma-separated files."""

import io

import pytest

from proctoring.common.tables import MAX_LINE, Record, records


def read(*lines):
    return [(record.line, record.cells) for record in records(f"{line}\n" for line in lines)]


def test_records_say_where_they_begin_and_blank_ones_are_none():
    lines = ["\ufeffa,b", "", " , ", '1,"two', 'lines"', "3"]
    assert read(*lines) == [(1, ["a", "b"]), (4, ["1", "two\nlines"]), (6, ["3"])]
    assert read() == []


@pytest.mark.parametrize("line", ['1,"x"y', f"1,{'x' * 200_000}"])
def test_one_that_cannot_be_read_leaves_the_others_alone(line):
    assert read("0", line, "2") == [(1, ["0"]), (2, None), (3, ["2"])]


def test_a_quotation_mark_that_is_missing_at_the_end_is_told():
    assert read("0", '1,"x', "2") == [(1, ["0"]), (2, None)]


def test_a_quotation_mark_that_is_missing_costs_no_more_than_some_lines():
    found = read('1,"x', *["x" * 1000] * 200, "2")
    assert (found[0], found[-1]) == ((1, None), (202, ["2"]))
    assert len(found) > 50


def test_a_line_without_an_end_is_not_kept_in_memory():
    class Watched(io.StringIO):
        longest = 0

        def readline(self, size=-1):
            assert size > 0
            piece = super().readline(size)
            self.longest = max(self.longest, len(piece))
            return piece

    file = Watched("x," * MAX_LINE + "\r\nlast\r\n", newline="")
    found = list(records(file))
    assert file.longest == MAX_LINE
    assert len(found[0].cells) == MAX_LINE // 2 + 1
    assert found[1:] == [Record(2, ["last"])]


def test_lines_are_read_as_they_are_needed():
    taken = []
    found = records(taken.append(line) or line for line in ("a\n", "b\n"))
    assert next(found).cells == ["a"]
    assert taken == ["a\n"]
