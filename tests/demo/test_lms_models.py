"""The demo's rows in words, and its admin."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from demo.lms.answers import save_answers
from demo.lms.models import (
    Completion,
    CreditRequirement,
    CreditRequirementStatus,
    PersonalDueDate,
    Question,
    Sequence,
    SubsectionGrade,
    SupportNotification,
    TrackedEvent,
    VerifiedName,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_of_each(course: Any, learner: Any, staff: Any) -> None:
    lesson = course.sequences.first()
    save_answers(learner, lesson, dict.fromkeys(lesson.questions.values_list("pk", flat=True), "42"))
    Completion.objects.create(user=learner, sequence=lesson)
    PersonalDueDate.objects.create(user=learner, sequence=lesson, due=course.start)
    requirement = CreditRequirement.objects.first()
    CreditRequirementStatus.objects.create(user=learner, requirement=requirement, status="satisfied", writes=1)
    SupportNotification.objects.create(
        course=course, exam_name="Exam", student_username="amal", review_status="Suspicious", review_url="/"
    )
    TrackedEvent.objects.create(name="edx.special_exam.timed.created", data={"exam_id": 1}, context={})
    VerifiedName.objects.create(user=learner, verified_name="Amal Demo", status="approved")


@pytest.mark.usefixtures("one_of_each")
def test_every_table_has_rows_that_say_what_they_are_without_naming_people() -> None:
    for model in apps.get_app_config("demo_lms").get_models():
        row = model._default_manager.first()
        assert row is not None, model
        assert "amal" not in str(row).lower()


@pytest.mark.usefixtures("one_of_each")
def test_every_page_of_the_admin_opens(client: Client, staff: Any) -> None:
    client.force_login(staff)
    for model in apps.get_app_config("demo_lms").get_models():
        name = f"admin:demo_lms_{model._meta.model_name}"
        if model._meta.model_name in {"question", "answer"}:
            continue
        assert client.get(reverse(f"{name}_changelist")).status_code == 200
        assert client.get(reverse(f"{name}_change", args=[model._default_manager.first().pk])).status_code == 200


def test_tables_carry_the_demos_name() -> None:
    assert {
        model._meta.db_table.partition("demo_lms_")[0] for model in apps.get_app_config("demo_lms").get_models()
    } == {""}


def test_an_answer_is_right_whatever_its_case_and_outer_spaces() -> None:
    question = Question(right_answer="Lima")
    assert question.accepts("  LIMA ")
    assert not question.accepts("Lim a")


def test_an_override_counts_while_it_lasts() -> None:
    grade = SubsectionGrade(earned=2.0, possible=2.0)
    assert grade.counted == 2.0
    grade.overridden = True
    assert grade.counted == 0.0
    grade.override_earned_graded = 1.0
    assert grade.counted == 1.0


def test_credit_in_words() -> None:
    assert str(CreditRequirementStatus(status="satisfied").status_text) == "satisfied"
    assert CreditRequirementStatus(status="odd").status_text == "odd"


def test_kinds_of_sequences() -> None:
    flags = {kind: Sequence(kind=kind) for kind in ("plain", "timed", "practice", "onboarding", "proctored")}
    assert [kind for kind, sequence in flags.items() if sequence.is_exam] == [
        "timed",
        "practice",
        "onboarding",
        "proctored",
    ]
    assert [kind for kind, sequence in flags.items() if sequence.is_proctored] == [
        "practice",
        "onboarding",
        "proctored",
    ]
    assert [kind for kind, sequence in flags.items() if sequence.is_practice_exam] == ["practice", "onboarding"]
