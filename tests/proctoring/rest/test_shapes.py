"""What the document says about objects, and what objects are."""

import pytest
from django.urls import reverse

from proctoring.rest.shapes import (
    ActiveExamShape,
    AllowanceShape,
    AttemptShape,
    ExamShape,
    GroupedAttemptShape,
    LearningExamShape,
    PolledAttemptShape,
    PrerequisitesShape,
    TimerShape,
    UserShape,
)
from proctoring.serializers import allowance_dict, attempt_dict, exam_dict, user_dict
from proctoring.services import listings
from proctoring.services.attempt_data import attempt_data
from proctoring.services.prerequisites import Standing
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db


def fields(shape):
    return set(shape().fields)


def required(shape):
    return {name for name, field in shape().fields.items() if field.required}


@pytest.mark.parametrize(
    ("shape", "made"),
    [
        (UserShape, lambda: user_dict(UserFactory())),
        (ExamShape, lambda: exam_dict(ExamFactory())),
        (AttemptShape, lambda: attempt_dict(AttemptFactory())),
        (AllowanceShape, lambda: allowance_dict(AllowanceFactory())),
        (PrerequisitesShape, lambda: Standing().as_dict("course")),
    ],
)
def test_objects_have_the_fields_of_their_shapes(shape, made):
    assert set(made()) == fields(shape) == required(shape)


def test_shapes_that_say_more_say_what_the_plain_one_says():
    assert fields(PolledAttemptShape) == fields(AttemptShape) | {"accessibility_time_string"}
    assert fields(GroupedAttemptShape) == fields(AttemptShape) | {"all_attempts"}


@pytest.mark.parametrize("timed", [True, False])
def test_timers(timed, vendor):
    exam = ExamFactory(timed=True) if timed else ExamFactory(backend="watcher")
    timer = attempt_data(AttemptFactory(proctored_exam=exam), is_learning_mfe=False)
    assert required(TimerShape) <= set(timer) <= fields(TimerShape)
    assert timed or set(timer) == fields(TimerShape)


def test_exams_of_the_learning_micro_frontend(lms, client_of):
    exam = ExamFactory(backend="watcher")
    url = reverse("edx_proctoring:proctored_exam.exam_attempts", kwargs={"course_id": exam.course_id})
    answer = client_of(UserFactory(staff=True)).get(url, {"content_id": exam.content_id})
    assert required(LearningExamShape) <= set(answer.json()["exam"]) <= fields(LearningExamShape)


def test_exams_in_progress():
    shown = listings.ActiveExam(AttemptFactory(), []).as_dict()
    assert set(shown) == fields(ActiveExamShape)
