"""Outline summaries by ids (contract python.md §4.8); the table itself is tested with the service."""

import logging

import pytest

from proctoring import api
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_exam_by_its_ids():
    user, exam = UserFactory(), ExamFactory(practice=True)
    AttemptFactory(user=user, proctored_exam=exam, submitted=True)
    assert api.get_attempt_status_summary(user.pk, exam.course_id, exam.content_id) == {
        "status": "submitted",
        "short_description": "Practice Exam Completed",
        "suggested_icon": "fa-check",
        "in_completed_state": True,
    }


def test_an_unknown_exam_is_none_and_logged_with_its_traceback(caplog):
    with caplog.at_level(logging.ERROR):
        assert api.get_attempt_status_summary(UserFactory().pk, COURSE_ID, "unknown") is None
    [record] = caplog.records
    assert record.exc_info is not None


def test_who_may_not_take_the_exam_gets_nothing(lms):
    exam = ExamFactory()
    assert api.get_attempt_status_summary(UserFactory().pk, exam.course_id, exam.content_id) is None


def test_a_whole_course():
    user, exam = UserFactory(), ExamFactory(timed=True)
    summary = api.get_attempt_status_summary(user.pk, exam.course_id, exam.content_id)
    assert api.get_course_status_summaries(user.pk, COURSE_ID) == {exam.content_id: summary}


def test_the_published_maps_are_part_of_the_api():
    for texts in (api.STATUS_SUMMARY_MAP, api.PRACTICE_STATUS_SUMMARY_MAP, api.TIMED_EXAM_STATUS_SUMMARY_MAP):
        assert "_default" in texts
    assert api.STATUS_SUMMARY_MAP["verified"]["short_description"] == "Passed Proctoring"
