import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.serializers import attempt_dict, exam_dict, user_dict
from tests.factories import AttemptFactory, ExamFactory, ReviewPolicyFactory, UserFactory

DUE = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
TEXT, NUMBER, FLAG, NONE = str, int, bool, type(None)
# Contract python.md §4.1, rest.md §3.
EXAM = {
    "id": (NUMBER,),
    "course_id": (TEXT,),
    "content_id": (TEXT,),
    "external_id": (TEXT, NONE),
    "exam_name": (TEXT,),
    "time_limit_mins": (NUMBER,),
    "is_proctored": (FLAG,),
    "is_practice_exam": (FLAG,),
    "is_active": (FLAG,),
    "due_date": (datetime, NONE),
    "hide_after_due": (FLAG,),
    "backend": (TEXT, NONE),
}
ATTEMPT = {
    "id": (NUMBER,),
    "created": (TEXT,),
    "modified": (TEXT,),
    "user": (dict,),
    "started_at": (datetime, NONE),
    "completed_at": (datetime, NONE),
    "external_id": (TEXT, NONE),
    "status": (TEXT,),
    "proctored_exam": (dict,),
    "allowed_time_limit_mins": (NUMBER, NONE),
    "attempt_code": (TEXT, NONE),
    "is_sample_attempt": (FLAG,),
    "taking_as_proctored": (FLAG,),
    "review_policy_id": (NUMBER, NONE),
    "is_status_acknowledged": (FLAG,),
    "time_remaining_seconds": (NUMBER, NONE),
    "is_resumable": (FLAG,),
    "ready_to_resume": (FLAG,),
    "resumed": (FLAG,),
}

pytestmark = pytest.mark.django_db


def has_shape(document: dict[str, Any], shape: dict[str, tuple[type, ...]]) -> bool:
    """Exactly these keys, each of one of its types."""
    return document.keys() == shape.keys() and all(type(document[key]) in types for key, types in shape.items())


@pytest.mark.parametrize("kind", [{}, {"timed": True}, {"practice": True, "due_date": DUE, "hide_after_due": True}])
def test_an_exam(kind: dict[str, Any]) -> None:
    exam = ExamFactory(**kind)

    document = exam_dict(exam)

    assert has_shape(document, EXAM)
    assert document == {name: getattr(exam, name) for name in EXAM}


def test_a_user() -> None:
    user = UserFactory(username="ada", email="ada@example.org")

    assert user_dict(user) == {"id": user.pk, "username": "ada", "email": "ada@example.org"}


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"submitted": True, "is_resumable": True, "resumed": True, "time_remaining_seconds": 61},
        {"proctored_exam__timed": True, "attempt_code": None},
    ],
)
def test_an_attempt(kind: dict[str, Any]) -> None:
    attempt = AttemptFactory(**kind)

    document = attempt_dict(attempt)

    assert has_shape(document, ATTEMPT)
    assert document["user"] == user_dict(attempt.user)
    assert document["proctored_exam"] == exam_dict(attempt.proctored_exam)
    same = ATTEMPT.keys() - {"created", "modified", "user", "proctored_exam"}
    assert {name: document[name] for name in same} == {name: getattr(attempt, name) for name in same}


def test_an_attempts_policy_is_said_by_its_id() -> None:
    policy = ReviewPolicyFactory()
    attempt = AttemptFactory(proctored_exam=policy.proctored_exam, review_policy_id=policy.pk)

    assert attempt_dict(attempt)["review_policy_id"] == policy.pk


@pytest.mark.parametrize(
    ("zone", "text"),
    [("UTC", "2026-11-21T09:00:00.250000Z"), ("Europe/Zurich", "2026-11-21T10:00:00.250000+01:00")],
)
@time_machine.travel("2026-11-21T09:00:00.25+00:00", tick=False)
def test_when_an_attempt_was_made_is_text_in_the_current_zone(zone: str, text: str) -> None:
    attempt = AttemptFactory()

    with timezone.override(zone):
        document = attempt_dict(attempt)

    assert (document["created"], document["modified"]) == (text, text)


def test_a_status_is_plain_text() -> None:
    attempt = AttemptFactory(submitted=True)

    assert json.dumps(attempt_dict(attempt)["status"]) == '"submitted"'


def test_callers_may_add_to_what_they_get() -> None:
    attempt = AttemptFactory()

    attempt_dict(attempt)["proctored_exam"]["extra"] = 1

    assert "extra" not in attempt_dict(attempt)["proctored_exam"]


def test_loaded_rows_cost_no_query(django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]) -> None:
    AttemptFactory(submitted=True)
    attempt = ProctoredExamStudentAttempt.objects.select_related("user", "proctored_exam").get()

    with django_assert_num_queries(0):
        attempt_dict(attempt)
