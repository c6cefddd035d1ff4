"""All exams of a course at once, as its author has published them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models.signals import pre_save

from proctoring.exceptions import ProctoredExamAlreadyExists
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import attempts, exams, publishing, timing
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory
from tests.proctoring.services.test_concurrency import together

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def said(content_id, **fields):
    return {
        "content_id": content_id,
        "exam_name": "Final",
        "time_limit_mins": 90,
        "is_proctored": True,
        "is_practice_exam": False,
        "is_active": True,
        "hide_after_due": False,
        "due_date": None,
        "backend": None,
        "external_id": None,
    } | fields


def stored(*columns):
    return list(ProctoredExam.objects.order_by("pk").values_list("content_id", *columns))


def test_what_is_new_is_made_and_what_is_known_changed_in_the_order_given():
    known = ExamFactory(content_id="known", is_active=False)
    published = publishing.publish(COURSE_ID, [said("new"), said("known", exam_name="Again")])
    assert [exam.content_id for exam in published] == ["new", "known"]
    assert published[1].pk == known.pk
    assert stored("exam_name", "is_active") == [("known", "Again", True), ("new", "Final", True)]


def test_what_is_not_published_any_more_is_over_and_nothing_else_is_touched(vendor, committed):
    with committed():
        ExamFactory(content_id="old", is_practice_exam=True, backend="watcher")
        ExamFactory(content_id="long ago", is_active=False)
        ExamFactory(content_id="elsewhere", course_id="course-v1:Other+C+1")
    vendor.forget()
    with committed():
        assert publishing.publish(COURSE_ID, []) == []
    assert stored("is_active", "is_proctored", "is_practice_exam") == [
        ("old", False, False, True),
        ("long ago", False, True, False),
        ("elsewhere", True, True, False),
    ]
    assert [call[2] for call in vendor.calls] == [False]


def test_nothing_said_leaves_a_column_as_it_is_but_clears_the_due_date():
    ExamFactory(content_id="one", backend="other", external_id="theirs", due_date=NOW)
    publishing.publish(COURSE_ID, [said("one")])
    assert stored("backend", "external_id", "due_date") == [("one", "other", "theirs", None)]


def test_a_new_exam_has_the_default_vendor():
    publishing.publish(COURSE_ID, [said("one"), said("two", backend="other", due_date=NOW)])
    assert stored("backend", "due_date") == [("one", "watcher", None), ("two", "other", NOW)]


def test_those_who_are_sitting_an_exam_get_its_new_time(lms):
    with time_machine.travel(NOW, tick=False):
        running = [
            attempts.start(AttemptFactory(proctored_exam=exam, status=Status.ready_to_start))
            for exam in (ExamFactory(content_id="one"), ExamFactory(content_id="two"))
        ]
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        publishing.publish(COURSE_ID, [said("two", time_limit_mins=120), said("one")])
    ends = [timing.deadline(ProctoredExamStudentAttempt.objects.get(pk=attempt.pk)) for attempt in running]
    assert ends == [NOW + timedelta(minutes=90), NOW + timedelta(minutes=120)]


def test_events_and_vendors_hear_of_every_exam(lms, vendor, committed):
    with committed():
        publishing.publish(COURSE_ID, [said("one"), said("two", is_proctored=False)])
    with committed():
        publishing.publish(COURSE_ID, [said("one")])
    assert lms.tracker.names == [
        "edx.special_exam.proctored.created",
        "edx.special_exam.timed.created",
        "edx.special_exam.proctored.updated",
        "edx.special_exam.timed.updated",
    ]
    assert len(vendor.calls) == 2


def test_weakness_x5_a_failure_leaves_nothing_behind(committed):
    ExamFactory(content_id="known")
    before, messages = stored("exam_name"), OutboxMessage.objects.count()
    broken = said("known", exam_name="Changed"), said("new", exam_name=None)
    with committed(), pytest.raises(Exception, match=r"(?i)null"):
        publishing.publish(COURSE_ID, broken)
    assert (stored("exam_name"), OutboxMessage.objects.count()) == (before, messages)


def test_an_exam_that_somebody_has_made_meanwhile_is_changed():
    def make_two(instance, **kwargs):
        if instance.content_id == "one":
            ExamFactory(content_id="two")

    pre_save.connect(make_two, sender=ProctoredExam)
    try:
        publishing.publish(COURSE_ID, [said("one"), said("two", exam_name="Published")])
    finally:
        pre_save.disconnect(make_two, sender=ProctoredExam)
    assert sorted(stored("exam_name")) == [("one", "Final"), ("two", "Published")]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this")
@pytest.mark.django_db(transaction=True)
class TestTogether:
    @pytest.mark.parametrize("new_course", [True, False])
    def test_weakness_x5_afterwards_the_course_is_as_one_of_them_said(self, lms, vendor, new_course):
        if not new_course:
            ExamFactory(content_id="old")
        lists = iter([["a", "b"], ["b", "a"], ["c"], ["a", "c"], [], ["d", "b", "a"]])

        def publish():
            names = next(lists)
            return names, publishing.publish(COURSE_ID, [said(name) for name in names])

        outcomes = together(publish)
        assert all(isinstance(outcome, tuple) for outcome in outcomes), outcomes
        active = set(ProctoredExam.objects.filter(is_active=True).values_list("content_id", flat=True))
        assert active in [set(names) for names, _ in outcomes]

    def test_with_somebody_who_makes_one_of_the_exams(self, lms, vendor):
        turns = iter(range(6))

        def write():
            if next(turns) % 2:
                return exams.create(course_id=COURSE_ID, **said("a"))
            return publishing.publish(COURSE_ID, [said("a"), said("b")])

        outcomes = together(write)
        assert all(isinstance(outcome, ProctoredExam | list | ProctoredExamAlreadyExists) for outcome in outcomes)
        assert sum(isinstance(outcome, list) for outcome in outcomes) == 3
        assert sorted(name for (name,) in stored()) == ["a", "b"]
