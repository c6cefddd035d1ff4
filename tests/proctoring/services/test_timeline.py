"""Where a review's comments stand along the time of the exam."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.services.timeline import LEAST, timeline
from tests.factories import COMPLETED_AT, STARTED_AT


def attempt(*, started=STARTED_AT, completed=COMPLETED_AT):
    return SimpleNamespace(started_at=started, completed_at=completed)


def remark(start, stop, pk=1):
    return SimpleNamespace(pk=pk, start_time=start, stop_time=stop)


def test_a_remark_stands_where_it_belongs():
    line = timeline(attempt(), [remark(900, 1800)])
    assert line.seconds == 3600
    assert (line.marks[0].begin, line.marks[0].length) == (0.25, 0.25)


def test_a_recording_may_be_longer_than_the_exam():
    assert timeline(attempt(), [remark(0, 7200)]).seconds == 7200


@pytest.mark.parametrize("times", [{"started": None}, {"completed": None}])
def test_without_times_the_remarks_say_how_long_it_was(times):
    assert timeline(attempt(**times), [remark(10, 40)]).seconds == 40


def test_remarks_that_overlap_have_lanes_of_their_own():
    remarks = [remark(0, 100, 1), remark(50, 150, 2), remark(100, 200, 3), remark(1000, 1100, 4)]
    line = timeline(attempt(), remarks)
    assert [mark.lane for mark in line.marks] == [0, 1, 0, 0]
    assert line.lanes == 2


def test_a_remark_on_a_moment_can_be_seen():
    assert timeline(attempt(), [remark(5, 5)]).marks[0].length == LEAST


def test_nothing_said_is_an_empty_line():
    assert timeline(attempt(), []).lanes == 0


@given(st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1)), max_size=20))
def test_whatever_a_vendor_sends_stays_within_the_line(pairs):
    line = timeline(attempt(), [remark(start, stop, number) for number, (start, stop) in enumerate(pairs)])
    for mark in line.marks:
        assert 0 <= mark.begin < 1
        assert mark.length > 0
        assert mark.begin + mark.length <= 1 + 1e-9
        assert 0 <= mark.lane < line.lanes
