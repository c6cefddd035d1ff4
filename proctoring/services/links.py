"""Addresses other parts show or send on: of the host's pages, of the learning micro-frontend, of our own routes."""

from django.urls import NoReverseMatch, reverse

from proctoring.conf import config


def optional(name: str, *args: object) -> str:
    """A page's path; empty where this process has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def jump_to(course_id: str, content_id: str) -> str:
    """Path of a part of a course in the host."""
    return optional("jump_to", course_id, content_id)


def exam_url(course_id: str, content_id: str, *, is_learning_mfe: bool) -> str:
    """Where a learner finds the exam: an address in the learning micro-frontend, else the host's path."""
    if is_learning_mfe:
        return f"{config.learning_mfe_url}/course/{course_id}/{content_id}"
    return jump_to(course_id, content_id)


def course_home_url(course_id: str) -> str:
    """Address of a course's home page in the learning micro-frontend."""
    return f"{config.learning_mfe_url}/course/{course_id}/home"


def course_url(course_id: str) -> str:
    """Where people find a course: an address in the learning micro-frontend, else the host's path."""
    return course_home_url(course_id) if config.learning_mfe_url else f"/courses/{course_id}/"


def attempt_url(attempt_id: int) -> str:
    """Path by which a browser polls an attempt and acts on it (contract rest.md §5.4)."""
    return reverse("edx_proctoring:proctored_exam.attempt", args=[attempt_id])


def instructor_dashboard_url(course_id: str, exam_id: int) -> str:
    """Path that leads to the vendor's dashboard for an exam (contract rest.md §5.22)."""
    return optional("edx_proctoring:instructor_dashboard_exam", course_id, exam_id)
