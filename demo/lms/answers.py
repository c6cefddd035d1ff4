"""Learners' answers and the points they earn."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from demo.lms.models import Answer, Sequence, SubsectionGrade


@transaction.atomic
def save_answers(user: Any, sequence: Sequence, texts: Mapping[int, str]) -> SubsectionGrade:
    """Keep the answers (question id -> text, others unchanged) and work the points out again; overrides stay."""
    questions = list(sequence.questions.all())
    for question in questions:
        if question.pk in texts:
            text = texts[question.pk].strip()[:255]
            Answer.objects.update_or_create(user=user, question=question, defaults={"text": text})
    given = dict(Answer.objects.filter(user=user, question__in=questions).values_list("question_id", "text"))
    earned = sum(question.accepts(given.get(question.pk, "")) for question in questions)
    grade, _ = SubsectionGrade.objects.update_or_create(
        user=user, sequence=sequence, defaults={"earned": float(earned), "possible": float(len(questions))}
    )
    return grade
