"""
What is odd in the tables of an older site, and what becomes of it here (contract python.md §1, §9).

Asked before the tables are adopted, of the published columns alone.
"""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from proctoring.backends import configured_names
from proctoring.common.adoption import Question
from proctoring.common.adoption.questions import repeated
from proctoring.common.operations.report import Level
from proctoring.models import ProctoredExamStudentAllowance
from proctoring.statuses import IN_PROGRESS, SoftwareSecureReviewStatus
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

EXAM, ATTEMPT, REVIEW = "ProctoredExam", "ProctoredExamStudentAttempt", "ProctoredExamSoftwareSecureReview"
PAST_ATTEMPT, PAST_REVIEW = "HistoricalProctoredExamStudentAttempt", "ProctoredExamSoftwareSecureReviewHistory"
POLICY, ALLOWANCE = "ProctoredExamReviewPolicy", "ProctoredExamStudentAllowance"
MINUTES = ProctoredExamStudentAllowance.ADDITIONAL_TIME_GRANTED[0]
LONG = timedelta(days=30)


def questions() -> list[Question]:
    """The questions, in the order of the tables."""
    return [*_of_exams(), *_of_attempts(), *_of_reviews(), *_of_allowances()]


def _of_exams() -> list[Question]:
    return [
        Question(
            EXAM,
            "exams name no vendor",
            "They belong to the default vendor of PROCTORING_BACKENDS, whichever that is.",
            lambda rows, of: rows.filter(Q(backend__isnull=True) | Q(backend=""), is_proctored=True),
        ),
        Question(
            EXAM,
            "exams name a vendor that PROCTORING_BACKENDS does not have",
            "Learners cannot begin them, and their reviews are judged by our own rule. "
            "Add the vendor, or move the exams.",
            lambda rows, of: rows.exclude(backend__isnull=True).exclude(backend__in=["", *configured_names()]),
            by="backend",
        ),
        Question(
            EXAM,
            "exams have no time at all",
            "An attempt at one is handed in as soon as it starts.",
            lambda rows, of: rows.filter(time_limit_mins__lte=0, is_active=True),
        ),
        Question(
            POLICY,
            "exams have several review policies",
            "The newest one counts. Delete the others in the admin.",
            lambda rows, of: repeated(rows, "proctored_exam_id"),
        ),
    ]


def _of_attempts() -> list[Question]:
    known = [str(status) for status in Status]
    return [
        Question(
            ATTEMPT,
            "attempts have a status that there is not any more",
            "They stay as they are; course staff and commands can move them, learners and vendors cannot.",
            lambda rows, of: rows.exclude(status__in=known),
            by="status",
        ),
        Question(
            ATTEMPT,
            "attempts have no code",
            "No review can be tied to them. They can be looked at, moved and removed.",
            lambda rows, of: rows.filter(Q(attempt_code__isnull=True) | Q(attempt_code="")),
        ),
        Question(
            ATTEMPT,
            "codes belong to several attempts",
            "A vendor's word about such a code is refused, because nobody knows whom it means. "
            "Give all but one a new code.",
            lambda rows, of: repeated(rows.exclude(attempt_code__isnull=True).exclude(attempt_code=""), "attempt_code"),
        ),
        Question(
            ATTEMPT,
            "attempts are running that began more than 30 days ago",
            "The first run of expire_overdue_attempts hands them in as of the end of their time, with all that follows "
            "from that. Look at them beforehand: expire_overdue_attempts --dry-run.",
            lambda rows, of: rows.filter(status__in=IN_PROGRESS, started_at__lt=timezone.now() - LONG),
        ),
        Question(
            ATTEMPT,
            "attempts are running that never began",
            "They have no clock and never end by themselves. Move them by set_attempt_status.",
            lambda rows, of: rows.filter(status__in=IN_PROGRESS, started_at__isnull=True),
        ),
        Question(
            ATTEMPT,
            "learners have several running attempts at one exam",
            "The newest one counts; the others end when their time is over.",
            lambda rows, of: repeated(rows.filter(status__in=IN_PROGRESS), "user_id", "proctored_exam_id"),
        ),
        Question(
            ATTEMPT,
            "attempts end before they begin",
            "They stay as they are.",
            lambda rows, of: rows.filter(completed_at__lt=F("started_at")),
        ),
    ]


def _of_reviews() -> list[Question]:
    results = [str(status) for status in SoftwareSecureReviewStatus]
    return [
        Question(
            REVIEW,
            "reviews belong to attempts that are gone and say that they are there",
            "They decide nothing. set_is_attempt_active puts the mark right.",
            lambda rows, of: rows.filter(~_has(of(ATTEMPT)), is_attempt_active=True),
        ),
        Question(
            REVIEW,
            "reviews belong to no attempt, past or present",
            "They are kept, and listed without course and learner unless they name them themselves.",
            lambda rows, of: rows.filter(~_has(of(ATTEMPT)), ~_has(of(PAST_ATTEMPT))),
        ),
        Question(
            REVIEW,
            "reviews have a result that there is not",
            "They do not pass. Decide on them in the admin.",
            lambda rows, of: rows.exclude(review_status__in=results),
            by="review_status",
        ),
        Question(
            REVIEW,
            "reviews name no learner or no exam",
            "The admin finds both through the attempt.",
            lambda rows, of: rows.filter(Q(student_id__isnull=True) | Q(exam_id__isnull=True)),
            level=Level.OK,
        ),
        Question(
            REVIEW,
            "reviews have an encrypted link to a recording",
            "It can be read with the vendor's key: keep video_review_aes_key in the vendor's options.",
            lambda rows, of: rows.filter(encrypted_video_url__isnull=False),
            level=Level.OK,
        ),
        Question(
            PAST_REVIEW,
            "former reviews have a result that there is not",
            "They are kept for reading.",
            lambda rows, of: rows.exclude(review_status__in=results),
            level=Level.OK,
            by="review_status",
        ),
    ]


def _of_allowances() -> list[Question]:
    kinds = (
        ProctoredExamStudentAllowance.ADDITIONAL_TIME_GRANTED,
        ProctoredExamStudentAllowance.REVIEW_POLICY_EXCEPTION,
    )
    keys = [key for key, _label in kinds]
    return [
        Question(
            ALLOWANCE,
            "allowances are of a kind that there is not",
            "They are kept and change nothing.",
            lambda rows, of: rows.exclude(key__in=keys),
            by="key",
        ),
        Question(
            ALLOWANCE,
            "allowances of time are no number of minutes",
            "They count as no time. Blank ones are those of retired learners.",
            lambda rows, of: rows.filter(key=MINUTES).exclude(value__regex=r"^[0-9]+$"),
        ),
    ]


def _has(attempts: object) -> Exists:
    """Whether one of ``attempts`` has the review's code."""
    return Exists(attempts.filter(attempt_code=OuterRef("attempt_code")))  # type: ignore[attr-defined]
