"""Events of dicts say what events of rows say."""

import pytest

from proctoring.api import emit_event
from proctoring.serializers import attempt_dict, exam_dict
from proctoring.services import events
from tests.factories import AttemptFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt():
    return AttemptFactory(submitted=True)


def test_an_exam(lms, committed, attempt):
    with committed():
        emit_event(exam_dict(attempt.proctored_exam), "updated")
        events.emit(attempt.proctored_exam, "updated")

    from_dict, from_row = lms.tracker.events
    assert from_dict == from_row


def test_an_attempt_and_what_is_said_besides(lms, committed, attempt):
    more = {"exam": "wins", "attempt_status": "other"}
    with committed():
        emit_event(exam_dict(attempt.proctored_exam), "seen", attempt_dict(attempt), override_data=more)
        events.emit(attempt.proctored_exam, "seen", attempt, **more)

    from_dict, from_row = lms.tracker.events
    assert from_dict[1].pop("attempt_event_elapsed_time_secs") == pytest.approx(
        from_row[1].pop("attempt_event_elapsed_time_secs"), abs=5
    )
    assert from_dict == from_row
    assert from_dict[1]["attempt_status"] == "other"
