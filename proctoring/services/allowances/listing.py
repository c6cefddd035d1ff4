"""What has been granted in a course: whole, by learner, and in pieces where there is much of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from proctoring.common import remembered
from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance

Allowance = ProctoredExamStudentAllowance
BATCH = 500


def for_course(course_id: str) -> "QuerySet[Allowance]":
    """Everybody's allowances in the course, those at inactive exams too, oldest first; user and exam are loaded."""
    return Allowance.get_allowances_for_course(course_id)


def by_learner(course_id: str, batch: int = BATCH) -> Iterator[Allowance]:
    """:func:`for_course` in the order of usernames, ``batch`` rows at a time, which is what memory holds."""
    name = f"user__{get_user_model().USERNAME_FIELD}"
    rows = for_course(course_id).order_by(name, "pk")
    found = list(rows[:batch])
    yield from found
    while len(found) == batch:
        last = found[-1]
        username = last.user.get_username()
        behind = Q(**{f"{name}__gt": username}) | Q(**{name: username, "pk__gt": last.pk})
        found = list(rows.filter(behind)[:batch])
        yield from found


def learners_of_course(course_id: str) -> "QuerySet[Any]":
    """Who has been granted something in the course, in the order of usernames."""
    return _named(Allowance.objects.filter(proctored_exam__course_id=course_id).values("user"))


def _named(granted: "QuerySet[Allowance, Any]") -> "QuerySet[Any]":
    # Whoever has an allowance is listed, whatever the host's own manager leaves out.
    return get_user_model()._base_manager.filter(pk__in=granted).order_by(get_user_model().USERNAME_FIELD)


@dataclass(frozen=True)
class CountedLearners:
    """
    What :func:`learners_of_course` finds, for a paginator; counted without looking at the learners.

    From ``large`` learners on the number may be a minute old; what is on a page is always read anew.
    """

    course_id: str
    large: int = remembered.LARGE

    def count(self) -> int:
        """How many there are."""
        counted = self._granted.distinct().count
        return remembered.count("learners_granted", (self.course_id,), counted, self.large)

    def __getitem__(self, part: slice) -> "QuerySet[Any]":
        return _named(self._granted)[part]

    @cached_property
    def _granted(self) -> "QuerySet[Allowance, Any]":
        # With the exams' numbers in it, the database knows how many rows to expect, and reads a page by its names.
        exam_ids = list(ProctoredExam.objects.filter(course_id=self.course_id).values_list("pk", flat=True))
        return Allowance.objects.filter(proctored_exam__in=exam_ids).values("user")


def of_learners(course_id: str, learners: Collection[Any]) -> dict[str, list[Allowance]]:
    """What each of the learners has been granted in the course, by username, in their order; one statement."""
    known = {learner.pk: learner for learner in learners}
    grouped: dict[int, list[Allowance]] = {learner_id: [] for learner_id in known}
    granted = for_course(course_id).filter(user__in=list(known))
    for allowance in granted.select_related(None).select_related("proctored_exam"):
        allowance.user = known[allowance.user_id]
        grouped[allowance.user_id].append(allowance)
    return {learner.get_username(): grouped[learner.pk] for learner in learners}
