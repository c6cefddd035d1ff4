"""
What ends in an error of the server in existing systems, each trigger by itself (contract rest.md §9.3): a clear
refusal, or, where it can only mean one thing, that thing.
"""

import json
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import AttemptFactory, ExamFactory
from tests.proctoring.rest.matrix.rules import Role
from tests.proctoring.rest.matrix.world import HERE, NO_ID, World, rows, use_settings

STAFF, SITE, LEARNER = Role.COURSE_STAFF, Role.SITE_STAFF, Role.LEARNER
REVIEW: dict[str, Any] = {"status": "passed", "comments": [{"comment": "a", "status": "b"}]}
TIME = {"key": "additional_time_granted", "value": "10"}
BULK = {"exam_ids": "{exam}", "user_ids": "learner-bystander", "allowance_type": "time_multiplier", "value": "1.5"}
EXAM = {
    "course_id": HERE,
    "content_id": "anew",
    "exam_name": "New",
    "external_id": "theirs",
    "time_limit_mins": 30,
    "is_proctored": True,
    "is_practice_exam": False,
    "is_active": True,
    "hide_after_due": False,
}
PART = "proctored_exam."
EXAM_URL, ATTEMPT_URL = f"{PART}exam", f"{PART}attempt"
NEW_ATTEMPT, ALLOWANCE, BULK_ALLOWANCE = f"{PART}attempt.collection", f"{PART}allowance", f"{PART}bulk_allowance"
REGISTER, LEGACY_REVIEW = f"{PART}register_exams_by_course_id", "anonymous.proctoring_review_callback"
REVIEWED, READY = f"{PART}attempt.callback", f"{PART}attempt.ready_callback"

# Who, method, route, its arguments, query, body, status. What stands in braces is filled in, see ``_names``.
ROWS: list[tuple[Role, str, str, list[Any], str, Any, int]] = [
    (LEARNER, "GET", EXAM_URL, [], "", None, 400),
    (LEARNER, "GET", f"{PART}exam_by_id", [0], "", None, 400),
    *((SITE, "POST", EXAM_URL, [], "", EXAM | {"is_active": text}, 200) for text in ("true", "yes", "True")),
    (SITE, "POST", EXAM_URL, [], "", EXAM | {"is_proctored": "False"}, 200),
    (SITE, "POST", EXAM_URL, [], "", {name: EXAM[name] for name in EXAM if name != "is_active"}, 400),
    (LEARNER, "POST", NEW_ATTEMPT, [], "", {"exam_id": "{timed}", "attempt_proctored": True}, 403),
    *((SITE, "PUT", EXAM_URL, [], "", {"exam_id": bad}, 400) for bad in ("seven", 1.5, [1], None, {})),
    *((LEARNER, "POST", NEW_ATTEMPT, [], "", {"exam_id": bad}, 400) for bad in ("seven", 1.5, [1], None, {})),
    (STAFF, "PUT", BULK_ALLOWANCE, [], "", BULK | {"exam_ids": "{exam},seven"}, 400),
    *((SITE, method, f"{PART}exam_by_id", ["{exam}"], "", {}, 405) for method in ("POST", "PUT", "DELETE")),
    *((SITE, method, f"{PART}exams_by_course_id", [HERE], "", {}, 405) for method in ("POST", "PUT", "DELETE")),
    *((STAFF, method, ALLOWANCE, [HERE], "", {}, 405) for method in ("PUT", "DELETE")),
    (SITE, "GET", ALLOWANCE, [], "", None, 405),
    (
        LEARNER,
        "POST",
        NEW_ATTEMPT,
        [],
        "",
        {"exam_id": "{timed}", "start_clock": True, "attempt_proctored": False},
        200,
    ),
    *(
        (LEARNER, "PUT", ATTEMPT_URL, ["{attempt}"], "", body, 400)
        for body in ({}, {"action": "fly"}, {"action": None})
    ),
    (STAFF, "PUT", ATTEMPT_URL, ["{theirs}"], "", {"action": "mark_ready_to_resume", "user_id": "seven"}, 400),
    (STAFF, "DELETE", ATTEMPT_URL, [NO_ID], "", None, 400),
    (STAFF, "PUT", ATTEMPT_URL, ["{theirs}"], "", [], 400),
    (STAFF, "GET", f"{PART}attempts.grouped.course", [HERE], "", [], 200),
    (STAFF, "PUT", ALLOWANCE, [], "", {"exam_id": NO_ID, "user_info": "learner-bystander", **TIME}, 403),
    (SITE, "PUT", ALLOWANCE, [], "", {"exam_id": NO_ID, "user_info": "learner-bystander", **TIME}, 400),
    (STAFF, "PUT", ALLOWANCE, [], "", [], 400),
    (
        STAFF,
        "PUT",
        ALLOWANCE,
        [],
        "",
        {"exam_id": "{exam}", "user_info": "learner-bystander", **TIME, "value": 10},
        200,
    ),
    (STAFF, "PUT", ALLOWANCE, [], "", {"exam_id": "{exam}", "user_info": NO_ID, **TIME}, 400),
    (STAFF, "PUT", ALLOWANCE, [], "", {"exam_id": "{exam}", "user_info": "learner-bystander", "value": "1"}, 400),
    (SITE, "PUT", ALLOWANCE, [], "", {"user_info": "learner-bystander", **TIME}, 400),
    (STAFF, "DELETE", ALLOWANCE, [], "", {"exam_id": "{exam}", "user_id": "seven", "key": "a"}, 400),
    (STAFF, "PUT", BULK_ALLOWANCE, [], "", BULK | {"exam_ids": ["{exam}"], "user_ids": ["learner-bystander"]}, 200),
    (STAFF, "PUT", BULK_ALLOWANCE, [], "", BULK | {"value": 1.5}, 200),
    *((STAFF, "PUT", BULK_ALLOWANCE, [], "", BULK | {"value": bad}, 400) for bad in (None, "nan", "inf", [], True)),
    (STAFF, "PUT", BULK_ALLOWANCE, [], "", {name: BULK[name] for name in BULK if name != "allowance_type"}, 400),
    (SITE, "PATCH", REGISTER, [HERE], "", [EXAM | {"backend": "nobody"}], 422),
    (SITE, "GET", f"{PART}exam_attempts", [HERE], "user_id=seven", None, 400),
    (SITE, "GET", f"{PART}exam_attempts", [HERE], f"user_id={NO_ID}&content_id={{content}}", None, 400),
    (SITE, "GET", f"{PART}active_attempt", [], "user_id=seven", None, 400),
    (SITE, "GET", f"{PART}active_attempt", [], f"user_id={NO_ID}", None, 200),
    (LEARNER, "GET", f"{PART}exam_attempts", [HERE], "content_id=no-key&is_learning_mfe=1", None, 200),
    (SITE, "GET", "user_onboarding.status", [], f"course_id={HERE.replace('+', '%2B')}&username=nobody", None, 400),
    (STAFF, "GET", "user_onboarding.status.course", [HERE], "statuses=error,setup_started", None, 200),
    (STAFF, "GET", "user_onboarding.status.course", [HERE], "statuses=fly", None, 400),
    (Role.REVIEWER, "POST", READY, ["{shared}"], "", {}, 404),
    (Role.REVIEWER, "POST", REVIEWED, ["{shared}"], "", REVIEW, 400),
    *(
        (Role.REVIEWER, "POST", REVIEWED, ["{vendor_id}"], "", body, 400)
        for body in ({}, [], "passed", None, {"status": None}, {"status": "passed", "comments": [{"status": "b"}]})
    ),
    *(
        (Role.REVIEWER, "POST", REVIEWED, ["{vendor_id}"], "", REVIEW | extra, 200)
        for extra in ({"comments": None}, {"payload": None}, {"reviewed_by": "role-site_staff@example.com"})
    ),
    *(
        (Role.LEGACY, "POST", LEGACY_REVIEW, [], "", body, 400)
        for body in ({}, [], {"examMetaData": 1}, {"reviewStatus": "Clean"})
    ),
    (SITE, "GET", "instructor_dashboard_exam", [HERE, NO_ID], "", None, 404),
    (STAFF, "GET", "instructor_dashboard_exam", [HERE, NO_ID], "", None, 404),
    # Nobody of this world has a profile.
    (SITE, "GET", "instructor_dashboard_exam", [HERE, "{exam}"], "", None, 302),
]
STORING = {200, 302}


@pytest.fixture
def world(db, lms, settings):
    use_settings(settings)
    return World(lms)


@pytest.mark.parametrize(("role", "method", "name", "args", "query", "body", "status"), ROWS)
def test_trigger(world, role, method, name, args, query, body, status):
    names = _names(world, role)
    url = reverse(f"edx_proctoring:{name}", args=[names.get(str(arg), arg) for arg in args])
    raw = b"" if body is None and method == "GET" else _filled(json.dumps(body), names).encode()
    answer = world.ask(role, method, f"{url}?{_filled(query, names)}", raw)
    assert answer.status == status, answer.content[:200]
    assert status in STORING or not set(answer.changed) - {"proctoring.InboxDelivery"}


def test_a_vendor_that_is_gone_stops_no_retirement(world, settings):
    """§9.3, route 30: the remaining vendors are asked."""
    AttemptFactory(user=world.users[LEARNER], proctored_exam=ExamFactory(backend="gone"))
    url = reverse("edx_proctoring:backend_user_deletion_api", args=[world.users[LEARNER].pk])
    answer = world.ask(Role.RETIREMENT, "POST", url)
    assert (answer.status, json.loads(answer.content).get("gone")) == (500, False)


def _names(world: World, role: Role) -> dict[str, Any]:
    shared = [AttemptFactory(proctored_exam=world.here.exam, external_id="shared") for _ in range(2)]
    names = {
        "{exam}": world.here.exam.pk,
        "{content}": world.here.exam.content_id,
        "{timed}": ExamFactory(timed=True, course_id=HERE).pk,
        "{attempt}": world.own[role].attempt_id if role in world.own else NO_ID,
        "{theirs}": world.theirs.attempt_id,
        "{vendor_id}": world.theirs.external_id,
        "{shared}": shared[0].external_id,
    }
    world.before = rows()
    return names


def _filled(text: str, names: dict[str, Any]) -> str:
    for mark, value in names.items():
        text = text.replace(mark, str(value))
    return text
