"""Allowances, ids in and dicts out (contract python.md §4.4)."""

from collections.abc import Iterable
from typing import Any

from proctoring.serializers import allowance_dict
from proctoring.services import allowances


def add_allowance_for_user(exam_id: int, user_info: int | str, key: str | tuple[Any, ...], value: str) -> None:
    """
    Grant a learner (id, username or e-mail address) something, in place of what stood under the same key.

    Raises ``AllowanceValueNotAllowedException``, ``UserNotFoundException``, ``ProctoredExamNotFoundException``,
    ``ProctoredExamNotActiveException``; nothing is written then.
    """
    allowances.grant(exam_id, user_info, key, value)


def get_allowances_for_course(course_id: str) -> list[dict[str, Any]]:
    """AllowanceDicts of the course, those at inactive exams too, oldest first."""
    return [allowance_dict(allowance) for allowance in allowances.for_course(course_id)]


def remove_allowance_for_user(exam_id: int, user_id: int, key: str | tuple[Any, ...]) -> None:
    """Take an allowance back; nothing happens where there is none."""
    allowances.remove(exam_id, user_id, key)


def add_bulk_allowances(
    exam_ids: Iterable[int | str], user_ids: Iterable[int | str], allowance_type: str | tuple[Any, ...], value: Any
) -> tuple[list[dict[str, Any]], int, int]:
    """
    Grant every learner the same at every exam: ``(data, successes, failures)``.

    ``data`` has ``{"exam_id", "user_id", "error"}`` for each pair, with ids as they were given; ``error`` is None for
    what succeeded, else the refusal's code. Raises ``AllowanceValueNotAllowedException`` before anything is written.
    """
    outcomes = allowances.grant_in_bulk(exam_ids, user_ids, allowance_type, value)
    data = [
        {"exam_id": one.exam, "user_id": one.learner, "error": one.error.code if one.error else None}
        for one in outcomes
    ]
    failures = sum(one.error is not None for one in outcomes)
    return data, len(outcomes) - failures, failures
