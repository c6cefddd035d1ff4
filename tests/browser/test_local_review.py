"""Local review in the admin: two photos beside each other, a decision, the next case; by the keyboard alone too."""

import pytest

from tests.browser.identity_steps import one_photo_at_a_time, take_both
from tests.factories import UserFactory
from tests.verify_student.custody import kept
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.models import SoftwareSecurePhotoVerification

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/admin/verify_student/softwaresecurephotoverification/queue/"
WIDE = {"width": 1700, "height": 1000}


@pytest.fixture
def verification():
    return _waiting()


@pytest.fixture
def open_admin(open_as):
    """The queue, as a reviewer sees it."""

    def open_page():
        page = open_as(UserFactory(superuser=True), "about:blank")
        # The admin has no icon of its own.
        page.expected_errors = ["favicon.ico"]
        one_photo_at_a_time(page)
        page.goto(QUEUE)
        return page

    return open_page


def _waiting(**values):
    row = VerificationFactory(**{"status": "submitted", "provider": "local", "name": "Zoë <Nguyễn>", **values})
    return kept(row, content=picture(size=(640, 480)))


def _review(page, verification):
    page.get_by_role("link", name=f"Review {verification.pk}", exact=True).click()
    page.wait_for_load_state("networkidle")


def _boxes(page):
    return [frame.bounding_box() for frame in page.locator(".review-frame").all()]


def test_beside_each_other_where_there_is_room(open_admin, inspect, verification):
    page = open_admin()
    inspect(page, "review-queue")
    _review(page, verification)
    inspect(page, "review")
    face, photo_id = _boxes(page)
    assert (face["y"], face["x"] < photo_id["x"]) == (photo_id["y"], True)
    page.set_viewport_size({"width": 320, "height": 640})
    face, photo_id = _boxes(page)
    assert (face["x"], face["y"] < photo_id["y"]) == (photo_id["x"], True)
    page.set_viewport_size(WIDE)
    face, decision = _boxes(page)[0], page.get_by_role("button", name="Approve").bounding_box()
    assert decision["y"] < face["y"] + face["height"]


def test_zoom(open_admin, verification):
    page = open_admin()
    _review(page, verification)
    face, photo_id = page.locator(".review-frame img").all()
    before = face.bounding_box()["width"]
    page.get_by_label("Zoom").first.fill("200")
    assert face.bounding_box()["width"] == pytest.approx(2 * before, abs=2)
    assert photo_id.bounding_box()["width"] == pytest.approx(before, abs=2)
    # Where it is zoomed to stays in the middle.
    frame = page.locator(".review-frame").first
    assert frame.evaluate("(it) => it.scrollLeft / (it.scrollWidth - it.clientWidth)") == pytest.approx(0.5, abs=0.05)


def test_by_keys_alone(open_admin, verification):
    others = [_waiting(), _waiting()]
    page = open_admin()
    _review(page, verification)
    page.keyboard.press("+")
    assert page.locator(".review-zoom output").all_inner_texts() == ["150 %", "150 %"]
    page.keyboard.press("0")
    assert page.locator(".review-zoom output").all_inner_texts() == ["100 %", "100 %"]
    for key in ("6", "7", "7", "d"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.get_by_text(f"#{verification.pk}: Denied: id_invalid.").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.url.endswith(f"/{others[0].pk}/review/")
    # Whoever talks to their computer, or lets a key slip, switches single keys off, once for all.
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys work on this page").uncheck()
    page.keyboard.press("n")
    page.reload()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    assert page.url.endswith(f"/{others[0].pk}/review/")
    assert not page.locator("label kbd").first.is_visible()
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys work on this page").check()
    page.keyboard.press("n")
    page.wait_for_url(f"**/{others[1].pk}/review/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.get_by_text(f"#{others[1].pk}: Approved.").wait_for()
    page.wait_for_load_state("networkidle")


def test_from_the_camera_to_the_approval(open_as, open_admin):
    learner = open_as(UserFactory(first_name="Amal"), "/id-verification/photos", permissions=["camera"])
    take_both(learner)
    learner.get_by_role("button", name="Hand in").click()
    learner.get_by_role("heading", name="Your photos are being reviewed").wait_for()
    page = open_admin()
    _review(page, SoftwareSecurePhotoVerification.objects.get())
    assert page.get_by_role("img", name="The learner's face").evaluate("(it) => it.naturalWidth") > 0
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Nobody waits. There is nothing to do.").wait_for()
    learner.reload()
    assert learner.get_by_role("heading", name="You are verified").is_visible()
