"""Stand-ins for what is not ours: a vendor, and the services of an LMS. They remember what they were asked."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from proctoring.backends.base import ProctoringBackendProvider


class WatchingBackend(ProctoringBackendProvider):
    """A vendor that takes everything; ``fail_with`` makes it raise, ``before_answering`` is done first."""

    supports_onboarding = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.forget()

    def forget(self) -> None:
        """As it was before its first call."""
        self.numbers = itertools.count(1)
        self.calls: list[tuple[Any, ...]] = []
        self.answered: list[tuple[Any, ...]] = []
        self.fail_with: Exception | None = None
        self.confirms_removal: bool | None = True
        self.gives_ids = True
        self.before_answering: Callable[[], Any] | None = None

    def _called(self, *call: Any) -> None:
        self.calls.append(call)
        if self.fail_with is not None:
            raise self.fail_with
        self.answered.append(call)

    def _prepare_answer(self) -> None:
        if self.before_answering is not None:
            self.before_answering()

    def register_exam_attempt(self, exam: Any, context: Any) -> str | None:
        self._called("register", exam["external_id"], dict(context))
        self._prepare_answer()
        return f"watched-{next(self.numbers)}" if self.gives_ids else None

    def start_exam_attempt(self, exam: str, attempt: str) -> None:
        self._called("start", exam, attempt)

    def stop_exam_attempt(self, exam: str, attempt: str) -> None:
        self._called("stop", exam, attempt)

    def mark_erroneous_exam_attempt(self, exam: str, attempt: str) -> None:
        self._called("error", exam, attempt)

    def remove_exam_attempt(self, exam: str, attempt: str) -> Any:
        self._called("remove", exam, attempt)
        self._prepare_answer()
        return self.confirms_removal

    def get_software_download_url(self) -> str:
        return "https://watcher.example/download"

    def on_review_callback(self, attempt: Any, payload: Any) -> Any:
        return payload

    def on_exam_saved(self, exam: Any) -> str:
        self._called("exam", exam["id"], exam["is_active"])
        return f"exam-{exam['id']}"


@dataclass
class FakeCredit:
    """The LMS's credit service."""

    state: dict[str, Any] | None = field(
        default_factory=lambda: {
            "course_name": "Demonstrations",
            "profile_fullname": "Ada King Lovelace",
            "student_email": "ada@example.org",
            "credit_requirement_status": [],
        }
    )
    statuses: list[tuple[int, str, str]] = field(default_factory=list)
    removed: list[tuple[int, str]] = field(default_factory=list)
    fail_with: Exception | None = None
    fail_removal_with: Exception | None = None

    def get_credit_state(self, user_id: int, course_id: str, return_course_info: bool = False) -> Any:
        return self.state

    def set_credit_requirement_status(
        self, *, user_id: int, course_key_or_id: str, req_namespace: str, req_name: str, status: str
    ) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        self.statuses.append((user_id, req_name, status))

    def remove_credit_requirement_status(
        self, *, user_id: int, course_key_or_id: str, req_namespace: str, req_name: str
    ) -> None:
        if self.fail_removal_with is not None:
            raise self.fail_removal_with
        self.removed.append((user_id, req_name))


@dataclass
class FakeGrades:
    """The LMS's grades service."""

    wanted: bool = True
    overrides: list[dict[str, Any]] = field(default_factory=list)
    undone: list[dict[str, Any]] = field(default_factory=list)

    def should_override_grade_on_rejected_exam(self, course_id: str) -> bool:
        return self.wanted

    def override_subsection_grade(self, **override: Any) -> None:
        self.overrides.append(override)

    def undo_override_subsection_grade(self, **undone: Any) -> None:
        self.undone.append(undone)


@dataclass
class FakeCertificates:
    """The LMS's certificates service."""

    invalidated: list[dict[str, Any]] = field(default_factory=list)

    def invalidate_certificate(self, **certificate: Any) -> None:
        self.invalidated.append(certificate)


@dataclass
class FakeInstructor:
    """The LMS's instructor service."""

    staff: set[tuple[int, str]] = field(default_factory=set)
    completed: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[tuple[str, str, str]] = field(default_factory=list)
    notified: list[dict[str, Any]] = field(default_factory=list)
    escalation_email: str | None = None

    def complete_student_attempt(self, username: str, content_id: str) -> None:
        self.completed.append((username, content_id))

    def delete_student_attempt(self, username: str, course_id: str, content_id: str, *, requesting_user: Any) -> None:
        self.deleted.append((username, course_id, content_id))

    def get_proctoring_escalation_email(self, course_id: str) -> str | None:
        return self.escalation_email

    def is_course_staff(self, user: Any, course_id: str) -> bool:
        return (user.pk, course_id) in self.staff

    def send_support_notification(self, **notification: Any) -> None:
        self.notified.append(notification)


@dataclass
class FakeDates:
    """The LMS's personal due dates, by user id; and the end of every course."""

    due: dict[int, Any] = field(default_factory=dict)
    course_end: Any = None

    def get_due_date(self, exam: Any, user_id: int) -> Any:
        return self.due.get(user_id)

    def get_course_end(self, course_id: str) -> Any:
        return self.course_end


@dataclass
class FakePreferences:
    """The LMS's account settings, by user id."""

    languages: dict[int, str] = field(default_factory=dict)
    time_zones: dict[int, str] = field(default_factory=dict)

    def get_language(self, user_id: int) -> str | None:
        return self.languages.get(user_id)

    def get_time_zone(self, user_id: int) -> str | None:
        return self.time_zones.get(user_id)


@dataclass
class FakeTracker:
    """The LMS's collector of events: name, data and context of each."""

    events: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    fail_with: Exception | None = None

    def emit(self, name: str, data: Any, *, context: Any) -> None:
        self.events.append((name, dict(data), dict(context)))
        if self.fail_with is not None:
            raise self.fail_with

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.events]


@dataclass
class FakeSwitches:
    """The switches that are on."""

    on: set[str] = field(default_factory=set)

    def is_active(self, name: str) -> bool:
        return name in self.on


@dataclass
class FakeLms:
    """All of the LMS at once."""

    credit: FakeCredit = field(default_factory=FakeCredit)
    grades: FakeGrades = field(default_factory=FakeGrades)
    certificates: FakeCertificates = field(default_factory=FakeCertificates)
    instructor: FakeInstructor = field(default_factory=FakeInstructor)
    dates: FakeDates = field(default_factory=FakeDates)
    preferences: FakePreferences = field(default_factory=FakePreferences)
    tracker: FakeTracker = field(default_factory=FakeTracker)
    switches: FakeSwitches = field(default_factory=FakeSwitches)


class RecordingBackend(WatchingBackend):
    """A vendor that keeps recordings."""

    video_review_aes_key: str | None = None

    def get_video_review_aes_key(self) -> str | None:
        return self.video_review_aes_key
