"""The course pages."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.contrib.messages import success
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST, require_safe

from demo.lms import selectors
from demo.lms.answers import save_answers
from demo.lms.exams import exam_fragment, timer_fragment
from demo.lms.identity import identity_fragments
from demo.lms.models import Course, Sequence


@require_safe
@login_required
def course_list(request: HttpRequest) -> HttpResponse:
    """The courses of whoever is signed in."""
    identity = identity_fragments(request.user)
    rows = [(course, identity.courses.get(course.course_id, "")) for course in selectors.courses_of(request.user)]
    return render(request, "demo_lms/course_list.html", {"rows": rows, "identity_panel": identity.panel})


@require_safe
@login_required
def course_outline(request: HttpRequest, course_id: str) -> HttpResponse:
    """The parts of a course."""
    course = _course(request, course_id)
    rows = selectors.outline_of(request.user, course)
    context = {"course": course, "rows": rows, "is_learner": not selectors.teaches(request.user, course)}
    return render(request, "demo_lms/course_outline.html", context)


@require_safe
@login_required
@never_cache
@ensure_csrf_cookie
def jump_to(request: HttpRequest, course_id: str, content_id: str) -> HttpResponse:
    """One part of a course: the exam app's screen, or the content where the exam app has nothing to show."""
    course = _course(request, course_id)
    sequence = get_object_or_404(course.sequences, content_id=content_id)
    fragment = _fragment(request, sequence)
    context: dict[str, Any] = {"course": course, "sequence": sequence}
    if fragment is None:
        context["timer"] = timer_fragment(request.user, sequence)
        context["questions"] = selectors.questions_for(request.user, sequence)
        return render(request, "demo_lms/content.html", context)
    context["fragment"] = fragment
    return render(request, "demo_lms/exam_screen.html", context)


@require_POST
@login_required
def answer(request: HttpRequest, course_id: str, content_id: str) -> HttpResponse:
    """Keep answers, as long as the content is open to the learner."""
    course = _course(request, course_id)
    sequence = get_object_or_404(course.sequences, content_id=content_id)
    if _fragment(request, sequence) is not None:
        raise PermissionDenied
    names = {key: f"question-{key}" for key in sequence.questions.values_list("pk", flat=True)}
    save_answers(
        request.user, sequence, {key: request.POST[name] for key, name in names.items() if name in request.POST}
    )
    success(request, _("Your answers have been saved."))
    return redirect("jump_to", course_id, content_id)


@require_safe
@login_required
@never_cache
def progress(request: HttpRequest, course_id: str) -> HttpResponse:
    """Grades, credit and certificate."""
    course = _course(request, course_id)
    context = {
        "course": course,
        "rows": selectors.progress_of(request.user, course),
        "certificate": selectors.certificate_of(request.user, course),
    }
    return render(request, "demo_lms/progress.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What the exam screens link to."""
    return render(request, "demo_lms/help.html")


@require_GET
@login_required
@never_cache
def effects(request: HttpRequest, username: str, content_id: str) -> JsonResponse:
    """What followed from a learner's attempts, for the story and its tests; for staff and the learner."""
    viewer: Any = request.user
    if not viewer.is_staff and viewer.username != username:
        raise PermissionDenied
    user = get_object_or_404(get_user_model(), username=username)
    return JsonResponse(selectors.effects_of(user, content_id))


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the site and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _course(request: HttpRequest, course_id: str) -> Course:
    get_object_or_404(Course, course_id=course_id)
    course = selectors.courses_of(request.user).filter(course_id=course_id).first()
    if course is None:
        raise PermissionDenied
    return course


def _fragment(request: HttpRequest, sequence: Sequence) -> SafeString | None:
    return exam_fragment(request.user, sequence, as_staff=selectors.teaches(request.user, sequence.course))
