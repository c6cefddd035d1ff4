"""The demo LMS's side of the exam app's door: what it tells about a sequence, and what it gets to show."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe

from demo.lms.models import Sequence
from proctoring import lms
from proctoring.api import get_student_view, get_timer_view


def exam_fragment(user: Any, sequence: Sequence, *, as_staff: bool) -> SafeString | None:
    """The HTML to show instead of the content; None where the content is to be shown."""
    if not sequence.is_exam:
        return None
    html = get_student_view(
        user_id=user.pk,
        course_id=sequence.course.course_id,
        content_id=sequence.content_id,
        context=exam_context(user, sequence),
        user_role="staff" if as_staff else "student",
    )
    return _trusted(html)


def timer_fragment(user: Any, sequence: Sequence) -> SafeString | None:
    """The clock to show above the content; None where no clock of this learner runs."""
    return _trusted(get_timer_view(user.pk, sequence.course.course_id, sequence.content_id))


def _trusted(html: str | None) -> SafeString | None:
    # The exam app's own HTML, whose templates escape what they show.
    return None if html is None else mark_safe(html)  # noqa: S308


def exam_context(user: Any, sequence: Sequence) -> dict[str, Any]:
    """What the exam app wants to know of a sequence (contract python.md §5.6)."""
    course_id = sequence.course.course_id
    reference = lms.ExamRef(course_id=course_id, content_id=sequence.content_id)
    return {
        "display_name": sequence.display_name,
        "default_time_limit_mins": sequence.time_limit_mins,
        "is_proctored": sequence.is_proctored,
        "is_practice_exam": sequence.is_practice_exam,
        "hide_after_due": sequence.hide_after_due,
        "due_date": lms.dates().get_due_date(reference, user.pk),
        "credit_state": lms.credit().get_credit_state(user.pk, course_id, return_course_info=True) or {},
        "allow_proctoring_opt_out": True,
    }
