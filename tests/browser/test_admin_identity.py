"""An identity reviewer's work in the admin, with the permissions of one: from the list to the decision."""

import pytest
from django.contrib.auth.models import Permission

from tests.browser.identity_steps import one_photo_at_a_time
from tests.factories import UserFactory
from tests.verify_student.custody import kept
from tests.verify_student.factories import AttemptFactory, ManualFactory, VerificationFactory
from tests.verify_student.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)

ADMIN = "/admin/verify_student"
PHOTOS, ATTEMPTS, MANUAL = (
    f"{ADMIN}/{model}/" for model in ("softwaresecurephotoverification", "verificationattempt", "manualverification")
)
REVIEWER = (
    "view_softwaresecurephotoverification",
    "see_photos",
    "review_verifications",
    "view_verificationattempt",
    "view_manualverification",
)


@pytest.fixture
def reviewer():
    user = UserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=REVIEWER))
    return user


@pytest.fixture
def open_admin(open_as, reviewer):
    """A page of the admin, as the reviewer sees it."""

    def open_page(path):
        page = open_as(reviewer, "about:blank")
        # The admin has no icon of its own, and a reviewer of nobody else's concern is refused with a status.
        page.expected_errors = ["favicon.ico", "400 (Bad Request)"]
        one_photo_at_a_time(page)
        page.goto(path)
        return page

    return open_page


def waiting(**fields):
    row = VerificationFactory(**{"status": "submitted", "provider": "local", **fields})
    return kept(row, content=picture(size=(320, 240)))


def tick(page, *rows):
    for row in rows:
        page.locator(f'input.action-select[value="{row.pk}"]').check()


def act(page, label):
    page.locator('select[name="action"]').select_option(label=label)
    with page.expect_navigation():
        page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).click()


def give(page, button, reason):
    page.get_by_label("Why?").fill(reason)
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def status_of(row):
    row.refresh_from_db()
    return row.status


def test_from_the_list_to_the_decision(open_admin, inspect, reviewer):
    row = waiting()
    page = open_admin(PHOTOS)
    page.get_by_role("link", name=str(row.pk), exact=True).click()
    page.get_by_role("link", name="Photos and decision").click()
    page.wait_for_load_state("networkidle")
    inspect.violations(page, "identity-review")
    assert page.get_by_role("img", name="The learner's face").evaluate("(it) => it.naturalWidth") > 0
    page.get_by_role("button", name="Approve").click()
    page.get_by_text(f"#{row.pk}: Approved.").wait_for()
    assert (status_of(row), row.reviewing_user) == ("approved", reviewer)
    page.goto(f"{PHOTOS}{row.pk}/history/")
    history = page.locator("#change-history").inner_text()
    assert "Looked at the photo of the face." in history
    assert "Approved." in history


def test_an_action_is_looked_at_and_has_a_reason(open_admin, inspect):
    theirs = VerificationFactory(status="must_retry", provider="software_secure")
    done = VerificationFactory(status="approved", provider="software_secure")
    page = open_admin(PHOTOS)
    tick(page, theirs, done)
    act(page, "Approve")
    page.get_by_role("heading", name="What will follow for 2 rows").wait_for()
    assert page.get_by_text("Will be left as it is: This is approved already.").is_visible()
    assert page.get_by_text("The learner is told by mail.").is_visible()
    inspect.violations(page, "identity-look")
    give(page, "Approve", "The provider told us on the phone")
    inspect.violations(page, "identity-done")
    assert status_of(theirs) == "approved"
    assert page.get_by_text("The provider told us on the phone").is_visible()


def test_four_eyes_lead_to_the_photos(open_admin, settings):
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"FOUR_EYES": True}
    row = waiting()
    page = open_admin(f"{PHOTOS}{row.pk}/change/")
    page.get_by_role("link", name="Approve", exact=True).click()
    page.get_by_text("Two reviewers have to agree on this one").wait_for()
    page.go_back()
    page.get_by_role("link", name="Photos and decision").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("A second reviewer has to agree").wait_for()
    assert status_of(row) == "submitted"


def test_by_the_keyboard_alone(open_admin):
    attempt = AttemptFactory(status="pending")
    page = open_admin(f"{ATTEMPTS}{attempt.pk}/change/")
    deny = page.get_by_role("link", name="Deny", exact=True)
    for _ in range(40):
        if deny.evaluate("(it) => it === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    why = page.get_by_label("Why?")
    why.wait_for()
    why.focus()
    page.keyboard.type("The plug-in was wrong")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    assert status_of(attempt) == "denied"


def test_taking_back(open_admin, inspect):
    row = ManualFactory()
    page = open_admin(f"{MANUAL}{row.pk}/change/")
    page.get_by_role("link", name="Take back", exact=True).click()
    page.get_by_text("It is deleted. Unless another verification counts").wait_for()
    inspect.violations(page, "identity-taking-back")
    give(page, "Take back", "The wrong account")
    page.locator(".messagelist .success").wait_for()
    assert page.url.endswith(MANUAL)
    assert not type(row).objects.exists()
