"""The demo LMS's side of identity verification's door: what it tells about enrolments, and what it gets to show."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from demo.lms.models import Enrollment
from verify_student.api import get_dashboard_view


@dataclass(frozen=True)
class EnrolledIn:
    """An enrolment as identity verification knows it, by the course's own id."""

    course_id: str
    mode: str


@dataclass(frozen=True)
class IdentityFragments:
    """HTML about the learner's identity: the side panel, and lines for the cards of courses."""

    panel: SafeString
    courses: dict[str, SafeString]


def identity_fragments(user: Any) -> IdentityFragments:
    """What the list of courses shows beside the courses."""
    active = Enrollment.objects.filter(user=user, is_active=True).values_list("course__course_id", "mode")
    view = get_dashboard_view(user, [EnrolledIn(course_id, mode) for course_id, mode in active])
    # Identity verification's own HTML, whose templates escape what they show.
    notes = {course_id: mark_safe(note) for course_id, note in view["courses"].items()}  # noqa: S308
    return IdentityFragments(mark_safe(view["panel"]), notes)  # noqa: S308
