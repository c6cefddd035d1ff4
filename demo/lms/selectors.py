"""What the pages show, read from the tables; nothing here writes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from demo.lms.models import (
    Answer,
    Certificate,
    Course,
    CourseRole,
    CreditRequirement,
    CreditRequirementStatus,
    Enrollment,
    Question,
    Sequence,
    SubsectionGrade,
)
from proctoring.api import get_course_status_summaries
from proctoring.common.outbox import OutboxState
from proctoring.models import InboxDelivery, OutboxMessage, ProctoredExamStudentAttempt

MAIL_KIND = "mail.status"
VENDOR_KINDS = "vendor."
MAILED_STATUSES = ("submitted", "verified", "rejected")
STATUS_TEXTS: dict[str, Promise] = {
    "": _("Not started"),
    "created": _("Set-up in progress"),
    "download_software_clicked": _("Set-up in progress"),
    "ready_to_start": _("Ready to start"),
    "started": _("Started"),
    "ready_to_submit": _("Ready to submit"),
    "declined": _("Taken without proctoring"),
    "timed_out": _("Time is over"),
    "submitted": _("Submitted"),
    "second_review_required": _("Being reviewed"),
    "verified": _("Passed review"),
    "rejected": _("Did not pass review"),
    "error": _("Ended by an error"),
    "expired": _("Expired"),
    "onboarding_reset": _("To be repeated"),
    "onboarding_missing": _("Onboarding is missing"),
    "onboarding_pending": _("Onboarding is being reviewed"),
    "onboarding_failed": _("Onboarding failed"),
    "onboarding_expired": _("Onboarding has expired"),
}


@dataclass(frozen=True)
class AskedQuestion:
    """A question and what the learner answered so far."""

    question: Question
    text: str


@dataclass(frozen=True)
class OutlineRow:
    """
    A sequence and where the learner's latest attempt stands, empty without one; ``summary`` is the exam app's line,
    None where it has none.
    """

    sequence: Sequence
    status: str
    status_text: str | Promise
    summary: dict[str, Any] | None


@dataclass(frozen=True)
class ProgressRow:
    """A sequence with the learner's points; ``credit`` is None where no credit depends on it."""

    sequence: Sequence
    grade: SubsectionGrade | None
    has_requirement: bool
    credit: CreditRequirementStatus | None
    mails: int


def courses_of(user: Any) -> QuerySet[Course]:
    """The courses a person may open: all for staff, otherwise those of enrolments and roles."""
    courses = Course.objects.order_by("display_name")
    if user.is_staff:
        return courses
    enrolled = Enrollment.objects.filter(user=user, is_active=True).values("course_id")
    teaching = CourseRole.objects.filter(user=user).values("course_id")
    return courses.filter(pk__in=enrolled.union(teaching))


def teaches(user: Any, course: Course) -> bool:
    """Whether the person sees the course with a teacher's eyes."""
    return user.is_staff or CourseRole.objects.filter(user=user, course=course, role=CourseRole.STAFF).exists()


def questions_for(user: Any, sequence: Sequence) -> list[AskedQuestion]:
    """The questions of a sequence in order."""
    answers = dict(Answer.objects.filter(user=user, question__sequence=sequence).values_list("question_id", "text"))
    return [AskedQuestion(question, answers.get(question.pk, "")) for question in sequence.questions.all()]


def outline_of(user: Any, course: Course) -> list[OutlineRow]:
    """The sequences of a course in order, each with the status of the learner's latest attempt."""
    sequences = list(course.sequences.all())
    attempts = ProctoredExamStudentAttempt.objects.filter(
        user=user, proctored_exam__course_id=course.course_id
    ).order_by("created", "id")
    # Asked first: it closes attempts whose time is over.
    summaries = get_course_status_summaries(user.pk, course.course_id)
    latest = dict(attempts.values_list("proctored_exam__content_id", "status"))
    return [
        OutlineRow(sequence, status, STATUS_TEXTS.get(status, status), summaries.get(sequence.content_id))
        for sequence in sequences
        for status in [latest.get(sequence.content_id, "")]
    ]


def progress_of(user: Any, course: Course) -> list[ProgressRow]:
    """Grades, credit and mails of a learner, exam by exam."""
    sequences = list(course.sequences.all())
    grades = {grade.sequence_id: grade for grade in SubsectionGrade.objects.filter(user=user, sequence__in=sequences)}
    required = set(CreditRequirement.objects.filter(course=course).values_list("name", flat=True))
    statuses = CreditRequirementStatus.objects.filter(user=user, requirement__course=course)
    credit = {status.requirement.name: status for status in statuses.select_related("requirement")}
    attempts = _attempts(user, [sequence.content_id for sequence in sequences])
    mails = Counter(attempts[message.payload["attempt_id"]] for message in _mails_sent(attempts))
    return [
        ProgressRow(
            sequence=sequence,
            grade=grades.get(sequence.pk),
            has_requirement=sequence.content_id in required,
            credit=credit.get(sequence.content_id),
            mails=mails[sequence.content_id],
        )
        for sequence in sequences
    ]


def certificate_of(user: Any, course: Course) -> Certificate | None:
    """The learner's certificate of the course."""
    return Certificate.objects.filter(user=user, course=course).first()


def effects_of(user: Any, content_id: str) -> dict[str, Any]:
    """Everything that followed from a learner's attempts at one exam, as counts; see docs/demo.rst."""
    attempts = ProctoredExamStudentAttempt.objects.filter(user=user, proctored_exam__content_id=content_id)
    rows = list(attempts.order_by("id").values("id", "status", "external_id"))
    ids = [row["id"] for row in rows]
    mails = Counter(message.payload["status"] for message in _mails_sent(ids))
    inbox = InboxDelivery.objects.filter(subject__in=[row["external_id"] for row in rows if row["external_id"]])
    return {
        "attempts": [{"id": row["id"], "status": row["status"]} for row in rows],
        "credit": _credit(user, content_id),
        "grade_override": SubsectionGrade.objects.filter(
            user=user, sequence__content_id=content_id, overridden=True
        ).exists(),
        "certificate": Certificate.objects.filter(user=user, course__sequences__content_id=content_id)
        .values_list("status", flat=True)
        .first(),
        "mails": {status: mails[status] for status in MAILED_STATUSES},
        "vendor_calls": len(_done(VENDOR_KINDS, ids)),
        "inbox": dict(Counter(inbox.values_list("state", flat=True))),
    }


def _credit(user: Any, content_id: str) -> dict[str, Any]:
    found = CreditRequirementStatus.objects.filter(user=user, requirement__name=content_id).first()
    return {"status": found.status if found else None, "writes": found.writes if found else 0}


def _attempts(user: Any, content_ids: Iterable[str]) -> dict[int, str]:
    attempts = ProctoredExamStudentAttempt.objects.filter(user=user, proctored_exam__content_id__in=content_ids)
    return dict(attempts.values_list("id", "proctored_exam__content_id"))


def _mails_sent(attempt_ids: Iterable[int]) -> list[OutboxMessage]:
    return _done(MAIL_KIND, attempt_ids)


def _done(kind: str, attempt_ids: Iterable[int]) -> list[OutboxMessage]:
    return list(
        OutboxMessage.objects.filter(
            kind__startswith=kind, state=OutboxState.DONE, payload__attempt_id__in=list(attempt_ids)
        )
    )
