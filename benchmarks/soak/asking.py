"""What is asked: each kind of :data:`benchmarks.capacity.KINDS` at its own steady rate."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import count
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from benchmarks import capacity
from benchmarks.pictures import data_url, noise
from benchmarks.soak.people import People, code_of
from benchmarks.web.cases import Ask
from demo.lms.seeding.course import COURSE_ID
from proctoring.common.signing import Secret, StandardWebhooks

# The simulator says after half a second that the learner's computer is ready.
SECONDS_TO_NEXT_STEP = 10.0
PATIENCE = 1.2
JOURNEY = "create, start, submit"
POLL, LEARNING, REVIEW, PHOTOS, LIVE, PAGES = (
    "poll",
    "learning app's poll",
    "review, signed",
    "photos",
    "page: live",
    "page: attempts",
)
KINDS = {
    POLL: "exam page asks for the time left",
    LEARNING: "learning app asks for exam and attempt",
    JOURNEY: "create",
    REVIEW: "review",
    PHOTOS: "photos are handed in",
    LIVE: "staff watch the live page",
    PAGES: "staff turn pages of attempts",
}


@dataclass(frozen=True)
class Request:
    """Something that is sent once."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, order=True)
class Arrival:
    """Number ``number`` of its kind is due ``at`` so many seconds."""

    at: float
    kind: str
    number: int


def rates(learners: int) -> dict[str, float]:
    """How often a second each kind comes while so many sit. The vendor's own messages are left to the vendor."""
    by_name = {kind.name: kind for kind in capacity.KINDS}
    return {kind: capacity.a_second(by_name[name], learners) for kind, name in KINDS.items()}


def needed(learners: int, seconds: float, kind: str) -> int:
    """How many people the kind takes who do it only once."""
    return int(rates(learners)[kind] * seconds * PATIENCE) + 2


def arrivals(learners: int, seconds: float) -> Iterator[Arrival]:
    """All of a run, in order; the last journeys begin early enough to end in it."""
    return merge(
        *(
            _of_kind(kind, rate, seconds - (2 * SECONDS_TO_NEXT_STEP if kind == JOURNEY else 0))
            for kind, rate in rates(learners).items()
        )
    )


def _of_kind(kind: str, rate: float, seconds: float) -> Iterator[Arrival]:
    for number in count():
        at = (number + 0.5) / rate
        if at >= seconds:
            return
        yield Arrival(at, kind, number)


class Requests:
    """What is sent for each arrival."""

    def __init__(self, people: People) -> None:
        self._people = people
        photo = data_url(noise(1280, 960))
        self._photos = urlencode({"face_image": photo, "photo_id_image": photo, "full_name": ""}).encode()
        [secret] = settings.PROCTORING_BACKENDS["software_secure"]["callback_secrets"]
        self._vendor = StandardWebhooks([Secret.from_standard(secret["id"], secret["secret"])])

    def of(self, arrival: Arrival) -> Request:
        """Of anything but a journey."""
        people, number = self._people, arrival.number
        sitting = people.sitting.first + number % people.sitting.number
        if arrival.kind == POLL:
            return _sent(Ask(sitting, _route("attempt", sitting)))
        if arrival.kind == LEARNING:
            query = urlencode({"content_id": people.content_id, "is_learning_mfe": "true"})
            return _sent(Ask(sitting, f"{_route('exam_attempts', COURSE_ID)}?{query}"))
        if arrival.kind == REVIEW:
            return self._review(people.reviewed.ids[number])
        if arrival.kind == PHOTOS:
            return self._handed_in(people.photographed.ids[number])
        page = "pages.live" if arrival.kind == LIVE else "pages.attempts"
        return _sent(Ask(people.staff, reverse(f"edx_proctoring:{page}", args=[COURSE_ID])))

    def create(self, number: int) -> Request:
        said = {"exam_id": self._people.proctored, "start_clock": False, "attempt_proctored": True}
        return _sent(Ask(self._people.beginning.ids[number], _route("attempt.collection"), "POST", _json(said)))

    def act(self, number: int, attempt: int, action: str) -> Request:
        learner = self._people.beginning.ids[number]
        return _sent(Ask(learner, _route("attempt", attempt), "PUT", _json({"action": action})))

    def _review(self, attempt: int) -> Request:
        code = code_of(attempt)
        comment = {"comments": "nothing", "eventStatus": "Clean", "eventStart": 0, "eventFinish": 5, "duration": 5}
        document = {
            "examMetaData": {"examCode": code, "ssiRecordLocator": code, "reviewedExam": "True"},
            "reviewStatus": "Clean",
            "webCamComments": [comment],
            "desktopComments": [],
        }
        body = _json(document)
        signed = self._vendor.sign(body, timezone.now(), code)
        path = "/api/edx_proctoring/proctoring_review_callback/"
        return Request("POST", path, {"Content-Type": "application/json", **signed}, body)

    def _handed_in(self, learner: int) -> Request:
        sent = _sent(Ask(learner, reverse("verify_student_submit_photos"), "POST", self._photos))
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return Request(sent.method, sent.path, sent.headers | form, sent.body)


def _sent(ask: Ask) -> Request:
    return Request(ask.method, ask.path, ask.headers, ask.body)


def _route(name: str, *arguments: object) -> str:
    return reverse(f"edx_proctoring:proctored_exam.{name}", args=arguments)


def _json(said: object) -> bytes:
    return json.dumps(said).encode()
