"""The course, its sequences with their questions, and what its credit asks for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from demo.lms.models import Course, CreditRequirement, Question, Sequence, SequenceKind

COURSE_ID = "course-v1:Demo+EXAMS+2026"
COURSE_NAME = "Exams of every kind"
COURSE_START = datetime(2026, 1, 1, tzinfo=UTC)
ESCALATION_EMAIL = "course-team@demo.invalid"
VENDOR = "simproc"
QUIET_VENDOR = "mock"
LEGACY_VENDOR = "software_secure"
CREDIT_NAMESPACE = "proctored_exam"
QUESTIONS = (("What is 6 times 7?", "42"), ("Which city is the capital of Peru?", "Lima"))


@dataclass(frozen=True)
class Part:
    """One sequence; ``name`` is the end of its content id, ``minutes`` the time limit."""

    name: str
    title: str
    kind: SequenceKind
    minutes: int = 0
    vendor: str = ""
    for_credit: bool = False


# A later exam for credit opens once the earlier one is passed: that is the exam app's rule for prerequisites.
PARTS = (
    Part("welcome", "Welcome", SequenceKind.PLAIN),
    Part("timed", "Weekly quiz", SequenceKind.TIMED, 30),
    Part("practice", "Try it out", SequenceKind.PRACTICE, 15, QUIET_VENDOR),
    Part("onboarding", "Meet the proctoring service", SequenceKind.ONBOARDING, 15, VENDOR),
    Part("proctored", "Midterm", SequenceKind.PROCTORED, 60, VENDOR, for_credit=True),
    Part("proctored2", "Final, after the midterm", SequenceKind.PROCTORED, 60, VENDOR, for_credit=True),
    Part("essay", "Essay, in the vendor's own browser", SequenceKind.PROCTORED, 45, LEGACY_VENDOR),
    Part("states", "Showcase: attempts in every state", SequenceKind.PROCTORED, 1200, QUIET_VENDOR),
)


def content_id(name: str) -> str:
    """The content id of a part by its name."""
    return f"block-v1:Demo+EXAMS+2026+type@sequential+block@{name}"


def seed_course() -> Course:
    """The course with everything in it; existing rows are brought up to date."""
    course, _ = Course.objects.update_or_create(
        course_id=COURSE_ID,
        defaults={"display_name": COURSE_NAME, "start": COURSE_START, "escalation_email": ESCALATION_EMAIL},
    )
    for order, part in enumerate(PARTS):
        sequence, _ = Sequence.objects.update_or_create(
            content_id=content_id(part.name), defaults=_fields(part) | {"course": course, "order": order}
        )
        for number, (prompt, right_answer) in enumerate(QUESTIONS):
            Question.objects.get_or_create(
                sequence=sequence, order=number, defaults={"prompt": prompt, "right_answer": right_answer}
            )
        if part.for_credit:
            CreditRequirement.objects.get_or_create(
                course=course,
                name=sequence.content_id,
                defaults={"namespace": CREDIT_NAMESPACE, "display_name": part.title, "order": order},
            )
    return course


def _fields(part: Part) -> dict[str, Any]:
    return {
        "display_name": part.title,
        "kind": part.kind,
        "backend": part.vendor,
        "time_limit_mins": part.minutes,
    }
