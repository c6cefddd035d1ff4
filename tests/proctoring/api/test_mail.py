"""The mail about an attempt, as the LMS asks for it."""

import pytest

from proctoring.api import create_proctoring_attempt_status_email
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]


class CourseKey:
    """A course id as an object."""

    def __str__(self):
        return "course-v1:Other+Course+1"


@pytest.fixture
def attempt():
    return AttemptFactory(submitted=True)


def test_the_mail_of_the_attempts_own_status_unsent(attempt, mailoutbox, settings):
    settings.LEARNING_MICROFRONTEND_URL = "https://mfe.example.org"

    message = create_proctoring_attempt_status_email(attempt, "Demonstrations", COURSE_ID)

    assert (message.subject, message.to) == ("Proctoring attempt submitted", [attempt.user.email])
    assert f"Demonstrations (https://mfe.example.org/course/{COURSE_ID}/home)" in message.body
    assert mailoutbox == []


def test_the_course_may_be_a_key(attempt, settings):
    settings.LEARNING_MICROFRONTEND_URL = "https://mfe.example.org"

    message = create_proctoring_attempt_status_email(attempt, None, CourseKey())

    assert "https://mfe.example.org/course/course-v1:Other+Course+1/home" in message.body


@pytest.mark.parametrize(
    "otherwise", [{"taking_as_proctored": False}, {"is_sample_attempt": True}, {"status": Status.error}]
)
def test_there_is_none_for_other_attempts(attempt, otherwise):
    for name, value in otherwise.items():
        setattr(attempt, name, value)

    assert create_proctoring_attempt_status_email(attempt, "Demonstrations", COURSE_ID) is None
