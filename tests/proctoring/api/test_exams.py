"""Exams by ids, as an LMS's code uses them."""

import pytest

from proctoring import api
from proctoring.exceptions import ProctoredExamAlreadyExists, ProctoredExamNotFoundException

pytestmark = pytest.mark.django_db
WHERE = ("course-v1:Test+EXAMS+2026", "block-v1:Test+EXAMS+2026+type@sequential+block@final")


def test_an_exam_is_found_by_both_keys():
    exam_id = api.create_exam(*WHERE, "Final", 90)
    exam = api.get_exam_by_id(exam_id)
    assert api.get_exam_by_content_id(*WHERE) == exam
    assert exam == {
        "id": exam_id,
        "course_id": WHERE[0],
        "content_id": WHERE[1],
        "external_id": None,
        "exam_name": "Final",
        "time_limit_mins": 90,
        "is_proctored": True,
        "is_practice_exam": False,
        "is_active": True,
        "due_date": None,
        "hide_after_due": False,
        "backend": "watcher",
    }


def test_one_exam_for_one_part_of_a_course():
    api.create_exam(*WHERE, "Final", 90, backend="null")
    with pytest.raises(ProctoredExamAlreadyExists):
        api.create_exam(*WHERE, "Final again", 60)
    assert api.get_exam_by_content_id(*WHERE)["backend"] == "null"


def test_unknown_exams():
    with pytest.raises(ProctoredExamNotFoundException):
        api.get_exam_by_id(10**6)
    with pytest.raises(ProctoredExamNotFoundException):
        api.get_exam_by_content_id(*WHERE)
