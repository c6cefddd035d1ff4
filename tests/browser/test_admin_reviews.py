"""The second review in the admin, from the vendor's callback to the learner's credit and grade, by keyboard alone."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from demo.lms.models import Certificate, SubsectionGrade
from demo.lms.seeding.course import COURSE_ID
from proctoring.models import ProctoredExamSoftwareSecureReview
from proctoring.services import attempts
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.browser.stage import OUTLINE, Stage, stage
from tests.factories import UserFactory

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/proctoring/proctoredexamsoftwaresecurereview/"
MAY = ("view_proctoredexamsoftwaresecurereview", "review_attempts", "view_proctoredexamstudentattempt")
SUSPICION = {
    "status": "suspicious",
    "comments": [
        {"comment": "Phone visible", "status": "suspicious", "start": 61, "stop": 75, "duration": 14},
        {"comment": "A second voice in the room", "status": "suspicious", "start": 203, "stop": 230, "duration": 27},
    ],
}


@pytest.fixture
def reviewer():
    """Somebody of a group that may review, and nothing else."""
    group = Group.objects.create(name="Course reviewers")
    group.permissions.set(Permission.objects.filter(codename__in=MAY))
    user = UserFactory(username="grace", staff=True)
    user.groups.add(group)
    return user


@pytest.fixture
def suspected(stage: Stage, client_of: Any):
    """The learner has handed in, and the vendor calls back."""
    attempt = stage.attempt("proctored", Status.started, external_id="seen-by-simproc")
    SubsectionGrade.objects.create(
        user=stage.learner, sequence=stage.course.sequences.get(content_id=attempt.proctored_exam.content_id), earned=5
    )
    attempts.set_status(attempt.pk, Status.submitted, actor=Actor.LEARNER)
    vendor = UserFactory(username="simproc")
    vendor.groups.add(Group.objects.create(name="simproc_review"))
    address = reverse("edx_proctoring:proctored_exam.attempt.callback", args=[attempt.external_id])
    answer = client_of(vendor).post(address, SUSPICION, format="json")
    assert answer.status_code == 200, answer.content
    assert stage.status("proctored") == Status.second_review_required
    return attempt


@pytest.fixture
def open_admin(open_as, reviewer):
    """The list of reviews, as the reviewer sees it."""

    def open_page():
        page = open_as(reviewer, "about:blank")
        # The admin has no icon of its own; and axe reads style sheets that Django's import into a style of its own.
        page.expected_errors = ["favicon.ico", "Applying inline style"]
        page.goto(LIST)
        return page

    return open_page


def looks_right(page: Any, inspect: Any, name: str) -> None:
    """Django's own pages have their own way with narrow windows; the rules hold in both schemes."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        inspect._picture(page, f"{name}-{scheme}")
        inspect.violations(page, f"{name} ({scheme})")


def reach(page: Any, label: str) -> None:
    """Tab until the control with this text or id has the focus, which is to be seen."""
    for _ in range(120):
        page.keyboard.press("Tab")
        text, is_seen = page.evaluate(
            """() => { const it = document.activeElement;
            return [it.id || it.innerText || it.value || "", it.matches(":focus-visible")]; }"""
        )
        if label == text.strip():
            assert is_seen
            return
    raise AssertionError(f"{label!r} cannot be reached by keyboard")


def follow(page: Any, label: str) -> None:
    """Reach it, and press Enter; a page follows."""
    reach(page, label)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def standing(open_as: Any, stage: Stage) -> Any:
    """The exam's row of the learner's progress page."""
    page = open_as(stage.learner, f"{OUTLINE}progress")
    return page.locator(f"tr[data-content-id='{stage.exam('proctored').content_id}']")


def decide(page: Any, result: str, reason: str) -> None:
    """Choose, say why and save, with the keys."""
    reach(page, "id_review_status")
    page.keyboard.type(result[:2])
    assert page.locator("#id_review_status").input_value() == result
    reach(page, "id_reason")
    page.keyboard.type(reason)
    follow(page, "Save")


def test_from_the_callback_to_the_credit(stage, suspected, open_as, open_admin, inspect):
    assert standing(open_as, stage).get_attribute("data-credit-status") == "submitted"
    page = open_admin()
    follow(page, "All unreviewed failures")
    looks_right(page, inspect, "reviews-list")
    follow(page, COURSE_ID)
    looks_right(page, inspect, "reviews-form")
    assert page.get_by_text("Phone visible").is_visible()
    assert page.get_by_text("Suspicious, which is no pass").is_visible()
    assert page.get_by_text("The attempt becomes “Passed the review”.").first.is_visible()
    # Without a reason nothing is decided.
    decide(page, "Clean", "")
    assert page.get_by_text("This field is required.").is_visible()
    looks_right(page, inspect, "reviews-form-refused")
    decide(page, "Clean", "It is the calculator that is allowed.")
    assert "The attempt is now “Passed the review”." in page.locator(".messagelist").inner_text()
    assert "reviewed_by=all_unreviewed_failures" in page.url
    looks_right(page, inspect, "reviews-result")
    assert not page.get_by_role("link", name=COURSE_ID).count()
    row = standing(open_as, stage)
    assert row.get_attribute("data-credit-status") == "satisfied"
    assert "replaced" not in row.inner_text()


def test_a_rejection_costs_the_grade_and_a_correction_gives_it_back(stage, suspected, open_as, open_admin, inspect):
    page = open_admin()
    follow(page, COURSE_ID)
    decide(page, "Suspicious", "The phone is used.")
    assert "grade of the exam becomes zero" in page.locator(".messagelist").inner_text()
    row = standing(open_as, stage)
    assert row.get_attribute("data-credit-status") == "failed"
    assert "replaced" in row.inner_text()
    assert Certificate.objects.get(user=stage.learner).status != "valid"
    follow(page, COURSE_ID)
    assert page.get_by_text("which a rejection took away, comes back").first.is_visible()
    assert page.get_by_text("that is its status already").first.is_visible()
    looks_right(page, inspect, "reviews-form-again")
    decide(page, "Clean", "The phone was off.")
    row = standing(open_as, stage)
    assert row.get_attribute("data-credit-status") == "satisfied"
    assert "replaced" not in row.inner_text()
    assert ProctoredExamSoftwareSecureReview.objects.get().reviewed_by.username == "grace"
    # Who looks later reads what was decided, and why.
    follow(page, COURSE_ID)
    assert page.get_by_text("The phone is used.").is_visible()
    follow(page, "Timeline of the exam")
    assert page.get_by_role("heading", name="Timeline of the exam").is_visible()
