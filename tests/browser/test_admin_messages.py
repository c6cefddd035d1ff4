"""From a dead letter to its delivery: an operator finds it, says why, and sends it again; by the keyboard alone."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from proctoring.common.http import VendorUnreachable
from proctoring.common.outbox import OutboxState
from proctoring.models import OutboxMessage, StaffAction
from proctoring.services import attempts, delivery
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.browser.stage import until
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The vendor was down for two days."


@pytest.fixture
def operator():
    call_command("create_staff_groups", stdout=io.StringIO())
    user = UserFactory(staff=True)
    user.groups.add(Group.objects.get(name="Operators"))
    return user


@pytest.fixture
def letter(lms, vendor):
    """What the vendor should have heard of the end of an attempt, and never did."""
    vendor.fail_with = VendorUnreachable("vendor.example")
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), status=Status.started)
    attempts.submit(attempt)
    long_ago = timezone.now() - timedelta(days=9)
    OutboxMessage.objects.filter(kind="vendor.stop").update(created=long_ago, due_at=long_ago)
    delivery.deliver_due()
    return OutboxMessage.objects.get(kind="vendor.stop", state=OutboxState.DEAD)


def _reach(page, found):
    """Go to it by the tab key, and see that it shows where one is."""
    found.wait_for()
    for _ in range(150):
        if found.evaluate("(it) => it === document.activeElement"):
            return found
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not get to {found}")


def _follow(page, name, within=None):
    _reach(page, (within or page).get_by_role("link", name=name, exact=True).first)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def _without_breadcrumbs(page):
    """On Django's own pages they are Django's, links without underline among other words."""
    page.evaluate("document.querySelector('.breadcrumbs').remove()")


def test_a_dead_letter_is_found_sent_again_and_delivered(open_as, inspect, letter, operator, vendor):
    page = open_as(operator, "about:blank")
    # The admin has no icon of its own; and axe reads the style sheets that Django's forms.css imports in its own way.
    page.expected_errors = ["favicon.ico", "Applying inline style"]
    page.goto("/admin/")
    _follow(page, "Operations", page.locator("#content-main"))
    inspect.violations(page, "operations with a dead letter")
    _follow(page, "vendor.stop")
    # The list itself is Django's, whose filters and breadcrumbs axe does not like.
    assert page.get_by_role("row").filter(has_text="watcher").filter(has_text="dead letter").count() == 1
    _follow(page, str(letter.pk), page.locator("#result_list"))
    assert page.get_by_text("It was given up. Repair what the error says").is_visible()
    _without_breadcrumbs(page)
    inspect.violations(page, "a dead letter")
    _follow(page, "Send again")
    inspect(page, "admin-send-again")
    vendor.fail_with = None
    _reach(page, page.get_by_label("Why?"))
    page.keyboard.type(WHY)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text(f"Done: vendor.stop #{letter.pk}").wait_for()
    inspect(page, "admin-message-sent")
    until(page, lambda: OutboxMessage.objects.get(pk=letter.pk).state == OutboxState.DONE)
    assert [call[0] for call in vendor.answered] == ["stop"]
    done = StaffAction.objects.get()
    assert (done.by, done.reason, done.done) == (operator, WHY, 1)


def test_an_action_over_many_rows_shows_how_far_it_is(open_as, inspect, operator):
    """The page looks again by itself, on a site that lets no page have a script of its own."""
    action = StaffAction.objects.create(
        verb="send-again", by=operator, total=40, position=3, done=3, state="running", reason=WHY, ids=[1]
    )
    page = open_as(operator, "about:blank")
    page.expected_errors = ["favicon.ico"]
    page.goto(f"/admin/proctoring/staffaction/{action.pk}/look/")
    page.get_by_text("3 of 40 rows").wait_for()
    inspect(page, "admin-action-under-way")
    StaffAction.objects.update(
        position=40, done=39, refused=1, state="done", refusals=[[7, "This is not a dead letter."]]
    )
    page.get_by_text("40 of 40 rows").wait_for()
    assert page.get_by_text("Row 7: This is not a dead letter.").is_visible()
    inspect(page, "admin-action-done")
