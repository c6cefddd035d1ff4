"""Who takes part, in the demo's own course: written by the database itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth import get_user_model

from benchmarks.seeding import add, go_on_counting
from benchmarks.web.course import PASSWORD, sign_in
from demo.lms.models import Course, CourseRole, Enrollment, UserProfile
from demo.lms.seeding.course import COURSE_ID, content_id
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt

User = get_user_model()
Attempt = ProctoredExamStudentAttempt
# So many share the polls of all that sit: a row more or less makes no difference to them.
MOST_SITTING = 5_000
FIRST = 1_000_000


@dataclass(frozen=True)
class Group:
    """``number`` learners with the ids from ``first``."""

    first: int
    number: int

    @property
    def ids(self) -> range:
        return range(self.first, self.first + self.number)


@dataclass(frozen=True)
class People:
    """Those who sit, those who begin, those whose essay is reviewed, those who hand in photos; one of the staff."""

    sitting: Group
    beginning: Group
    reviewed: Group
    photographed: Group
    staff: int
    proctored: int
    content_id: str


def seed(sitting: int, beginning: int, reviewed: int, photographed: int) -> People:
    """Everybody with a session; those who sit or are reviewed with an attempt of the same number."""
    groups = list(_groups([min(max(sitting, 1), MOST_SITTING), beginning, reviewed, photographed]))
    course = Course.objects.get(course_id=COURSE_ID)
    staff = User.objects.create(username="soak-staff", password=PASSWORD)
    CourseRole.objects.create(user=staff, course=course, role=CourseRole.STAFF)
    number, before = sum(group.number for group in groups), FIRST - 1
    texts = {"username": "'soak' || n", "email": "'soak' || n || '@soak.invalid'"}
    add(User, number, User(password=PASSWORD), id=f"{before} + n", **texts)
    add(UserProfile, number, UserProfile(), user_id=f"{before} + n", name="'Learner ' || n")
    add(Enrollment, number, Enrollment(mode="verified", course=course), user_id=f"{before} + n")
    proctored = ProctoredExam.objects.get(content_id=content_id("proctored"))
    essay = ProctoredExam.objects.get(content_id=content_id("essay"))
    _attempts(groups[0], proctored, "started")
    _attempts(groups[2], essay, "submitted")
    sign_in([staff.pk, *range(FIRST, FIRST + number)])
    go_on_counting(User, Attempt)
    return People(*groups, staff=staff.pk, proctored=proctored.pk, content_id=proctored.content_id)


def code_of(attempt: object) -> str:
    """The attempt's code, and the vendor's id of it."""
    return f"soak-{attempt}"


def _groups(numbers: list[int]) -> Iterator[Group]:
    first = FIRST
    for number in numbers:
        yield Group(first, number)
        first += number


def _attempts(group: Group, exam: ProctoredExam, status: str) -> None:
    number = f"{group.first - 1} + n"
    times = {"started_at": "now()", "deadline_at": "now() + interval '1 day'"}
    ended = {"completed_at": "now()"} if status == "submitted" else {}
    fields = {"status": status, "taking_as_proctored": True, "proctored_exam_id": exam.pk}
    like = Attempt(**fields, allowed_time_limit_mins=24 * 60)
    codes = {"attempt_code": f"'soak-' || ({number})", "external_id": f"'soak-' || ({number})"}
    add(Attempt, group.number, like, id=number, user_id=number, **codes, **times, **ended)
