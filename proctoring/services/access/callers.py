"""Who may act for a vendor. Asked of the object acted on, never of ids in the request."""

from typing import Any

from proctoring import lms
from proctoring.backends import configured_names
from proctoring.exceptions import ProctoredExamPermissionDenied, StudentExamAttemptDoesNotExistsException
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services.vendors import backend_name

REVIEW_GROUP_SUFFIX = "_review"


def is_course_staff(user: Any, course_id: str) -> bool:
    """Whether ``user`` is staff of the course, or of the whole site (contract rest.md §1.3)."""
    if user.is_staff or user.is_superuser:
        return True
    return bool(lms.instructor().is_course_staff(user, course_id))


def may_review(user: Any, backend: str) -> bool:
    """
    Whether ``user`` speaks for the vendor ``backend``: global staff, or its reviewers' group (contract rest.md §1.3).
    """
    if user.is_staff or user.is_superuser:
        return True
    return is_reviewer_of(user, backend)


def is_reviewer_of(user: Any, backend: str) -> bool:
    """Whether ``user`` is in the group of the vendor's reviewers."""
    return bool(user.groups.filter(name=f"{backend}{REVIEW_GROUP_SUFFIX}").exists())


def backends_of(external_id: str) -> set[str]:
    """The backends that know an attempt by this id."""
    attempts = ProctoredExamStudentAttempt.objects.filter(external_id=external_id).select_related("proctored_exam")
    return {backend_name(attempt.proctored_exam) for attempt in attempts[:50]}


def vendor_speaking(user: Any, external_id: str) -> str:
    """
    The backend in whose name ``user`` may say something about the attempt that the vendor calls ``external_id``.

    A vendor may speak of an attempt before we know its id. Raises ``ProctoredExamPermissionDenied``, and
    ``StudentExamAttemptDoesNotExistsException`` for a caller who speaks for nobody.
    """
    backends = backends_of(external_id)
    allowed = sorted(backend for backend in backends if may_review(user, backend))
    if allowed:
        return allowed[0]
    if backends:
        raise ProctoredExamPermissionDenied
    own = user.groups.filter(name__in=[f"{name}{REVIEW_GROUP_SUFFIX}" for name in configured_names()])
    group = own.order_by("name").values_list("name", flat=True).first()
    if group is None:
        raise StudentExamAttemptDoesNotExistsException
    return str(group).removesuffix(REVIEW_GROUP_SUFFIX)
