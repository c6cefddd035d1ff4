"""What demo_seed and demo_learner leave behind, however often they run."""

from collections import Counter
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from oauth2_provider.models import get_application_model

from demo.lms.models import Certificate, Course, CourseRole, CreditRequirement, Enrollment, Question, Sequence
from demo.lms.seeding.course import content_id
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_site")]

EVERY_STATE = {
    "created": "created",
    "downloaded": "download_software_clicked",
    "ready": "ready_to_start",
    "started": "started",
    "finishing": "ready_to_submit",
    "declined": "declined",
    "error": "error",
    "submitted": "submitted",
    "verified": "verified",
    "second-review": "second_review_required",
    "rejected": "rejected",
    "timed-started": "started",
    "timed-submitted": "submitted",
}


def counts() -> dict[str, int]:
    models: list[Any] = [Course, Sequence, Question, CreditRequirement, Enrollment, CourseRole, Certificate]
    models += [ProctoredExam, ProctoredExamStudentAttempt, get_user_model(), get_application_model()]
    return {model.__name__: model.objects.count() for model in models}


def test_seeding_makes_an_exam_of_every_kind() -> None:
    call_command("demo_seed", verbosity=0)
    kinds = Counter(ProctoredExam.objects.values_list("is_proctored", "is_practice_exam", "backend", "is_active"))
    assert kinds == {
        (False, False, "simproc", True): 1,
        (True, True, "mock", True): 1,
        (True, True, "simproc", True): 1,
        (True, False, "simproc", True): 2,
        (True, False, "software_secure", True): 1,
        (True, False, "mock", True): 1,
    }


def test_seeding_makes_an_attempt_in_every_state() -> None:
    call_command("demo_seed", verbosity=0)
    attempts = ProctoredExamStudentAttempt.objects.values_list("user__username", "status")
    assert dict(attempts) == {f"state-{name}": status for name, status in EVERY_STATE.items()}


def test_seeding_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_seed", verbosity=0)
    before = counts()
    call_command("demo_seed", verbosity=0)
    assert counts() == before
    assert capsys.readouterr().out.splitlines()[-1].endswith("0 new exams, 0 new attempts.")


def test_everybody_signs_in_with_the_same_password() -> None:
    call_command("demo_seed", verbosity=0)
    for name in ["amal", "bruno", "chen", "dana", "grace", "henry", "state-started"]:
        assert authenticate(username=name, password="demo") is not None


def test_grace_administers_the_site_and_henry_only_the_course() -> None:
    call_command("demo_seed", verbosity=0)
    assert list(get_user_model().objects.filter(is_staff=True, is_superuser=True).values_list("username")) == [
        ("grace",)
    ]
    assert list(CourseRole.objects.values_list("user__username", "role")) == [("henry", "staff")]


def test_a_learner_is_created_on_demand() -> None:
    call_command("demo_seed", verbosity=0)
    call_command("demo_learner", "nora", verbosity=0)
    nora = authenticate(username="nora", password="demo")
    assert nora is not None
    assert nora.enrollments.get().mode == "verified"
    assert nora.profile.name == "Nora Demo"


def test_resetting_a_learner_forgets_everything_they_did() -> None:
    call_command("demo_seed", verbosity=0)
    call_command("demo_learner", "state-rejected", verbosity=0)
    learner = get_user_model().objects.get(username="state-rejected")
    assert not ProctoredExamStudentAttempt.objects.filter(user=learner).exists()
    assert Certificate.objects.get(user=learner).status == "issued"


@pytest.mark.parametrize("name", ["grace", "henry"])
def test_staff_are_never_reset(name: str) -> None:
    call_command("demo_seed", verbosity=0)
    with pytest.raises(CommandError, match="not a learner"):
        call_command("demo_learner", name)


def test_a_learner_needs_the_course_first() -> None:
    with pytest.raises(CommandError, match="demo_seed"):
        call_command("demo_learner", "nora")


def test_content_ids_look_like_usage_keys() -> None:
    assert content_id("timed") == "block-v1:Demo+EXAMS+2026+type@sequential+block@timed"
