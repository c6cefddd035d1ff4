"""Who sets a course's deadline, and who gives way."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from tests.verify_student.factories import DeadlineFactory
from verify_student.models import VerificationDeadline
from verify_student.services import deadlines

pytestmark = pytest.mark.django_db

COURSE = "course-v1:Test+DUE+2026"
END = datetime(2026, 12, 1, tzinfo=UTC)
LATER = END + timedelta(days=30)


def stored():
    return VerificationDeadline.objects.values_list("deadline", "deadline_is_explicit").first()


class TestSetting:
    def test_is_written_over_and_taken_away(self):
        deadlines.set_deadline(COURSE, END, is_explicit=True)
        assert stored() == (END, True)
        deadlines.set_deadline(COURSE, LATER, is_explicit=False)
        assert stored() == (LATER, False)
        deadlines.set_deadline(COURSE, None, is_explicit=False)
        assert stored() is None
        deadlines.set_deadline(COURSE, None, is_explicit=False)

    @pytest.mark.skipif(not connection.features.has_select_for_update, reason="SQLite takes turns by itself")
    @pytest.mark.parametrize("write", [partial(deadlines.set_deadline, is_explicit=True), deadlines.course_published])
    def test_weakness_w63_writers_take_turns(self, write):
        DeadlineFactory(course_key=COURSE, deadline=END)
        with CaptureQueriesContext(connection) as captured:
            write(COURSE, LATER)
        assert any("FOR UPDATE" in query["sql"] for query in captured.captured_queries)

    def test_weakness_w63_publishing_at_the_same_time_as_a_person(self):
        deadlines.course_published(COURSE, END)
        deadlines.set_deadline(COURSE, LATER, is_explicit=True)
        deadlines.course_published(COURSE, END)
        assert stored() == (LATER, True)


class TestPublishing:
    def test_sets_follows_and_takes_away(self):
        deadlines.course_published(COURSE, END)
        assert stored() == (END, False)
        deadlines.course_published(COURSE, LATER)
        assert stored() == (LATER, False)
        deadlines.course_published(COURSE, LATER)
        assert stored() == (LATER, False)
        deadlines.course_published(COURSE, None)
        assert stored() is None
        deadlines.course_published(COURSE, None)
        assert stored() is None

    @pytest.mark.parametrize("end", [LATER, None])
    def test_gives_way_to_a_person(self, end):
        deadlines.set_deadline(COURSE, END, is_explicit=True)
        deadlines.course_published(COURSE, end)
        assert stored() == (END, True)


class TestReading:
    def test_one_course(self):
        DeadlineFactory(course_key=COURSE, deadline=END)
        assert deadlines.for_course(COURSE) == END
        assert deadlines.for_course("course-v1:Test+NONE+2026") is None

    def test_many_courses(self):
        rows = [DeadlineFactory(deadline=END) for _ in range(3)]
        strangers = [f"course-v1:Test+X{number}+2026" for number in range(deadlines.COURSES_AT_ONCE)]
        found = deadlines.for_courses([*strangers, rows[0].course_key, rows[1].course_key])
        assert found == {rows[0].course_key: END, rows[1].course_key: END}

    def test_a_queryset_of_enrolments(self, django_assert_num_queries):
        rows = [DeadlineFactory(deadline=END) for _ in range(3)]
        # Stands for the host's enrolments, of which only the course counts.
        enrolled = VerificationDeadline.objects.exclude(pk=rows[0].pk).annotate(course_id=F("course_key"))
        with django_assert_num_queries(1):
            found = deadlines.for_enrollments(enrolled.order_by("-modified"))
        assert found == {rows[1].course_key: END, rows[2].course_key: END}
