"""From the camera to the form: photos are taken, looked at, and leave the browser at the end only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.identity_steps import step, take, take_both
from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.models import SoftwareSecurePhotoVerification, StoredPhoto

pytestmark = pytest.mark.django_db(transaction=True)

PHOTOS = "/id-verification/photos"
CAMERA = {"permissions": ["camera"]}
WATCHED = """
window.tracks = [];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) => ask(wanted).then((stream) => {
  window.tracks.push(...stream.getTracks());
  return stream;
});
"""
LIT = "window.tracks.filter((track) => track.readyState === 'live').length"
FAILS = """(name) => Object.defineProperty(navigator, "mediaDevices", {
  configurable: true,
  value: name ? { getUserMedia: () => Promise.reject(new DOMException("", name)) } : undefined,
})"""
LIGHT = """async (drawing) => {
  const { flaw } = await import("/static/verify_student/light.js");
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const pen = canvas.getContext("2d");
  for (let x = 0; x < 640; x += 8) {
    pen.fillStyle = x % 16 || drawing === "blurred" ? "#c0c0c0" : "#202020";
    pen.fillRect(x, 0, 8, 480);
  }
  pen.fillStyle = "rgb(0 0 0 / 80%)";
  pen.fillRect(0, 0, drawing === "dark" ? 640 : 0, 480);
  return flaw(canvas, 640, 480);
}"""


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def file_of(page, name):
    """Type, bytes and size of what is in the field, and of the picture that is shown."""
    return page.evaluate(
        """(name) => {
            const [file] = document.querySelector(`#${name} input`).files;
            const { width, height } = document.querySelector(`#${name} canvas`);
            return file ? [file.type, file.size, width, height] : null;
        }""",
        name,
    )


def test_by_the_camera(open_as, inspect):
    page = open_as(UserFactory(first_name="Amal", last_name="Haddad"), "/id-verification", **CAMERA)
    page.add_init_script(WATCHED)
    inspect(page, "identity-none")
    page.get_by_role("link", name="Begin").click()
    face = step(page, "face")
    face.get_by_role("button", name="Use the camera").click()
    face.get_by_text("Put your face into the oval.").wait_for()
    assert focused(page) == "Take the photo"
    face.get_by_text("The picture is clear.").wait_for()
    inspect(page, "identity-face-live")
    face.get_by_role("button", name="Switch the camera off").click()
    assert (page.evaluate(LIT), focused(page)) == (0, "Use the camera")
    take(page, "face")
    assert (page.evaluate(LIT), focused(page)) == (0, "Next")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "photo_id"
    step(page, "photo_id").get_by_role("button", name="Use the camera").click()
    step(page, "photo_id").get_by_text("Put your ID into the frame.").wait_for()
    inspect(page, "identity-id-live")
    # Whoever leaves a step leaves its camera.
    page.go_back()
    face.get_by_role("link", name="Next").click()
    assert page.evaluate(LIT) == 0
    take(page, "photo_id").get_by_role("link", name="Next").click()
    assert page.get_by_role("img", name="Photo of your face").is_visible()
    assert page.get_by_role("img", name="Photo of your ID").is_visible()
    inspect(page, "identity-check")
    assert page.get_by_label("Your name").input_value() == "Amal Haddad"
    assert not SoftwareSecurePhotoVerification.objects.exists()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("heading", name="Your photos are being reviewed").wait_for()
    assert SoftwareSecurePhotoVerification.objects.get().name == "Amal Haddad"
    assert set(StoredPhoto.objects.values_list("kind", "content_type")) == {
        ("face", "image/jpeg"),
        ("photo_id", "image/jpeg"),
    }


def test_by_files_and_the_keyboard_alone(open_as, inspect, tmp_path):
    page = open_as(UserFactory(), PHOTOS)
    page.evaluate(FAILS, "NotAllowedError")
    _tab_to(page, "button")
    page.keyboard.press("Enter")
    step(page, "face").get_by_text("This page may not use the camera.").wait_for()
    inspect(page, "identity-camera-refused")
    _choose(page, _file(tmp_path, "scan.jpg", b"%PDF-1.7 and so on"))
    step(page, "face").get_by_text("This file is not a picture that we can read.").wait_for()
    assert file_of(page, "face") is None
    _choose(page, _file(tmp_path, "face.png", picture("PNG", size=(640, 480))))
    step(page, "face").get_by_text("The photo is there.").wait_for()
    _tab_back_to(page, "a[data-next]")
    page.keyboard.press("Enter")
    _choose(page, _file(tmp_path, "id.jpg", picture(size=(3000, 2000))))
    step(page, "photo_id").get_by_text("The photo is there.").wait_for()
    # Drawn anew, so small enough for the form.
    kind, size, width, height = file_of(page, "photo_id")
    assert (kind, width * height <= 3_333_333, size < 10_000_000) == ("image/jpeg", True, True)
    _tab_back_to(page, "a[data-next]")
    page.keyboard.press("Enter")
    _tab_to(page, "input[type=text]")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing has been handed in yet").wait_for()
    assert page.evaluate("document.activeElement.className") == "proctoring-notice"
    inspect(page, "identity-check-refused")
    # Nothing is lost.
    assert file_of(page, "face")
    assert file_of(page, "photo_id")
    _tab_to(page, "input[type=text]")
    page.keyboard.type("Zoë <Nguyễn>")
    _tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your photos are being reviewed").wait_for()
    assert SoftwareSecurePhotoVerification.objects.get().name == "Zoë <Nguyễn>"


def test_each_way_in_which_there_is_no_camera(open_as):
    page = open_as(UserFactory(), PHOTOS)
    for name, said in [
        ("NotFoundError", "No camera was found."),
        ("NotReadableError", "The camera is used by another program."),
        ("OverconstrainedError", "The camera could not be switched on."),
        (None, "This browser lets no page use the camera."),
    ]:
        page.evaluate(FAILS, name)
        step(page, "face").get_by_role("button", name="Use the camera").click()
        step(page, "face").get_by_text(said).wait_for()
        assert step(page, "face").get_by_label("Choose a picture of your face").is_visible()


def test_hints_about_the_light(open_as):
    page = open_as(UserFactory(), PHOTOS)
    assert [page.evaluate(LIGHT, drawing) for drawing in ("dark", "blurred", "clear")] == ["dark", "blurred", "clear"]


def test_steps_in_their_order(open_as):
    page = open_as(UserFactory(), f"{PHOTOS}#check")
    assert step(page, "face").get_by_role("heading").is_visible()
    assert not page.get_by_role("button", name="Hand in").is_visible()
    # The way past the header is no step.
    page.evaluate("location.hash = 'proctoring-main'")
    assert step(page, "face").get_by_role("heading").is_visible()


def test_a_lost_connection_loses_nothing(open_as):
    page = open_as(UserFactory(), PHOTOS, **CAMERA)
    page.expected_errors = ["ERR_FAILED", "htmx:sendError", "htmx:afterRequest"]
    take_both(page)
    page.get_by_label("Your name").fill("Amal Haddad")
    page.route(f"**{PHOTOS}", lambda route: route.abort())
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("That did not work, and nothing was handed in.").wait_for()
    page.unroute(f"**{PHOTOS}")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("heading", name="Your photos are being reviewed").wait_for()
    assert SoftwareSecurePhotoVerification.objects.count() == 1


def test_the_id_of_an_earlier_approval(open_as, inspect):
    user, soon = UserFactory(first_name="Amal"), timezone.now() + timedelta(days=10)
    earlier = VerificationFactory(user=user, status="approved", photo_id_key="wrapped", expiration_date=soon)
    page = open_as(user, PHOTOS, **CAMERA)
    take(page, "face").get_by_role("link", name="Next").click()
    inspect(page, "identity-id-known")
    step(page, "photo_id").get_by_role("link", name="Next").click()
    assert page.get_by_text("The photo that was approved earlier is used.").is_visible()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("The new photos that you handed in are being reviewed.").wait_for()
    assert SoftwareSecurePhotoVerification.objects.get(copy_id_photo_from=earlier).user == user


def test_without_a_script(open_as, tmp_path, settings):
    settings.VERIFY_STUDENT = {"PROVIDER": "local", "MAX_PHOTO_BYTES": 50_000}
    page = open_as(UserFactory(), PHOTOS, java_script_enabled=False)
    page.expected_errors = ["status of 400"]
    small, large = _file(tmp_path, "small.jpg", picture()), _file(tmp_path, "large.jpg", picture() + b"x" * 60_000)
    page.get_by_label("Choose a picture of your face").set_input_files(large)
    page.get_by_label("Choose a picture of your ID").set_input_files(small)
    page.get_by_label("Your name").fill("Amal Haddad")
    page.get_by_role("button", name="Hand in").click()
    assert page.get_by_text("This picture is too large: it may have up to 0.05 MB").is_visible()
    assert page.get_by_label("Your name").input_value() == "Amal Haddad"
    for name in ("face", "ID"):
        page.get_by_label(f"Choose a picture of your {name}").set_input_files(small)
    page.get_by_role("button", name="Hand in").click()
    assert page.get_by_role("heading", name="Your photos are being reviewed").is_visible()


def _file(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def _choose(page, path):
    """A file, as the keyboard chooses it: the field opens the system's own window."""
    _tab_to(page, "input[type=file]")
    # A browser that is busy with other windows may swallow the first key.
    page.bring_to_front()
    opened = []
    page.once("filechooser", lambda chooser: opened.append(chooser))  # noqa: PLW0108 - it wants a function of ours
    for _ in range(4):
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)
        if _opened_within(page, opened, 3000):
            break
    opened[0].set_files(path)


def _opened_within(page, opened, milliseconds):
    for _ in range(milliseconds // 100):
        if opened:
            return True
        page.wait_for_timeout(100)
    return False


def _tab_to(page, selector, key="Tab"):
    for _ in range(20):
        page.keyboard.press(key)
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def _tab_back_to(page, selector):
    _tab_to(page, selector, "Shift+Tab")
