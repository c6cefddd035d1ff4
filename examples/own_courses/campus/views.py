"""
The platform's pages: its courses, a course, and an exam with whatever the exam app has to show there. The HTML of the
two apps is safe: their templates escape what they show.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache

from campus.courses import COURSES, Course
from proctoring.api import get_student_view, get_timer_view
from proctoring.lms import credit
from verify_student.api import IDVerificationService, get_dashboard_view


@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    name = request.user.get_username()
    courses = [course for course in COURSES.values() if name in course.learners | course.staff]
    panel, verify_url = get_dashboard_view(request.user)["panel"], IDVerificationService.get_verify_location()
    facts = {"courses": courses, "panel": mark_safe(panel), "verify_url": verify_url}
    return render(request, "campus/home.html", facts)


@login_required
def course(request: HttpRequest, course_id: str) -> HttpResponse:
    shown, is_staff = opened(request, course_id)
    return render(request, "campus/course.html", {"course": shown, "is_staff": is_staff})


@login_required
@never_cache
def exam(request: HttpRequest, course_id: str, content_id: str) -> HttpResponse:
    shown, is_staff = opened(request, course_id)
    found = next((exam for exam in shown.exams if exam.content_id == content_id), None)
    if found is None:
        raise Http404
    user: Any = request.user
    facts = {
        "display_name": found.name,
        "default_time_limit_mins": found.minutes,
        "credit_state": credit().get_credit_state(user.pk, course_id, return_course_info=True) or {},
    }
    screen = get_student_view(user.pk, course_id, content_id, facts, "staff" if is_staff else "student")
    timer = get_timer_view(user.pk, course_id, content_id)
    html = {"screen": mark_safe(screen or ""), "timer": mark_safe(timer or "")}
    return render(request, "campus/exam.html", {"course": shown, "exam": found, **html})


def opened(request: HttpRequest, course_id: str) -> tuple[Course, bool]:
    """The course, and whether it is the viewer's own to teach; for everybody else it is not there."""
    found, name = COURSES.get(course_id), request.user.get_username()
    if found is None or name not in found.learners | found.staff:
        raise Http404
    return found, name in found.staff
