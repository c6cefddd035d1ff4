"""Until when courses want their learners verified (contract §1.9). Writers take turns (W63)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from verify_student.models import VerificationDeadline

COURSES_AT_ONCE = 500


def set_deadline(course_key: Any, deadline: datetime | None, *, is_explicit: bool) -> None:
    """The deadline of a course, whatever it was before; None takes it away. ``is_explicit``: publishing keeps it."""
    if deadline is None:
        VerificationDeadline.objects.filter(course_key=str(course_key)).delete()
        return
    values = {"deadline": deadline, "deadline_is_explicit": is_explicit}
    VerificationDeadline.objects.update_or_create(course_key=str(course_key), defaults=values)


def course_published(course_key: Any, end: datetime | None) -> None:
    """A course ends at ``end``, or never: its deadline follows, unless a person has set it."""
    with transaction.atomic():
        held = VerificationDeadline.objects.select_for_update().filter(course_key=str(course_key)).first()
        if held is None:
            _first(course_key, end)
        elif not held.deadline_is_explicit:
            _follow(held, end)


def for_course(course_key: Any) -> datetime | None:
    """The deadline of a course, or None."""
    return for_courses([str(course_key)]).get(str(course_key))


def for_courses(course_keys: Iterable[str]) -> dict[str, datetime]:
    """Course key -> deadline, for those of the courses that have one."""
    found: dict[str, datetime] = {}
    keys = list(dict.fromkeys(course_keys))
    for start in range(0, len(keys), COURSES_AT_ONCE):
        some = VerificationDeadline.objects.filter(course_key__in=keys[start : start + COURSES_AT_ONCE])
        found.update(_by_course(some))
    return found


def for_enrollments(enrollments: "QuerySet[Any]") -> dict[str, datetime]:
    """As :func:`for_courses`, for a queryset of enrolments with a ``course_id``; one query."""
    return _by_course(VerificationDeadline.objects.filter(course_key__in=enrollments.order_by().values("course_id")))


def _by_course(rows: "QuerySet[VerificationDeadline]") -> dict[str, datetime]:
    return dict(rows.values_list("course_key", "deadline"))


def _first(course_key: Any, end: datetime | None) -> None:
    if end is not None:
        # Whoever was faster keeps theirs: it may be a person's.
        VerificationDeadline.objects.get_or_create(course_key=str(course_key), defaults={"deadline": end})


def _follow(held: VerificationDeadline, end: datetime | None) -> None:
    if end is None:
        held.delete()
    elif held.deadline != end:
        held.deadline = end
        held.save(update_fields=["deadline", "modified"])
