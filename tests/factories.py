"""Rows for tests: every factory gives a complete, valid one; traits name the variants."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from proctoring.models import (
    ProctoredExam,
    ProctoredExamReviewPolicy,
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)
from proctoring.statuses import ProctoredExamStudentAttemptStatus, SoftwareSecureReviewStatus

COURSE_ID = "course-v1:Test+EXAMS+2026"
STARTED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COMPLETED_AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class UserFactory(DjangoModelFactory[Any]):
    """A learner. ``staff`` may enter the admin, ``superuser`` may do everything there."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence(lambda number: f"learner{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    is_active = True


class ExamFactory(DjangoModelFactory[ProctoredExam]):
    """An active proctored exam of 90 minutes at the ``null`` vendor; ``timed`` has none, ``practice`` is practice."""

    class Meta:
        model = ProctoredExam

    class Params:
        timed = factory.Trait(is_proctored=False, backend=None, external_id=None)
        practice = factory.Trait(is_practice_exam=True)

    course_id = COURSE_ID
    content_id = factory.Sequence(lambda number: f"block-v1:Test+EXAMS+2026+type@sequential+block@exam{number}")
    external_id = factory.Sequence(lambda number: f"vendor-exam-{number}")
    exam_name = factory.Sequence(lambda number: f"Exam {number}")
    time_limit_mins = 90
    is_proctored = True
    is_active = True
    backend = "null"


class ReviewPolicyFactory(DjangoModelFactory[ProctoredExamReviewPolicy]):
    """Notes for the reviewers of an exam."""

    class Meta:
        model = ProctoredExamReviewPolicy

    set_by_user = factory.SubFactory(UserFactory, staff=True)
    proctored_exam = factory.SubFactory(ExamFactory)
    review_policy = "A pocket calculator is allowed."


class AllowanceFactory(DjangoModelFactory[ProctoredExamStudentAllowance]):
    """Half an hour more. ``exception`` is a note to the reviewers instead."""

    class Meta:
        model = ProctoredExamStudentAllowance

    class Params:
        exception = factory.Trait(
            key=ProctoredExamStudentAllowance.REVIEW_POLICY_EXCEPTION[0], value="May leave the desk."
        )

    user = factory.SubFactory(UserFactory)
    proctored_exam = factory.SubFactory(ExamFactory)
    key = ProctoredExamStudentAllowance.ADDITIONAL_TIME_GRANTED[0]
    value = "30"


class AttemptFactory(DjangoModelFactory[ProctoredExamStudentAttempt]):
    """A created attempt, proctored if its exam is. ``started`` and ``submitted`` have their times set."""

    class Meta:
        model = ProctoredExamStudentAttempt

    class Params:
        started = factory.Trait(
            status=ProctoredExamStudentAttemptStatus.started, started_at=STARTED_AT, allowed_time_limit_mins=90
        )
        submitted = factory.Trait(
            status=ProctoredExamStudentAttemptStatus.submitted,
            started_at=STARTED_AT,
            completed_at=COMPLETED_AT,
            allowed_time_limit_mins=90,
        )

    user = factory.SubFactory(UserFactory)
    proctored_exam = factory.SubFactory(ExamFactory)
    attempt_code = factory.LazyFunction(lambda: str(uuid.uuid4()).upper())
    external_id = factory.Maybe(
        "taking_as_proctored", yes_declaration=factory.Sequence(lambda number: f"vendor-attempt-{number}")
    )
    status = ProctoredExamStudentAttemptStatus.created
    taking_as_proctored = factory.SelfAttribute("proctored_exam.is_proctored")
    is_sample_attempt = factory.SelfAttribute("proctored_exam.is_practice_exam")


class ReviewFactory(DjangoModelFactory[ProctoredExamSoftwareSecureReview]):
    """A vendor's clean review of ``attempt``, a submitted one; ``suspicious`` is a failing one."""

    class Meta:
        model = ProctoredExamSoftwareSecureReview

    class Params:
        attempt = factory.SubFactory(AttemptFactory, submitted=True)
        suspicious = factory.Trait(review_status=SoftwareSecureReviewStatus.suspicious)

    attempt_code = factory.SelfAttribute("attempt.attempt_code")
    student = factory.SelfAttribute("attempt.user")
    exam = factory.SelfAttribute("attempt.proctored_exam")
    review_status = SoftwareSecureReviewStatus.clean
    raw_data = factory.LazyAttribute(lambda review: json.dumps({"status": str(review.review_status)}))


class CommentFactory(DjangoModelFactory[ProctoredExamSoftwareSecureComment]):
    """A reviewer's remark on ten seconds of the recording."""

    class Meta:
        model = ProctoredExamSoftwareSecureComment

    review = factory.SubFactory(ReviewFactory)
    start_time = 60
    stop_time = 70
    duration = 10
    comment = "Looks away from the screen."
    status = SoftwareSecureReviewStatus.suspicious
