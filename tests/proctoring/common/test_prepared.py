"""Queries that are put into SQL once."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.transaction import TransactionManagementError, atomic
from django.utils import timezone

from proctoring.common.prepared import LARGEST, Prepared, PreparedForPage
from proctoring.models import ProctoredExam
from proctoring.models import ProctoredExamStudentAttempt as Attempt
from tests.factories import AttemptFactory, ExamFactory

pytestmark = pytest.mark.django_db

BY_ID = Prepared(lambda pk: Attempt.objects.select_related("proctored_exam").filter(pk=pk), int)
AT = Prepared(lambda course, content: ProctoredExam.objects.filter(course_id=course, content_id=content), str, str)
IDS_AT = Prepared(lambda course: ProctoredExam.objects.filter(course_id=course).values_list("pk", flat=True), str)
HELD = Prepared(lambda pk: ProctoredExam.objects.select_for_update().filter(pk=pk), int)


def _fields(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_are_what_the_query_gives(django_assert_num_queries):
    attempts = [AttemptFactory(), AttemptFactory()]
    for attempt in [*attempts, attempts[0]]:
        plain = Attempt.objects.select_related("proctored_exam").get(pk=attempt.pk)
        with django_assert_num_queries(1):
            (found,) = BY_ID(attempt.pk)
            assert _fields(found.proctored_exam) == _fields(plain.proctored_exam)
        assert _fields(found) == _fields(plain)
        assert found._state.db == plain._state.db
        assert not found._state.adding


def test_a_row_that_was_asked_for_can_be_saved():
    (found,) = BY_ID(AttemptFactory().pk)
    found.external_id = "another"
    found.save()
    assert Attempt.objects.get().external_id == "another"


def test_nothing_is_remembered_but_the_question():
    exam = ExamFactory()
    assert [row.exam_name for row in AT(exam.course_id, exam.content_id)] == [exam.exam_name]
    ProctoredExam.objects.update(exam_name="New")
    assert [row.exam_name for row in AT(exam.course_id, exam.content_id)] == ["New"]
    assert AT(exam.course_id, "nothing") == []


def test_single_values_and_tuples():
    exam = ExamFactory(course_id="a course")
    pairs = Prepared(lambda course: ProctoredExam.objects.filter(course_id=course).values_list("pk", "due_date"), str)
    assert IDS_AT("a course") == [exam.pk]
    assert pairs("a course") == [(exam.pk, exam.due_date)]


def test_a_value_may_turn_up_twice_and_in_what_is_annotated():
    attempt = AttemptFactory()
    of_attempt = Attempt.objects.filter(proctored_exam=OuterRef("pk"))
    asked = Prepared(
        lambda pk, exam: ProctoredExam.objects.filter(pk=exam).annotate(
            is_its=Exists(of_attempt.filter(pk=pk)), is_again=Exists(of_attempt.filter(pk=pk))
        ),
        int,
        int,
    )
    (yes,), (no,) = asked(attempt.pk, attempt.proctored_exam_id), asked(attempt.pk + 1, attempt.proctored_exam_id)
    assert (yes.is_its, yes.is_again, no.is_its, no.is_again) == (True, True, False, False)


@pytest.mark.parametrize("text", ["' OR 1=1 --", "100%", "%s", '"', "\\", "\x010\x01", "ü🎓", ""])
def test_values_are_values(text):
    ExamFactory(course_id="another")
    assert IDS_AT(text) == []
    exam = ExamFactory(course_id=text)
    assert IDS_AT(text) == [exam.pk]


def test_what_names_a_number_is_one():
    attempt = AttemptFactory()
    assert BY_ID(str(attempt.pk)) == [attempt]
    with pytest.raises(ValueError, match="invalid literal"):
        BY_ID("one")


@pytest.mark.parametrize("number", [LARGEST + 1, -LARGEST - 2, 10**30])
def test_a_number_that_no_key_can_be_is_not_asked_for(number, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert BY_ID(number) == []
    assert BY_ID(LARGEST) == []


def test_as_many_values_as_were_announced():
    with pytest.raises(ValueError, match="zip"):
        AT("one")


def test_a_value_that_changes_nothing_is_a_mistake():
    with pytest.raises(TypeError, match="does not turn up"):
        Prepared(lambda _unused: ProctoredExam.objects.filter(pk=1), int)(5)


@pytest.mark.django_db(transaction=True)
def test_rows_are_held_in_transactions_only():
    exam = ExamFactory()
    for _ in range(2):
        with pytest.raises(TransactionManagementError):
            HELD(exam.pk)
        with atomic():
            assert HELD(exam.pk) == [exam]
    assert not connection.in_atomic_block


def test_moments(django_assert_num_queries):
    now = timezone.now()
    old, new = (ExamFactory(due_date=now + timedelta(days=days)) for days in (-1, 1))
    asked = Prepared(lambda since: ProctoredExam.objects.filter(due_date__gt=since).order_by("pk"), datetime)
    assert asked(now) == [new]
    assert asked(now - timedelta(days=2)) == [old, new]
    assert asked(new.due_date) == []


class TestAPage:
    OF_IDS = PreparedForPage(
        lambda course, ids: ProctoredExam.objects.filter(course_id=course, pk__in=ids).order_by("pk"), str
    )

    @pytest.mark.parametrize("number", [1, 24, 25, 26, 60])
    def test_of_as_many_as_there_are(self, number, django_assert_num_queries):
        exams = [ExamFactory(course_id="here") for _ in range(number)]
        ExamFactory(course_id="here")
        with django_assert_num_queries(1):
            assert self.OF_IDS("here", [exam.pk for exam in exams]) == exams
        assert self.OF_IDS("there", {exam.pk for exam in exams}) == []

    def test_of_none_nothing_is_asked(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert self.OF_IDS("here", []) == []
