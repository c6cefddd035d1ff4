"""
Legal holds: what they cover is neither purged nor erased.

All of it is decided in the statement that looks for rows, so a purge asks as many questions with holds as without.
"""

from typing import Any

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from proctoring.common.retention import holds
from proctoring.common.retention.holds import IN_FORCE, Held, NothingToHold
from proctoring.models import (
    IdempotentAnswer,
    InboxDelivery,
    OutboxMessage,
    ProctoredExam,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
    RetentionHold,
)
from proctoring.services import audit

Attempt = ProctoredExamStudentAttempt
Rows = QuerySet[Any]
# What is about a learner at an exam: the rows, and which columns name the two.
ABOUT: tuple[tuple[Any, str, str], ...] = (
    (Attempt.objects, "user_id", "proctored_exam_id"),
    (Attempt.history, "user_id", "proctored_exam_id"),
    (ProctoredExamStudentAllowance.objects, "user_id", "proctored_exam_id"),
    (ProctoredExamStudentAllowanceHistory.objects, "user_id", "proctored_exam_id"),
    (ProctoredExamSoftwareSecureReview.objects, "student_id", "exam_id"),
    (ProctoredExamSoftwareSecureReviewHistory.objects, "student_id", "exam_id"),
)


def place(by: Any, reason: str, *, case: str = "", learner: Any = None, course_id: str = "") -> RetentionHold:
    """
    Keep what there is of a learner, of a course, or of a learner in a course, until :func:`lift`.

    Raises ``ReasonMissing`` and ``ActionRefused``.
    """
    course_id = course_id.replace("\0", "").strip()
    if learner is None and not course_id:
        raise NothingToHold
    hold = RetentionHold(user=learner, course_id=course_id[:255], reason=reason, case_reference=case)
    with transaction.atomic():
        holds.place(hold, by)
        audit.record("hold.placed", hold, actor=by, learner=hold.user_id, of_course=bool(course_id))
    return hold


def lift(hold: RetentionHold, by: Any, reason: str) -> None:
    """
    The data need not be kept any more; what was to be erased meanwhile is left to ``retirement.erase_waiting``.

    Raises ``ReasonMissing`` and ``LiftedAlready``.
    """
    with transaction.atomic():
        holds.lift(hold, by, reason)
        audit.record("hold.lifted", hold, actor=by)


def cover(learner: int) -> bool:
    """Whether something of the learner's may not be erased now: an erasure is all or nothing."""
    exams = _exams_of(learner)
    courses = Q(course_id__in=ProctoredExam.objects.filter(pk__in=exams).values("course_id"))
    deleted = ProctoredExam.history.filter(id__in=exams, history_type="-")
    courses |= Q(course_id__in=deleted.values("course_id"))
    alone, anybody = Q(user_id=learner, course_id=""), Q(user_id=None) & courses
    return RetentionHold.objects.filter(IN_FORCE).filter(alone | anybody | Q(user_id=learner) & courses).exists()


def cover_exam(exam: ProctoredExam) -> bool:
    """Whether something that would go with the exam may not be deleted now: it is in a course, or about a learner."""
    theirs = Q(pk__in=[])
    for rows, user, of_exam in ABOUT:
        theirs |= Q(Exists(rows.filter(**{user: OuterRef("user_id"), of_exam: exam.pk})))
    of_course = Q(user_id=None, course_id=exam.course_id)
    of_learner = Q(user__isnull=False, course_id__in=["", exam.course_id]) & theirs
    return RetentionHold.objects.filter(IN_FORCE).filter(of_course | of_learner).exists()


def keep_learner(user: Any) -> None:
    """Raises ``Held`` for an account with which something would go that a hold covers."""
    if cover(user.pk):
        raise Held("A legal hold keeps the data of this account.", {user})


def keep_exam(exam: ProctoredExam) -> None:
    """Raises ``Held`` for an exam with which something would go that a hold covers."""
    if cover_exam(exam):
        raise Held("A legal hold keeps the data of this exam.", {exam})


def free(rows: Rows, learner: str = "user_id", course: str = "proctored_exam__course_id") -> Rows:
    """Those of ``rows`` that no hold covers; they name their learner's id and their course."""
    return rows.exclude(Exists(_over(OuterRef(learner), OuterRef(course))))


def free_former(rows: Rows) -> Rows:
    """As :func:`free`, for attempts' history, which outlives their exam."""
    return free(rows).exclude(Exists(_over_former(OuterRef("user_id"), OuterRef("proctored_exam_id"))))


def free_reviews(rows: Rows) -> Rows:
    """As :func:`free`, also for rows of old releases, which do not know their learner."""
    rows = free(rows, "student_id", "exam__course_id")
    for attempts in (_held_attempts(), _held_former()):
        rows = rows.exclude(Exists(attempts.filter(attempt_code=OuterRef("attempt_code"))))
    return rows


def free_deliveries(rows: "QuerySet[InboxDelivery]") -> "QuerySet[InboxDelivery]":
    """Vendors' messages about attempts that no hold covers, deleted ones too."""
    for attempts in (_held_attempts(), _held_former()):
        by_id = attempts.filter(external_id=OuterRef("subject"))
        by_code = attempts.filter(attempt_code=OuterRef("subject"))
        rows = rows.exclude(Exists(by_id)).exclude(Exists(by_code))
    return rows


def free_messages(rows: "QuerySet[OutboxMessage]") -> "QuerySet[OutboxMessage]":
    """Messages that are about nobody, and in no course, whom a hold covers."""
    about = {name: Cast(KT(f"payload__{name}"), BigIntegerField()) for name in ("attempt_id", "user_id", "review_id")}
    told: Any = rows.alias(course=Cast(KT("payload__course_id"), CharField(max_length=255)), **about)
    reviews = ProctoredExamSoftwareSecureReview.objects.filter(
        Exists(_over(OuterRef("student_id"), OuterRef("exam__course_id")))
    )
    kept = told.exclude(Exists(_held_attempts().filter(pk=OuterRef("attempt_id"))))
    kept = kept.exclude(Exists(_held_former().filter(id=OuterRef("attempt_id"))))
    kept = kept.exclude(Exists(reviews.filter(pk=OuterRef("review_id"))))
    kept = kept.exclude(Exists(RetentionHold.objects.filter(IN_FORCE, user_id=OuterRef("user_id"))))
    # Both sides are cast: a database may compare its columns otherwise than what was cast, and then compares neither.
    courses = _of_courses().alias(course=Cast("course_id", CharField(max_length=255)))
    free_ones: QuerySet[OutboxMessage] = kept.exclude(Exists(courses.filter(course=OuterRef("course"))))
    return free_ones


def free_answers(rows: "QuerySet[IdempotentAnswer]") -> "QuerySet[IdempotentAnswer]":
    """Answers to people whom no hold covers."""
    prefix = Concat(Cast("user_id", CharField(max_length=32)), Value("."), output_field=CharField(max_length=33))
    owner = ExpressionWrapper(OuterRef("owner"), output_field=CharField())
    held = RetentionHold.objects.filter(IN_FORCE, user__isnull=False).alias(owner=owner, prefix=prefix)
    return rows.exclude(Exists(held.filter(owner__startswith=F("prefix"))))


def any_in_force() -> bool:
    """Whether anybody's data is held."""
    return RetentionHold.objects.filter(IN_FORCE).exists()


def free_actions(rows: Rows) -> Rows:
    """What staff did may be about anybody: while any hold is in force, all of it stays."""
    return rows.exclude(Exists(RetentionHold.objects.filter(IN_FORCE)))


def _held_attempts() -> Rows:
    return Attempt.objects.filter(Exists(_over(OuterRef("user_id"), OuterRef("proctored_exam__course_id"))))


def _held_former() -> Rows:
    over = Exists(_over(OuterRef("user_id"), OuterRef("proctored_exam__course_id")))
    of_deleted = Exists(_over_former(OuterRef("user_id"), OuterRef("proctored_exam_id")))
    rows: Rows = Attempt.history.filter(Q(over) | Q(of_deleted))
    return rows


def _over(learner: Any, course: Any) -> "QuerySet[RetentionHold]":
    """Holds in force over a learner's row in a course."""
    whose = Q(user_id=learner) | Q(user_id=None)
    where = Q(course_id=course) | Q(course_id="", user__isnull=False)
    return RetentionHold.objects.filter(IN_FORCE).filter(whose, where)


def _over_former(learner: Any, exam: Any) -> Rows:
    """Deletions of the exam where a hold is in force over a learner's row in its course: only they tell it."""
    whose = Q(user_id=OuterRef(learner)) | Q(user_id=None)
    holds_there = RetentionHold.objects.filter(IN_FORCE).filter(whose, course_id=OuterRef("course_id"))
    rows: Rows = ProctoredExam.history.filter(Exists(holds_there), id=exam, history_type="-")
    return rows


def _of_courses() -> "QuerySet[RetentionHold]":
    return RetentionHold.objects.filter(IN_FORCE).exclude(course_id="")


def _exams_of(learner: int) -> Rows:
    """Ids of the exams of which something is kept about the learner."""
    first, *others = [
        rows.filter(**{user: learner}).order_by().values_list(exam, flat=True) for rows, user, exam in ABOUT
    ]
    joined: Rows = first.union(*others)
    return joined
