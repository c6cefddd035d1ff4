"""The permission that old code asks for, where django-rules is installed (contract python.md §8.5)."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from proctoring.models import ProctoredExam
from proctoring.services.access import may_review
from proctoring.services.vendors import backend_name

CAN_REVIEW = "edx_proctoring.can_review_attempt"


def can_review_attempt(user: Any, attempt: Mapping[str, Any] | None = None) -> bool:
    """Whether ``user`` speaks for the vendor of an AttemptDict: global staff, or its reviewers' group."""
    if attempt is None:
        return bool(user.is_staff or user.is_superuser)
    return may_review(user, backend_name(ProctoredExam(backend=attempt["proctored_exam"]["backend"])))


try:
    permissions = import_module("rules")
except ImportError:
    permissions = None  # type: ignore[assignment]  # a site without it asks nobody
if permissions is not None:
    permissions.add_perm(CAN_REVIEW, permissions.predicate(can_review_attempt))
