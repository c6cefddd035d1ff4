"""Files of allowances: what can be read, what cannot, and that what is written can be read."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from proctoring.common.tables import written
from proctoring.services import allowances
from proctoring.services.allowances import TIME_MULTIPLIER
from proctoring.services.allowances.files import COLUMNS, Row, Unread, read, rows_of
from proctoring.services.allowances.refusals import AllowanceFileRefused
from proctoring.services.allowances.values import minutes_on_top, multiple_of, wish_for_many
from tests.factories import COURSE_ID, AllowanceFactory, ExamFactory, UserFactory

TIME, NOTE = "additional_time_granted", "review_policy_exception"
WITHOUT_COURSE = COLUMNS[1:]


def lines(*texts, header="exam,user,key,value"):
    return [f"{text}\n" for text in (header, *texts)]


def rows(*texts, **options):
    return list(read(lines(*texts, **options), WITHOUT_COURSE))


def told(*texts):
    """Where lines begin, and the codes of those that cannot be read."""
    return [(row.line, row.error.code if isinstance(row, Unread) else None) for row in rows(*texts)]


def fields(*texts):
    return [(row.exam, row.user, row.key, row.value) for row in rows(*texts)]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("course_id,exam,user,key,value", "c,1,ann,k,v"),
        ("value,key,user,exam,course_id", "v,k,ann,1,c"),
        ('\ufeff Exam ,"KEY",value,course_id, USER', "1,k,v,c,ann"),
    ],
)
def test_columns_come_in_any_order(header, line):
    assert list(read(lines(line, header=header))) == [Row(2, "1", "ann", "k", "v", "c")]


@pytest.mark.parametrize(
    "header",
    [
        "exam,user,key",
        "",
        "1,ann@example.com,additional_time_granted,30",
        "exam;user;key;value",
        "exam,user,key,value,comment",
        "exam,user,key,value,",
        "exam,user,key,value,exam",
        "exam,user,key,value,\udcff",
        'exam,user,key,"value',
    ],
)
def test_other_columns_are_refused_at_once_without_their_text(header):
    with pytest.raises(AllowanceFileRefused) as refused:
        read(lines("1,ann,k,v", header=header), WITHOUT_COURSE)
    assert refused.value.code == "allowance_file_not_readable"
    assert "@" not in refused.value.detail


@pytest.mark.parametrize("empty", [[], ["\n", "\n"], ["\ufeff"]])
def test_a_file_without_lines_has_no_columns(empty):
    with pytest.raises(AllowanceFileRefused):
        read(empty)


def test_the_course_is_a_column_unless_it_is_known():
    with pytest.raises(AllowanceFileRefused):
        read(lines("1,ann,k,v"))
    assert rows("1,ann,k,v")[0].course_id == ""


def test_blank_lines_are_nothing_and_lines_count_from_1_where_they_begin():
    texts = ["1,ann,k,v", "", " , ,,", '2,ann,k,"two', 'lines"', "3,ann,k,v"]
    assert [(row.line, row.value) for row in rows(*texts)] == [(2, "v"), (5, "two\nlines"), (7, "v")]


def test_white_space_belongs_to_texts_for_people_only():
    assert fields(f" 1 , ann , {TIME} , 30 ", f"1,ann,{NOTE}, May leave. ") == [
        ("1", "ann", TIME, "30"),
        ("1", "ann", NOTE, " May leave. "),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1,ann,k", "wrong_number_of_fields"),
        ("1,ann,k,v,", "wrong_number_of_fields"),
        ("1,ann", "wrong_number_of_fields"),
        (f"1,ann,k,{'v' * 256}", "field_too_long"),
        (f"{'1' * 256},ann,k,v", "field_too_long"),
        ("1,ann,k,v\0", "characters_not_allowed"),
        ("1,ann\udcff,k,v", "characters_not_allowed"),
        ('1,"ann"x,k,v', "line_not_readable"),
        (f"1,ann,k,{'v' * 200_000}", "line_not_readable"),
    ],
)
def test_a_line_that_says_nothing_leaves_the_others_alone(line, code):
    assert told("1,bob,k,v", line, "2,ann,k,v") == [(2, None), (3, code), (4, None)]


def test_lines_are_read_as_they_are_needed():
    taken = []

    def source():
        for number, line in enumerate(lines("1,ann,k,v", "2,ann,k,v")):
            taken.append(number)
            yield line

    found = read(source(), WITHOUT_COURSE)
    assert taken == [0]
    assert next(found).exam == "1"
    assert taken == [0, 1]


def test_what_is_wrong_is_said_in_the_readers_language():
    [unread] = rows("1")
    with translation.override("de"):
        assert unread.error.detail


# What is written


@pytest.mark.django_db
def test_a_courses_allowances_are_written_by_learner():
    ann, bob = UserFactory(username="ann"), UserFactory(username="bob")
    exam, inactive = ExamFactory(time_limit_mins=60), ExamFactory(is_active=False)
    AllowanceFactory(user=bob, proctored_exam=exam, value="30")
    AllowanceFactory(user=ann, proctored_exam=inactive, key=NOTE, value="May leave the desk.")
    AllowanceFactory(proctored_exam__course_id="course-v1:Other+C+1")
    allowances.grant_in_bulk([exam.pk], [ann.pk], TIME_MULTIPLIER, "1.50")
    assert list(rows_of(COURSE_ID)) == [
        [COURSE_ID, str(inactive.pk), "ann", NOTE, "May leave the desk."],
        [COURSE_ID, str(exam.pk), "ann", TIME_MULTIPLIER, "1.5"],
        [COURSE_ID, str(exam.pk), "bob", TIME, "30"],
    ]


@pytest.mark.django_db
def test_what_does_nothing_is_not_written():
    AllowanceFactory(value="")
    AllowanceFactory(value="\u00b2")
    AllowanceFactory(key=TIME_MULTIPLIER, value="2")
    AllowanceFactory(key=NOTE, value="")
    assert [row[3:] for row in rows_of(COURSE_ID)] == [[NOTE, ""]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1", "''-", "＝1", "a=1", "'quoted'", '"', ","]
)
def test_no_spreadsheet_takes_a_text_for_a_formula_and_it_comes_back_the_same(text):
    AllowanceFactory(key=NOTE, value=text)
    file = io.StringIO("".join(written([COLUMNS, *rows_of(COURSE_ID)])), newline="")
    assert list(csv.reader(file))[1][-1][0] not in "=+-@\t\r＝"
    file.seek(0)
    assert [row.value for row in read(file)] == [text]


@pytest.mark.django_db
def test_a_course_is_read_in_pieces():
    for _ in range(3):
        AllowanceFactory()
    with CaptureQueriesContext(connection) as captured:
        list(rows_of(COURSE_ID))
    assert len(captured) == 1


@pytest.mark.parametrize("limit", [0, -5, 1, 7, 45, 90, 601, 3000])
@pytest.mark.parametrize("factor", ["1", "1.25", "1.333", "1.3333333", "1.0005", "1.09445", "2.66666", "999.99"])
def test_a_multiple_comes_back_the_same_to_the_minute(limit, factor):
    exam = ExamFactory.build(time_limit_mins=limit)
    content = wish_for_many(TIME_MULTIPLIER, factor).content_for(exam)
    again = wish_for_many(TIME_MULTIPLIER, multiple_of(exam, *content))
    assert again.content_for(exam) == content


def test_a_multiple_is_written_as_it_is_kept_where_that_says_it_all():
    exam = ExamFactory.build(time_limit_mins=90)
    kept = Decimal("1.500")
    assert multiple_of(exam, minutes_on_top(exam, kept), kept) == "1.5"
    assert multiple_of(exam, "0", Decimal("10.000")) != "1E+1"
