"""
Who may do what over HTTP: a row for each route and method (contract rest.md §2 with the fixes of §9.1).

Rows are data; ``test_matrix`` sends the requests. A caller who is not named by a row is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who asks. ``COURSE_STAFF`` is staff of HERE, ``OTHER_STAFF`` of THERE; their vendors are as different."""

    ANONYMOUS = "anonymous"
    INACTIVE = "inactive account with a session"
    LEARNER = "learner who may take the exams of HERE"
    STRANGER = "learner who may take no exam"
    COURSE_STAFF = "course staff"
    OTHER_STAFF = "staff of another course"
    SITE_STAFF = "global staff"
    SUPERUSER = "superuser who is not staff"
    REVIEWER = "vendor's reviewer"
    OTHER_REVIEWER = "another vendor's reviewer"
    RETIREMENT = "retirement service"
    SIGNING = "nobody, with the vendor's signature"
    LEGACY = "nobody, with the legacy vendor's signature"


class Thing(StrEnum):
    """What is asked about: an attempt, its learner, its exam and its course."""

    OWN = "the caller's own, HERE"
    THEIRS = "another learner's, HERE"
    ELSEWHERE = "another learner's, THERE, of another vendor"
    MISSING = "one that does not exist"


Rights = Mapping[Thing, frozenset[Role]]


def _here_and_there(own: frozenset[Role], here: frozenset[Role], there: frozenset[Role]) -> Rights:
    return {Thing.OWN: own, Thing.THEIRS: here, Thing.ELSEWHERE: there}


NOBODY: frozenset[Role] = frozenset()
SIGNERS = frozenset({Role.SIGNING, Role.LEGACY})
SIGNED_IN = frozenset(Role) - SIGNERS - {Role.ANONYMOUS, Role.INACTIVE}
SITE = frozenset({Role.SITE_STAFF, Role.SUPERUSER})
STAFF_HERE, STAFF_THERE = SITE | {Role.COURSE_STAFF}, SITE | {Role.OTHER_STAFF}

EVERYBODY = _here_and_there(*[frozenset(Role)] * 3)
ALL_SIGNED_IN = _here_and_there(*[SIGNED_IN] * 3)
OWNER = _here_and_there(SIGNED_IN, NOBODY, NOBODY)
COURSE_STAFF = _here_and_there(STAFF_HERE, STAFF_HERE, STAFF_THERE)
OWNER_OR_COURSE_STAFF = _here_and_there(SIGNED_IN, STAFF_HERE, STAFF_THERE)
OWNER_OR_SITE_STAFF = _here_and_there(SIGNED_IN, SITE, SITE)
SITE_STAFF = _here_and_there(SITE, SITE, SITE)
# S13: who may take the exam, or teaches its course.
READERS = _here_and_there(STAFF_HERE | {Role.LEARNER}, STAFF_HERE | {Role.LEARNER}, STAFF_THERE)
# The host's permission, which a superuser has by definition.
MAY_TAKE_IT = _here_and_there(*[frozenset({Role.LEARNER, Role.SUPERUSER})] * 2, frozenset({Role.SUPERUSER}))
# S2. A vendor may speak of an attempt before we know its id: that is kept, and answered as a mistake.
VENDOR = {
    **_here_and_there(*[SITE | {Role.REVIEWER, Role.SIGNING}] * 2, SITE | {Role.OTHER_REVIEWER}),
    Thing.MISSING: SITE | SIGNERS | {Role.REVIEWER, Role.OTHER_REVIEWER},
}
# S3 and S7: the legacy vendor's attempts, whatever the thing.
LEGACY_VENDOR = dict.fromkeys(Thing, frozenset({Role.LEGACY}))
NOBODY_AT_ALL: Rights = {}
# Has every permission of the site, and nobody else this one.
SUPERUSER = _here_and_there(*[frozenset({Role.SUPERUSER})] * 3)
RETIREMENT = _here_and_there(*[frozenset({Role.RETIREMENT, Role.SUPERUSER})] * 3)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    ``may``: whose request is answered with neither 403 nor 405.

    ``missing``: the status for whoever is told that the thing does not exist. ``refused``: statuses of a refusal;
    ``silent``: it has no body. ``case``: which of several requests to the same route. ``shows``: for whom alone an
    answer names the exam. ``open``: asks for no account. ``claims``: staff of one course try
    to get at another one's by naming their own.
    """

    route: str
    method: str
    may: Rights
    missing: int = 400
    case: str = ""
    refused: frozenset[int] = frozenset({403})
    silent: bool = False
    shows: Rights | None = None
    open: bool = False
    claims: bool = True

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.case}".strip()


LAUNCH = "anonymous.proctoring_launch_callback.start_exam(attempt_code)"
RULES = (
    # Exams
    Rule("proctored_exam.exam()", "GET", READERS),
    Rule("proctored_exam.exam()", "POST", SITE_STAFF, missing=200),
    Rule("proctored_exam.exam()", "PUT", SITE_STAFF),
    Rule("proctored_exam.exam_by_id(exam_id)", "GET", READERS),
    Rule("proctored_exam.exam_by_content_id(content_id, course_id)", "GET", READERS),
    Rule("proctored_exam.exams_by_course_id(course_id)", "GET", ALL_SIGNED_IN, missing=200, shows=READERS),
    Rule("proctored_exam.register_exams_by_course_id(course_id)", "PATCH", SITE_STAFF, missing=200),
    Rule("proctored_exam.proctoring_settings(exam_id)", "GET", READERS),
    Rule("proctored_exam.review_policy(exam_id)", "GET", READERS, missing=200),
    # Attempts
    Rule("proctored_exam.attempt.collection()", "GET", ALL_SIGNED_IN, missing=200),
    Rule("proctored_exam.attempt.collection()", "POST", MAY_TAKE_IT),
    Rule("proctored_exam.attempt(attempt_id)", "GET", OWNER),
    Rule("proctored_exam.attempt(attempt_id)", "PUT", OWNER),
    Rule("proctored_exam.attempt(attempt_id)", "PUT", COURSE_STAFF, case="to approve a resume"),
    Rule("proctored_exam.attempt(attempt_id)", "DELETE", COURSE_STAFF),
    Rule("proctored_exam.attempt.review_status(attempt_id)", "PUT", OWNER),
    Rule("proctored_exam.attempts.grouped.course(course_id)", "GET", COURSE_STAFF, missing=200),
    Rule("proctored_exam.attempts.grouped.search(course_id, search_by)", "GET", COURSE_STAFF, missing=200),
    Rule("proctored_exam.attempts.reset(exam_id, user_id)", "DELETE", COURSE_STAFF, missing=404),
    Rule("proctored_exam.active_exams_for_user()", "GET", OWNER_OR_COURSE_STAFF, missing=200),
    Rule(
        "proctored_exam.active_exams_for_user()",
        "GET",
        OWNER_OR_SITE_STAFF,
        missing=200,
        case="in every course",
        # A course would be asked for, and not claimed.
        claims=False,
    ),
    Rule("proctored_exam.exam_attempts(course_id)", "GET", ALL_SIGNED_IN, missing=200, shows=READERS),
    Rule("proctored_exam.exam_attempts(course_id)", "GET", SITE_STAFF, case="of a learner"),
    Rule("proctored_exam.active_attempt()", "GET", ALL_SIGNED_IN, missing=200),
    Rule("proctored_exam.active_attempt()", "GET", SITE_STAFF, missing=200, case="of a learner"),
    # Allowances
    Rule("proctored_exam.allowance()", "PUT", COURSE_STAFF),
    Rule("proctored_exam.allowance()", "DELETE", COURSE_STAFF, missing=200),
    Rule("proctored_exam.allowance(course_id)", "GET", COURSE_STAFF, missing=200),
    Rule("proctored_exam.bulk_allowance()", "PUT", COURSE_STAFF),
    Rule("proctored_exam.bulk_allowance(course_id)", "PUT", COURSE_STAFF),
    Rule("proctored_exam.allowance.grouped.course(course_id)", "GET", COURSE_STAFF, missing=200),
    # Onboarding
    Rule("user_onboarding.status()", "GET", OWNER_OR_COURSE_STAFF),
    Rule("user_onboarding.status.course(course_id)", "GET", COURSE_STAFF, missing=404),
    # Vendors
    Rule("proctored_exam.attempt.ready_callback(external_id)", "POST", VENDOR, missing=404),
    Rule("proctored_exam.attempt.callback(external_id)", "POST", VENDOR, silent=True),
    Rule("anonymous.proctoring_review_callback()", "POST", LEGACY_VENDOR, open=True),
    Rule(LAUNCH, "GET", NOBODY_AT_ALL, missing=404, open=True),
    Rule(LAUNCH, "POST", NOBODY_AT_ALL, missing=404, open=True),
    Rule(LAUNCH, "GET", EVERYBODY, missing=404, open=True, case="as signed by us"),
    Rule(LAUNCH, "POST", EVERYBODY, missing=404, open=True, case="as signed by us"),
    # Dashboards
    Rule("instructor_dashboard_course(course_id)", "GET", COURSE_STAFF, missing=404),
    Rule("instructor_dashboard_exam(course_id, exam_id)", "GET", COURSE_STAFF, missing=404),
    # Retirement
    Rule("backend_user_deletion_api(user_id)", "POST", RETIREMENT, missing=200, silent=True),
    Rule("user_retirement_api(user_id)", "POST", RETIREMENT, missing=204, silent=True),
    # About this door, and what is behind it
    Rule("health()", "GET", EVERYBODY, missing=200, open=True),
    Rule("metrics()", "GET", SUPERUSER, missing=200),
    Rule("openapi()", "GET", ALL_SIGNED_IN, missing=200),
    Rule("openapi.docs()", "GET", ALL_SIGNED_IN, missing=200),
    # Pages
    Rule("rest_framework:login()", "GET", EVERYBODY, missing=200, open=True),
    Rule("rest_framework:login()", "POST", EVERYBODY, missing=200, open=True),
    Rule("rest_framework:login()", "PUT", EVERYBODY, missing=200, open=True),
    Rule("rest_framework:logout()", "POST", EVERYBODY, missing=200, open=True),
)
