"""
Who may do what on the pages of special exams (contract vendors_admin_screens.md §6; rest.md §9.1).

Rows are data, and ``test_pages`` sends the requests. The roles and things are those of the REST rules, so that a page
and a route about the same thing can be compared. Whoever is nobody is sent to sign in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from proctoring.pages.learner import VERBS
from tests.proctoring.rest.matrix.rules import (
    ALL_SIGNED_IN,
    COURSE_STAFF,
    MAY_TAKE_IT,
    NOBODY,
    OWNER,
    OWNER_OR_COURSE_STAFF,
    Rights,
    Role,
    Thing,
)
from tests.proctoring.rest.matrix.world import Target

# The others sign messages and open no pages, or are to a page like one of these.
ROLES = frozenset(Role) - {Role.SIGNING, Role.LEGACY, Role.RETIREMENT, Role.OTHER_REVIEWER}
NOT_THERE = frozenset({404})
FORBIDDEN = frozenset({403})
# A decision on a review takes the course and the permission, or the vendor's group; of these a superuser has both.
DECIDERS: Rights = dict.fromkeys((Thing.OWN, Thing.THEIRS, Thing.ELSEWHERE), frozenset({Role.SUPERUSER}))

Form = Mapping[str, Any]


def _nothing(target: Target) -> Form:
    return {}


@dataclass(frozen=True, slots=True)
class PageRule:
    """
    ``may``: whose request is carried out, the thing being there. ``refused``: how everybody else who has signed in is
    told. ``form``: what is sent, valid enough to be carried out; ``query``: the same in the address. ``path``: parts of
    the path that are not the thing's. ``seen``: who may know of the thing besides. ``changes``: whether a request that
    is carried out changes rows.
    """

    route: str
    method: str
    may: Rights
    refused: frozenset[int] = FORBIDDEN
    form: Callable[[Target], Form] = _nothing
    query: Callable[[Target], Form] = _nothing
    path: Callable[[Target], Form] = _nothing
    case: str = ""
    seen: Rights | None = None
    changes: bool = False

    def allows(self, role: Role, thing: Thing) -> bool:
        return role in self.may.get(thing, NOBODY)

    def hides(self, role: Role, thing: Thing) -> bool:
        """Whether nothing tells the thing from one that does not exist."""
        return thing is not Thing.OWN and role not in (self.seen or self.may).get(thing, NOBODY)

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.case}".strip()


def _grant(target: Target) -> Form:
    return {
        "learners": target.username,
        "exams": target.open_exam_id,
        "kind": "additional_time_granted",
        "value": "15",
    }


def _file(target: Target) -> Form:
    line = f"{target.course_id},{target.open_content_id},{target.username},additional_time_granted,15"
    return {"text": f"course_id,exam,user,key,value\n{line}\n", "apply": "1"}


def _broken(target: Target) -> Form:
    return {"attempt_id": target.broken_id}


def _pressed(verb: str) -> PageRule:
    """Buttons of whoever's attempt it is: somebody else's attempt is not there, whoever asks."""
    return PageRule(
        "pages.act(attempt_id, verb)",
        "POST",
        OWNER,
        NOT_THERE,
        path=lambda target: {"verb": verb},
        case=f"to {verb}",
        changes=verb in {"decline", "acknowledge"},
    )


LEARNER_PAGES = (
    PageRule(
        "pages.begin(exam_id)",
        "POST",
        MAY_TAKE_IT,
        NOT_THERE,
        form=lambda target: {"proctored": "true"},
        path=lambda target: {"exam_id": target.open_exam_id},
        changes=True,
    ),
    # Declining to be proctored, and an exam with a clock only, take no permission of the host (contract rest.md §9).
    PageRule(
        "pages.begin(exam_id)",
        "POST",
        ALL_SIGNED_IN,
        NOT_THERE,
        path=lambda target: {"exam_id": target.open_exam_id},
        case="without proctoring",
        changes=True,
    ),
    *map(_pressed, sorted(VERBS)),
    PageRule("pages.my_data()", "GET", ALL_SIGNED_IN),
    PageRule("pages.my_data.download()", "POST", ALL_SIGNED_IN, changes=True),
    PageRule("pages.waiting(attempt_id)", "GET", OWNER, NOT_THERE, query=lambda target: {"status": "created"}),
    PageRule("pages.my_onboarding(course_id)", "GET", ALL_SIGNED_IN),
    PageRule(
        "pages.my_onboarding(course_id)",
        "GET",
        OWNER_OR_COURSE_STAFF,
        NOT_THERE,
        query=lambda target: {"username": target.username},
        case="of a learner",
    ),
)


def _seen(route: str) -> PageRule:
    return PageRule(route, "GET", COURSE_STAFF)


COURSE_PAGES = (
    _seen("pages.overview(course_id)"),
    _seen("pages.figures(course_id)"),
    _seen("pages.attempts(course_id)"),
    _seen("pages.attempts.export(course_id)"),
    _seen("pages.reset(attempt_id, course_id)"),
    PageRule("pages.reset(attempt_id, course_id)", "POST", COURSE_STAFF, changes=True),
    _seen("pages.resume(attempt_id, course_id)"),
    PageRule("pages.resume(attempt_id, course_id)", "POST", COURSE_STAFF, path=_broken, changes=True),
    _seen("pages.review(attempt_id, course_id)"),
    PageRule(
        "pages.review(attempt_id, course_id)",
        "POST",
        DECIDERS,
        form=lambda target: {"reason": "Looked into"},
        seen=COURSE_STAFF,
    ),
    _seen("pages.live(course_id)"),
    _seen("pages.allowances(course_id)"),
    _seen("pages.allowances.grant(course_id)"),
    PageRule("pages.allowances.grant(course_id)", "POST", COURSE_STAFF, form=_grant, changes=True),
    _seen("pages.allowances.import(course_id)"),
    PageRule("pages.allowances.import(course_id)", "POST", COURSE_STAFF, form=_file, changes=True),
    _seen("pages.allowances.export(course_id)"),
    _seen("pages.allowances.change(allowance_id, course_id)"),
    PageRule(
        "pages.allowances.change(allowance_id, course_id)",
        "POST",
        COURSE_STAFF,
        form=lambda target: {"value": "45"},
        changes=True,
    ),
    _seen("pages.allowances.take_back(allowance_id, course_id)"),
    PageRule("pages.allowances.take_back(allowance_id, course_id)", "POST", COURSE_STAFF, changes=True),
    _seen("pages.onboarding(course_id)"),
)
RULES = (*LEARNER_PAGES, *COURSE_PAGES)
