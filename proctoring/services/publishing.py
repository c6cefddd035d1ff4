"""
A course's exams as its author has published them, all of them at once (contract rest.md §5.2).

One transaction, and one publication of a course at a time: what is there afterwards is what one of them said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from proctoring.exceptions import ProctoredExamAlreadyExists
from proctoring.models import ProctoredExam
from proctoring.services import exams

# What becomes of an active exam that is not published any more.
WITHDRAWN = {"is_active": False, "is_proctored": False}


def publish(course_id: str, wanted: Sequence[Mapping[str, Any]]) -> list[ProctoredExam]:
    """
    The exams ``wanted``, in that order: each its columns by name, with a ``content_id`` that no other one has.

    Exams that exist get what is said of them; None leaves a column as it is, except that it clears ``due_date``.
    Other active exams of the course become inactive.
    """
    said = {fields["content_id"]: fields for fields in wanted}
    with transaction.atomic():
        exams.hold_course(course_id)
        known = {exam.content_id: exam for exam in exams.held_in_course(course_id)}
        _change(known, said)
        made = {name: _create(course_id, fields) for name, fields in said.items() if name not in known}
    return [(known | made)[name] for name in said]


def _change(known: Mapping[str, ProctoredExam], said: Mapping[str, Mapping[str, Any]]) -> None:
    retimed = []
    for content_id, exam in known.items():
        changes = _changes(said[content_id]) if content_id in said else WITHDRAWN
        if (content_id in said or exam.is_active) and exams.change(exam, changes):
            retimed.append(exam)
    exams.move_deadlines(retimed)


def _changes(fields: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in fields.items() if value is not None}
    return given | {"due_date": fields.get("due_date")}


def _create(course_id: str, fields: Mapping[str, Any]) -> ProctoredExam:
    try:
        return exams.add(course_id=course_id, **fields)
    except ProctoredExamAlreadyExists:
        # Some databases take two spellings for the same name.
        exam = exams.by_content_id(course_id, fields["content_id"])
        return exams.update(exam.pk, **_changes(fields))
