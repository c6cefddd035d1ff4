"""Who may act for a vendor. Asked of the object acted on, never of ids in the request."""

from typing import Any

from django.contrib.auth import get_user_model

from proctoring import lms
from proctoring.backends import configured_names
from proctoring.common.prepared import Prepared
from proctoring.exceptions import ProctoredExamPermissionDenied, StudentExamAttemptDoesNotExistsException
from proctoring.models import ProctoredExam
from proctoring.services.vendors import backend_name

REVIEW_GROUP_SUFFIX = "_review"
IN_GROUP: Prepared[int] = Prepared(
    lambda user_id, name: (
        get_user_model()._default_manager.filter(pk=user_id, groups__name=name).values_list("pk", flat=True)[:1]
    ),
    int,
    str,
)
EXAMS_BY_ATTEMPT: Prepared[ProctoredExam] = Prepared(
    lambda external_id: ProctoredExam.objects.filter(proctoredexamstudentattempt__external_id=external_id)[:50], str
)


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
    return bool(user.pk and IN_GROUP(user.pk, f"{backend}{REVIEW_GROUP_SUFFIX}"))


def backends_of(external_id: str) -> set[str]:
    """The backends that know an attempt by this id."""
    return {backend_name(exam) for exam in EXAMS_BY_ATTEMPT(external_id)}


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
