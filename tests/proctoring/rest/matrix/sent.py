"""What is sent to each route about a thing: a path, a query and a body, valid enough to be carried out."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.proctoring.rest.matrix.routes import ROUTES
from tests.proctoring.rest.matrix.rules import LAUNCH, Rule
from tests.proctoring.rest.matrix.world import Target

Body = Any
EXAM = {
    "exam_name": "New",
    "external_id": "theirs",
    "time_limit_mins": 30,
    "is_proctored": True,
    "is_practice_exam": False,
    "is_active": True,
    "hide_after_due": False,
}
TIME = {"key": "additional_time_granted", "value": "15"}
REVIEW = {"status": "passed", "comments": []}


def _new_exam(target: Target) -> Body:
    return EXAM | {"course_id": target.course_id, "content_id": "anew"}


def _bulk(target: Target) -> Body:
    learner = {"user_ids": target.username, "allowance_type": "additional_time_granted", "value": "15"}
    return learner | {"exam_ids": str(target.exam_id)}


def _old_review(target: Target) -> Body:
    codes = {"examCode": target.legacy_code, "ssiRecordLocator": target.legacy_id}
    return {"examMetaData": codes, "reviewStatus": "Clean", "webCamComments": [], "desktopComments": []}


# By the rule's text, see ``Rule.__str__``.
BODIES: dict[str, Callable[[Target], Body]] = {
    "POST proctored_exam.exam()": _new_exam,
    "PUT proctored_exam.exam()": lambda target: {"exam_id": target.exam_id, "exam_name": "Renamed"},
    "PATCH proctored_exam.register_exams_by_course_id(course_id)": lambda target: [_new_exam(target)],
    "POST proctored_exam.attempt.collection()": lambda target: {
        "exam_id": target.open_exam_id,
        "attempt_proctored": "true",
    },
    "PUT proctored_exam.attempt(attempt_id)": lambda target: {"action": "click_download_software"},
    "PUT proctored_exam.attempt(attempt_id) to approve a resume": lambda target: {
        "action": "mark_ready_to_resume",
        "user_id": target.user_id,
    },
    "PUT proctored_exam.allowance()": lambda target: {
        "exam_id": target.exam_id,
        "user_info": target.username,
        **TIME,
    },
    "DELETE proctored_exam.allowance()": lambda target: {
        "exam_id": target.exam_id,
        "user_id": target.user_id,
        "key": TIME["key"],
    },
    "PUT proctored_exam.bulk_allowance()": _bulk,
    "PUT proctored_exam.bulk_allowance(course_id)": _bulk,
    "POST proctored_exam.attempt.callback(external_id)": lambda target: REVIEW,
    "POST anonymous.proctoring_review_callback()": _old_review,
}
LAUNCHES = [f"{method} {LAUNCH}{case}" for method in ("GET", "POST") for case in ("", " as signed by us")]
# Where the path names another attempt than most.
PATHS: dict[str, Callable[[Target], dict[str, Any]]] = {
    "PUT proctored_exam.attempt(attempt_id) to approve a resume": lambda target: {"attempt_id": target.broken_id},
    **dict.fromkeys(LAUNCHES, lambda target: {"attempt_code": target.legacy_code}),
}
QUERIES: dict[str, Callable[[Target], dict[str, Any]]] = {
    "GET proctored_exam.exam()": lambda target: {"exam_id": target.exam_id},
    "GET proctored_exam.active_exams_for_user()": lambda target: {
        "user_id": target.user_id,
        "course_id": target.course_id,
    },
    "GET proctored_exam.active_exams_for_user() in every course": lambda target: {"user_id": target.user_id},
    "GET proctored_exam.exam_attempts(course_id)": lambda target: {"content_id": target.open_content_id},
    "GET proctored_exam.exam_attempts(course_id) of a learner": lambda target: {
        "content_id": target.open_content_id,
        "user_id": target.user_id,
    },
    "GET proctored_exam.active_attempt() of a learner": lambda target: {"user_id": target.user_id},
    f"GET {LAUNCH} as signed by us": lambda target: {"signature": target.signature},
    f"POST {LAUNCH} as signed by us": lambda target: {"signature": target.signature},
    "GET user_onboarding.status()": lambda target: {"course_id": target.course_id, "username": target.username},
}


def body_about(rule: Rule, target: Target, claim: dict[str, Any]) -> Body:
    """The body, with the caller's claim where it does not take the place of the thing itself."""
    body = BODIES[str(rule)](target) if str(rule) in BODIES else None
    if not claim or isinstance(body, list):
        return body
    return claim | (body or {})


def raw_about(rule: Rule, target: Target, claim: dict[str, Any]) -> bytes:
    """The body as JSON; nothing where there is none."""
    body = body_about(rule, target, claim)
    return b"" if body is None else json.dumps(body).encode()


def url_about(rule: Rule, target: Target, claim: dict[str, Any], **path: Any) -> str:
    """Path and query; ``path`` are parts that are not the thing's. Where there is a query, a claim would change it."""
    other = PATHS[str(rule)](target) if str(rule) in PATHS else {}
    query = QUERIES[str(rule)](target) if str(rule) in QUERIES else claim
    return f"{ROUTES[rule.route].url(target, **other | path)}?{urlencode(query)}"
