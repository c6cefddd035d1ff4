"""
A course with as many attempts as are wanted, written by the database itself.

Five attempts a learner: a timed exam, the onboarding, a proctored exam, and two attempts at another one. Two in a
hundred learners are sitting their last one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from benchmarks.seeding import add, go_on_counting
from demo.lms.models import Course as LmsCourse
from demo.lms.models import CourseRole, Enrollment, Sequence, SequenceKind, UserProfile
from proctoring.models import (
    ProctoredExam,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)

User = get_user_model()
Attempt = ProctoredExamStudentAttempt
COURSE, OTHER_COURSE = "course-v1:Bench+EXAMS+2026", "course-v1:Bench+MANY+2026"
VENDOR = "bench"
TIMED, ONBOARDING, FIRST, SECOND = 1, 2, 3, 4
EXAMS_OF_OTHER = range(11, 31)
STAFF, SPEAKER, NOBODY = 1, 2, 100
PER_LEARNER = 5
POOL = 1_000_000
# A password that nobody can sign in with: sessions are made without one.
PASSWORD = "!bench"  # noqa: S105
LEARNER = f"{NOBODY} + (n - 1) / {PER_LEARNER} + 1"
PLACE = f"mod(n - 1, {PER_LEARNER})"


@dataclass(frozen=True)
class Course:
    """A course of ``attempts`` attempts; ``spare`` learners a pool have something to do that can be done once."""

    attempts: int
    spare: int

    @property
    def learners(self) -> int:
        return self.attempts // PER_LEARNER

    @property
    def running(self) -> list[tuple[int, int]]:
        """Learner and attempt, of those who sit an exam now."""
        last = range(self.learners, self.learners - max(10, self.learners // 50), -1)
        return [(NOBODY + number, number * PER_LEARNER) for number in last]

    def pool(self, number: int) -> list[tuple[int, int]]:
        """Learner and attempt; the learners of pool 0 have not begun."""
        first = POOL + number * self.spare
        return [(user_id, user_id) for user_id in range(first + 1, first + self.spare + 1)]


CREATE, START, SUBMIT, REVIEW = range(4)
STATUS_OF_POOL = {START: "ready_to_start", SUBMIT: "started", REVIEW: "submitted"}


def seed(course: Course) -> None:
    """The course, its people and its attempts, into empty tables."""
    _people(course.learners)
    _lms()
    _exams()
    _attempts(course)
    _around(course.learners)
    sign_in([STAFF, SPEAKER, *(user_id for user_id, _ in course.running)])
    go_on_counting(User, LmsCourse, ProctoredExam, Attempt, Sequence)


def seed_pools(course: Course) -> None:
    """Learners who are about to create, to start, to hand in, or to be reviewed, in the same course."""
    rows = 4 * course.spare
    _users(rows, POOL, "pool")
    like = Enrollment(mode="verified")
    add(Enrollment, rows, like, user_id=f"{POOL} + n", course_id="1")
    for number, status in STATUS_OF_POOL.items():
        _pool(f"{POOL + number * course.spare} + n", status, course.spare)
    sign_in(user_id for number in range(4) for user_id, _ in course.pool(number))
    go_on_counting(User, Attempt)


def _pool(number: str, status: str, rows: int) -> None:
    """Attempts in one status, each of a learner of the same number."""
    begun = status != STATUS_OF_POOL[START]
    times = {"started_at": "now()", "deadline_at": "now() + interval '2 hours'", "allowed_time_limit_mins": "120"}
    fields = {"status": status, "taking_as_proctored": True, "proctored_exam_id": FIRST}
    columns = {"id": number, "user_id": number, **_codes(number), **(times if begun else {})}
    if status == STATUS_OF_POOL[REVIEW]:
        columns["completed_at"] = "now()"
    add(Attempt, rows, Attempt(**fields), **columns)
    _archive(rows, fields, columns)


def _archive(rows: int, fields: dict[str, object], columns: dict[str, str]) -> None:
    archived = Attempt.history.model(**fields, history_type="+", history_date=timezone.now())
    add(Attempt.history.model, rows, archived, **columns)


def session_of(user_id: int) -> str:
    """The key of the user's session."""
    return f"bench{user_id:027d}"


def _people(learners: int) -> None:
    _users(learners, NOBODY, "learner")
    User.objects.create(pk=STAFF, username="staff", password=PASSWORD)
    speaker = User.objects.create(pk=SPEAKER, username="speaker", password=PASSWORD)
    speaker.groups.add(Group.objects.create(name=f"{VENDOR}_review"))


def _users(rows: int, before: int, name: str) -> None:
    texts = {"username": f"'{name}' || n", "email": f"'{name}' || n || '@bench.invalid'"}
    add(User, rows, User(password=PASSWORD), id=f"{before} + n", **texts)
    add(UserProfile, rows, UserProfile(), user_id=f"{before} + n", name="'Learner ' || n")


def _lms() -> None:
    for number, course_id in enumerate([COURSE, OTHER_COURSE], start=1):
        LmsCourse.objects.create(pk=number, course_id=course_id, display_name=course_id)
        CourseRole.objects.create(user_id=STAFF, course_id=number)


def _exams() -> None:
    proctored = {"is_proctored": True, "backend": VENDOR, "external_id": "bench-exam"}
    _exam(TIMED, COURSE, SequenceKind.TIMED)
    _exam(ONBOARDING, COURSE, SequenceKind.ONBOARDING, is_practice_exam=True, **proctored)
    _exam(FIRST, COURSE, SequenceKind.PROCTORED, **proctored)
    _exam(SECOND, COURSE, SequenceKind.PROCTORED, **proctored)
    for number in EXAMS_OF_OTHER:
        _exam(number, OTHER_COURSE, SequenceKind.TIMED)


def _exam(number: int, course_id: str, kind: SequenceKind, **fields: object) -> None:
    content_id = f"block-v1:{course_id.partition(':')[2]}+type@sequential+block@exam{number}"
    # Without its signals: no vendor is told.
    row = ProctoredExam(
        pk=number,
        course_id=course_id,
        content_id=content_id,
        exam_name=f"Exam {number}",
        time_limit_mins=90,
        is_active=True,
        **fields,
    )
    ProctoredExam.objects.bulk_create([row])
    course = LmsCourse.objects.get(course_id=course_id)
    Sequence.objects.create(
        pk=number, course=course, content_id=content_id, kind=kind, display_name=row.exam_name, time_limit_mins=90
    )


def _codes(number: str) -> dict[str, str]:
    return {"attempt_code": f"upper(md5(({number})::text)::uuid::text)", "external_id": f"'bench-' || ({number})"}


def _attempts(course: Course) -> None:
    rows, running = course.attempts, len(course.running)
    is_running = f"({PLACE} = 4 AND (n - 1) / {PER_LEARNER} >= {course.learners - running})"
    created = f"now() - interval '1 hour' - ({rows} - n) * interval '25 days' / {rows}"
    ended = f"""CASE WHEN {PLACE} = 0 THEN 'submitted' WHEN {PLACE} = 3 THEN 'error'
        WHEN mod(n, 7) = 0 THEN 'rejected' WHEN mod(n, 7) = 1 THEN 'submitted' ELSE 'verified' END"""
    columns = {
        "user_id": LEARNER,
        "proctored_exam_id": f"1 + least({PLACE}, 3)",
        "status": f"CASE WHEN {is_running} THEN 'started' ELSE {ended} END",
        "taking_as_proctored": f"{PLACE} > 0",
        "is_sample_attempt": f"{PLACE} = 1",
        "resumed": f"{PLACE} = 3",
        "created": created,
        "modified": created,
        "started_at": created,
        "completed_at": f"CASE WHEN NOT {is_running} THEN {created} + interval '1 hour' END",
        "deadline_at": f"CASE WHEN {is_running} THEN now() ELSE {created} END + interval '2 hours'",
        **_codes("n"),
    }
    fields: dict[str, object] = {"status": "submitted", "allowed_time_limit_mins": 120}
    add(Attempt, rows, Attempt(**fields), id="n", **columns)
    _archive(rows, fields, {"id": "n", "history_date": created, **columns})


def _around(learners: int) -> None:
    add(Enrollment, learners, Enrollment(mode="verified"), user_id=f"{NOBODY} + n", course_id="1")
    third = f"((n - 1) * {PER_LEARNER} + 3)"
    review = ProctoredExamSoftwareSecureReview(review_status="Clean", raw_data="{}", exam_id=FIRST)
    code = _codes(third)["attempt_code"]
    add(ProctoredExamSoftwareSecureReview, learners, review, attempt_code=code, student_id=f"{NOBODY} + n")
    granted = ProctoredExamStudentAllowance(key="additional_time_granted", value="15", proctored_exam_id=FIRST)
    add(ProctoredExamStudentAllowance, learners // 2, granted, user_id=f"{NOBODY} + 2 * n")


def sign_in(user_ids: Iterable[int]) -> None:
    """Sessions of people whose password is :data:`PASSWORD`."""
    hashed = User(password=PASSWORD).get_session_auth_hash()
    Session.objects.bulk_create(_sessions(user_ids, hashed), batch_size=1000)


def _sessions(user_ids: Iterable[int], hashed: str) -> Iterator[Session]:
    store, expires = SessionStore(), timezone.now() + timedelta(days=1)
    backend = "django.contrib.auth.backends.ModelBackend"
    for user_id in user_ids:
        said = {"_auth_user_id": str(user_id), "_auth_user_backend": backend, "_auth_user_hash": hashed}
        yield Session(session_key=session_of(user_id), session_data=store.encode(said), expire_date=expires)
