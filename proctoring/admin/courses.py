"""Courses in labels and filters."""

from datetime import timedelta
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.admin.reading import is_row_id
from proctoring.models import ProctoredExam

RECENTLY_DUE = timedelta(days=30)
SOON_DUE = timedelta(days=7)


def pretty_course_id(course_id: str) -> str:
    """The parts of a course id, for people: ``course-v1:edX+Demo+2026`` is "edX Demo 2026"."""
    return course_id.removeprefix("course-v1:").replace("+", " ").replace("/", " ")


def _current_exams() -> "QuerySet[ProctoredExam]":
    """Active proctored exams whose reviews are likely to come in now, or that have no due date."""
    now = timezone.now()
    due = Q(due_date__isnull=True) | Q(due_date__range=(now - RECENTLY_DUE, now + SOON_DUE))
    return ProctoredExam.objects.filter(due, is_proctored=True, is_active=True, is_practice_exam=False)


class LinkableFilter(SimpleListFilter):
    """A filter that also obeys values it does not offer itself, as links from elsewhere carry them."""

    def has_output(self) -> bool:
        return self.value() is not None or super().has_output()


class CurrentExamFilter(LinkableFilter):
    """Reviews of one exam."""

    title = _("active proctored exams")
    parameter_name = "exam__id"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        exams = _current_exams().order_by("course_id", "exam_name", "id")
        return [(str(exam.pk), f"{pretty_course_id(exam.course_id)}: {exam.exam_name}") for exam in exams]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        exam_id = self.value()
        if exam_id is None:
            return queryset
        if not is_row_id(exam_id):
            raise IncorrectLookupParameters
        return queryset.filter(exam_id=int(exam_id))


class CurrentCourseFilter(LinkableFilter):
    """Reviews of a course's active proctored exams."""

    title = _("courses with active proctored exams")
    parameter_name = "exam__course_id"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        exams = _current_exams().filter(due_date__isnull=False)
        courses = exams.order_by("course_id").values_list("course_id", flat=True).distinct()
        return [(course_id, pretty_course_id(course_id)) for course_id in courses]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() is None:
            return queryset
        return queryset.filter(
            exam__course_id=self.value(),
            exam__is_proctored=True,
            exam__is_active=True,
            exam__is_practice_exam=False,
        )


class CourseFilter(LinkableFilter):
    """Rows about exams of one course. The choices come from the exams, which are few, and not from the rows."""

    title = _("course")
    parameter_name = "proctored_exam__course_id"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        there = Exists(model_admin.model._default_manager.filter(proctored_exam=OuterRef("pk")))
        exams = ProctoredExam.objects.filter(there)
        courses = exams.order_by("course_id").values_list("course_id", flat=True).distinct()
        return [(course_id, pretty_course_id(course_id)) for course_id in courses]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() is None:
            return queryset
        # Few ids, asked for beforehand: the rows' own index on the exam is used then.
        exams = ProctoredExam.objects.filter(course_id=self.value()).values_list("pk", flat=True)
        return queryset.filter(proctored_exam__in=list(exams))
