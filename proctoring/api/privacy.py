"""What is kept of a learner, for the learner (docs/privacy.rst)."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model

from proctoring.exceptions import UserNotFoundException
from proctoring.services import export
from proctoring.services.references import key_of


def export_subject_data(user_id: int, requested_by: Any = None) -> Iterator[str]:
    """
    A JSON document, in pieces to be sent one after the other; ``requested_by`` is the account that asks, None for the
    platform itself. Raises ``UserNotFoundException``.
    """
    learner = get_user_model()._default_manager.filter(pk=key_of(user_id)).first()
    if learner is None:
        raise UserNotFoundException
    return export.export_subject_data(learner, by=requested_by)
