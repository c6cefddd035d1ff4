"""Attempts in many states, each reached by the moves a learner, the vendor and the staff would make."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.hashers import make_password

from demo.lms.models import Course
from demo.lms.seeding.course import content_id
from demo.lms.seeding.people import PASSWORD, seed_learner
from proctoring.backends.types import review_event
from proctoring.models import ProctoredExam, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import attempts, exams, reviews
from proctoring.statuses import SoftwareSecureReviewStatus

Attempt = ProctoredExamStudentAttempt
PASSED: Mapping[str, Any] = {"status": "passed", "comments": []}
SUSPICIOUS: Mapping[str, Any] = {
    "status": "suspicious",
    "comments": [{"comment": "Phone visible", "status": "suspicious", "start": 61, "stop": 75, "duration": 14}],
}


def seed_attempts(course: Course, reviewer: Any) -> int:
    """One learner for each state, named after it; the number of attempts made now."""
    proctored = exams.by_content_id(course.course_id, content_id("states"))
    timed = exams.by_content_id(course.course_id, content_id("timed"))
    password_hash = make_password(PASSWORD)
    made = [
        _seed(course, proctored, name, story, password_hash) for name, story in _proctored_stories(reviewer).items()
    ]
    made += [_seed(course, timed, name, story, password_hash) for name, story in TIMED_STORIES.items()]
    return sum(made)


def _seed(course: Course, exam: ProctoredExam, name: str, story: Callable[[Attempt], Any], password_hash: str) -> bool:
    user = seed_learner(f"state-{name}", course, password_hash=password_hash)
    if Attempt.objects.filter(user=user, proctored_exam=exam).exists():
        return False
    story(attempts.create(exam, user, proctored=exam.is_proctored))
    return True


def _proctored_stories(reviewer: Any) -> dict[str, Callable[[Attempt], Any]]:
    return {
        "created": _nothing,
        "downloaded": attempts.click_download,
        "ready": attempts.mark_ready,
        "started": _started,
        "finishing": lambda attempt: attempts.stop(_started(attempt)),
        "declined": attempts.decline,
        "error": lambda attempt: attempts.report_error(_started(attempt)),
        "submitted": _submitted,
        "verified": lambda attempt: _reviewed(attempt, PASSED),
        "second-review": lambda attempt: _reviewed(attempt, SUSPICIOUS),
        "rejected": lambda attempt: reviews.decide(
            _reviewed(attempt, SUSPICIOUS), reviewer=reviewer, review_status=SoftwareSecureReviewStatus.suspicious
        ),
    }


def _nothing(attempt: Attempt) -> Attempt:
    return attempt


def _started(attempt: Attempt) -> Attempt:
    ready = attempts.mark_ready(attempt) if attempt.taking_as_proctored else attempt
    return attempts.start(ready)


def _submitted(attempt: Attempt) -> Attempt:
    return attempts.submit(attempts.stop(_started(attempt)))


def _reviewed(attempt: Attempt, review: Mapping[str, Any]) -> ProctoredExamSoftwareSecureReview:
    return reviews.record(_submitted(attempt), review_event(review), review)


TIMED_STORIES: dict[str, Callable[[Attempt], Any]] = {"timed-started": _started, "timed-submitted": _submitted}
