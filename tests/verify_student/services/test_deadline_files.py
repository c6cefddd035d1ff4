"""Files of deadlines, line by line."""

from datetime import UTC, datetime

import pytest

from tests.verify_student.factories import DeadlineFactory
from verify_student.models import VerificationDeadline
from verify_student.services import deadline_files
from verify_student.services.deadline_files import DeadlineFileRefused

pytestmark = pytest.mark.django_db

HEADER = "course_key,deadline\n"
A, WHEN = "course-v1:Test+A+1", datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def lines(*texts):
    return [HEADER, *(f"{text}\n" for text in texts)]


def outcomes(*texts):
    return [(one.line, str(one.result)) for one in deadline_files.apply(lines(*texts))]


def why(text):
    [one] = deadline_files.preview(lines(text))
    return str(one.why)


def test_made_and_changed():
    DeadlineFactory(course_key="course-v1:Test+B+1", deadline=WHEN)
    assert outcomes(f"{A},2030-01-02T04:04:05+01:00", "course-v1:Test+B+1,2031-01-01T00:00:00Z") == [
        (2, "created"),
        (3, "changed"),
    ]
    rows = VerificationDeadline.objects.order_by("course_key").values_list("deadline", "deadline_is_explicit")
    assert list(rows) == [(WHEN, True), (datetime(2031, 1, 1, tzinfo=UTC), True)]


def test_what_stands_there_stays_whosever_it_is():
    DeadlineFactory(course_key=A, deadline=WHEN)
    assert outcomes(f"{A},2030-01-02T03:04:05Z") == [(2, "unchanged")]
    assert not VerificationDeadline.objects.get().deadline_is_explicit


def test_a_preview_changes_nothing():
    [one] = deadline_files.preview(lines(f"{A},2030-01-02T03:04:05Z"))
    assert (str(one.result), list(one.cells)) == ("created", [A, "2030-01-02T03:04:05+00:00"])
    assert not VerificationDeadline.objects.exists()


def test_bad_lines_stop_no_others():
    assert outcomes(f"{A},soon", "", f"{A},2030-01-02T03:04:05Z", f"{A},2031-01-02T03:04:05Z", "x") == [
        (2, "refused"),
        (4, "created"),
        (5, "refused"),
        (6, "refused"),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (f"{A},2030-01-02T03:04:05", "no moment with its time zone"),
        (f"{A},", "no moment with its time zone"),
        (f"{A},0001-01-01T00:00:00+14:00", "no moment with its time zone"),
        (",2030-01-02T03:04:05Z", "no course key"),
        ("a course,2030-01-02T03:04:05Z", "no course key"),
        ("c" * 256 + ",2030-01-02T03:04:05Z", "no course key"),
        ("a\0b,2030-01-02T03:04:05Z", "no course key"),
        (f"{A},2030-01-02T03:04:05Z,more", "two fields"),
        (f'"{A}"x,2030-01-02T03:04:05Z', "two fields"),
    ],
)
def test_what_is_wrong_with_a_line(line, sentence):
    assert sentence in why(line)


@pytest.mark.parametrize("header", ["", "course_key\n", "course_key,deadline,deadline\n", "course,deadline\n"])
def test_files_of_something_else(header):
    with pytest.raises(DeadlineFileRefused):
        deadline_files.apply([header])


def test_columns_come_in_any_order():
    [one] = deadline_files.apply(["Deadline, course_key\n", f"2030-01-02T03:04:05Z,{A}\n"])
    assert one.cells[0] == A


def test_many_lines_take_few_reads(django_assert_max_num_queries):
    DeadlineFactory.create_batch(60, deadline=WHEN)
    file = [HEADER, *(",".join(cells) + "\n" for cells in deadline_files.cells_of(VerificationDeadline.objects.all()))]
    with django_assert_max_num_queries(1):
        assert {str(one.result) for one in deadline_files.apply(file)} == {"unchanged"}
