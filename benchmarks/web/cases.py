"""The requests that are measured: who asks what, and how fast the answer has to be."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.urls import reverse

from benchmarks.web import course as seeded
from benchmarks.web.course import COURSE, EXAMS_OF_OTHER, FIRST, OTHER_COURSE, SECOND, SPEAKER, STAFF, TIMED, Course
from proctoring.models import ProctoredExam

TOKEN = "b" * CSRF_SECRET_LENGTH
PAIRS_A_LEARNER = 4
PAGE = 25
LEARNERS_AT_ONCE = 500
POOLS = len((seeded.CREATE, *seeded.STATUS_OF_POOL))
# What two runs of the same thing may differ by on a machine that has something else to do.
SAME = 0.15
FIRST_PAGE = "grouped attempts, first page (9)"


@dataclass(frozen=True)
class Ask:
    """A request of a signed-in user."""

    user_id: int
    path: str
    method: str = "GET"
    body: bytes = b""

    @property
    def headers(self) -> dict[str, str]:
        """The session, and for what changes something the token of the page that it comes from."""
        cookie = f"{settings.SESSION_COOKIE_NAME}={seeded.session_of(self.user_id)}"
        if self.method == "GET":
            return {"Cookie": cookie}
        sent = {"X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        return sent | {"Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}"}


Asks = Callable[[Course], Iterator[Ask]]


@dataclass(frozen=True)
class Case:
    """
    ``target`` is a share of the control's rate, None where only the size must not matter. ``loss`` is how much slower
    the largest course may be than the smallest, and how much slower than the case called ``beside``.
    """

    name: str
    asks: Asks
    target: float | None
    loss: float | None = None
    beside: str = ""
    needs_pools: bool = False
    connections: int = 4


def control(course: Course) -> Iterator[Ask]:
    """The least that a request can be."""
    return cycle([Ask(user_id, reverse("control", args=[attempt])) for user_id, attempt in course.running])


def requests() -> list[Case]:
    """What is measured at every size."""
    return [
        Case("attempt poll (7)", _poll, 0.80, loss=SAME),
        Case("learning app's poll (18)", _learning_app, 0.55, loss=SAME),
        Case("active exams (17)", partial(_of_learner, "active_exams_for_user"), 0.55, loss=SAME),
        Case("active attempt (19)", partial(_of_learner, "active_attempt"), 0.55, loss=SAME),
        Case(FIRST_PAGE, _grouped, 0.20, loss=0.25),
        Case("grouped attempts, deep page (9)", _grouped_deep, 0.20, loss=0.25, beside=FIRST_PAGE),
        Case("grouped attempts, search (10)", _searched, 0.20, loss=0.25),
        Case("grouped attempts, search for somebody else each time (10)", _searched_anew, None),
        Case("onboarding by course (23)", _onboarding, 0.15, loss=SAME),
        Case("allowances grouped, a page (16)", _allowances, 0.15, loss=SAME),
        Case("create, timed, and start (6)", _create_timed, 0.20, needs_pools=True),
        Case("create, with a vendor that is asked (6)", _create, 0.20, needs_pools=True),
        Case("start (7)", partial(_act, seeded.START, "start"), 0.20, needs_pools=True),
        Case("submit (7)", partial(_act, seeded.SUBMIT, "submit"), 0.20, needs_pools=True),
        Case("review callback (25)", _review, 0.15, needs_pools=True),
    ]


def pages() -> list[Case]:
    """What the staff of a course look at: one person, who waits for the page."""
    names = ["overview", "attempts", "live", "allowances", "onboarding"]
    return [Case(f"page: {name}", partial(_page, name), None, loss=SAME, connections=1) for name in names]


def bulk(course: Course) -> Iterator[Ask]:
    """500 learners get more time at each of 20 exams: as often as there are learners."""
    path = _route("bulk_allowance", OTHER_COURSE)
    for first in range(1, POOLS * course.spare - LEARNERS_AT_ONCE + 2, LEARNERS_AT_ONCE):
        people = [f"pool{number}" for number in range(first, first + LEARNERS_AT_ONCE)]
        said = {"user_ids": people, "exam_ids": list(EXAMS_OF_OTHER), "allowance_type": "additional_time_granted"}
        yield Ask(STAFF, path, "PUT", _json(said | {"value": "10"}))


def _route(name: str, *arguments: Any) -> str:
    return reverse(f"edx_proctoring:proctored_exam.{name}", args=arguments)


def _json(said: object) -> bytes:
    return json.dumps(said).encode()


def _by_staff(path: str, **query: object) -> Iterator[Ask]:
    return cycle([Ask(STAFF, f"{path}?{urlencode(query)}" if query else path)])


def _poll(course: Course) -> Iterator[Ask]:
    return cycle([Ask(user_id, _route("attempt", attempt)) for user_id, attempt in course.running])


def _learning_app(course: Course) -> Iterator[Ask]:
    content_id = ProctoredExam.objects.get(pk=SECOND).content_id
    query = urlencode({"content_id": content_id, "is_learning_mfe": "true"})
    path = f"{_route('exam_attempts', COURSE)}?{query}"
    return cycle([Ask(user_id, path) for user_id, _ in course.running])


def _of_learner(name: str, course: Course) -> Iterator[Ask]:
    path = _route(name)
    return cycle([Ask(user_id, path) for user_id, _ in course.running])


def _grouped(course: Course) -> Iterator[Ask]:
    return _by_staff(_route("attempts.grouped.course", COURSE))


def _grouped_deep(course: Course) -> Iterator[Ask]:
    """Not the very last page: that one is never full."""
    last = max(course.learners * PAIRS_A_LEARNER // PAGE - 1, 1)
    return _by_staff(_route("attempts.grouped.course", COURSE), page=last)


def _searched(course: Course) -> Iterator[Ask]:
    return _by_staff(_route("attempts.grouped.search", COURSE, f"learner{course.learners}"))


def _searched_anew(course: Course) -> Iterator[Ask]:
    """Nothing of the search is remembered."""
    named = (_route("attempts.grouped.search", COURSE, f"er{number}@") for number in range(course.learners, 0, -1))
    return cycle([Ask(STAFF, path) for path in named])


def _onboarding(course: Course) -> Iterator[Ask]:
    return _by_staff(reverse("edx_proctoring:user_onboarding.status.course", args=[COURSE]))


def _allowances(course: Course) -> Iterator[Ask]:
    return _by_staff(_route("allowance.grouped.course", COURSE), page=1)


def _create(course: Course) -> Iterator[Ask]:
    return _created(course, {"exam_id": FIRST, "start_clock": False, "attempt_proctored": True})


def _create_timed(course: Course) -> Iterator[Ask]:
    return _created(course, {"exam_id": TIMED, "start_clock": True, "attempt_proctored": False})


def _created(course: Course, said: dict[str, object]) -> Iterator[Ask]:
    body, path = _json(said), _route("attempt.collection")
    return iter([Ask(user_id, path, "POST", body) for user_id, _ in course.pool(seeded.CREATE)])


def _act(pool: int, action: str, course: Course) -> Iterator[Ask]:
    body = _json({"action": action})
    return iter([Ask(user_id, _route("attempt", attempt), "PUT", body) for user_id, attempt in course.pool(pool)])


def _review(course: Course) -> Iterator[Ask]:
    remark = {"comment": "nothing to remark", "status": "Clean", "start": 0, "stop": 5, "duration": 5}
    body = _json({"status": "passed", "comments": [remark]})
    attempts = (attempt for _, attempt in course.pool(seeded.REVIEW))
    return iter([Ask(SPEAKER, _route("attempt.callback", f"bench-{attempt}"), "POST", body) for attempt in attempts])


def _page(name: str, course: Course) -> Iterator[Ask]:
    return _by_staff(reverse(f"edx_proctoring:pages.{name}", args=[COURSE]))
