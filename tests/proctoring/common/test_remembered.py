"""Numbers of rows that may be a minute old."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.common import remembered
from proctoring.services.onboarding.course import CourseRows
from tests.factories import UserFactory


class Counted:
    """How often it was counted."""

    def __init__(self, number):
        self.number, self.times = number, 0

    def __call__(self):
        self.times += 1
        return self.number


@pytest.mark.parametrize(("number", "times"), [(9, 2), (10, 1), (11, 1)])
def test_what_is_large_is_counted_once(number, times):
    counted = Counted(number)
    assert [remembered.count("list", ("course",), counted, 10) for _ in range(2)] == [number] * 2
    assert counted.times == times


def test_for_a_minute_and_for_what_was_asked():
    remembered.count("list", ("course", None), Counted(20), 10)
    assert remembered.count("list", ("course", "None"), Counted(11), 10) == 11
    assert remembered.count("another_list", ("course", None), Counted(12), 10) == 12
    with time_machine.travel(timezone.now() + timedelta(seconds=remembered.SECONDS + 1)):
        assert remembered.count("list", ("course", None), Counted(13), 10) == 13


@pytest.mark.django_db
def test_rows_of_a_course_are_counted_so_and_read_anew():
    people = [UserFactory(), UserFactory()]
    rows = CourseRows(type(people[0]).objects.filter(pk__in=[one.pk for one in people]).order_by("pk"), list, ("a",), 2)
    assert (len(rows), rows[0:5]) == (2, people)
    people.pop().delete()
    assert (len(rows), rows[0:5]) == (2, people)
    assert len(CourseRows(["a list"], list, ("a",), 2)) == 1
