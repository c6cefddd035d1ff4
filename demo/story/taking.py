"""A learner takes the proctored exam."""

from typing import Any
from urllib.parse import unquote

from demo.story.browser import Browser
from demo.story.page import Page
from demo.story.report import StepFailed
from demo.story.stage import CONTENT_ID, COURSE_ID, PASSWORD, Learner, Stage
from demo.story.vendor import Vendor
from demo.story.waiting import wait_for

LOGIN = "/accounts/login/"
COURSE = f"/courses/{COURSE_ID}/"
EXAM = f"/courses/{COURSE_ID}/jump_to/{CONTENT_ID}"
PROGRESS = f"/courses/{COURSE_ID}/progress"
ATTEMPTS = "/api/edx_proctoring/v1/proctored_exam/attempt"
ANSWERS = ("42", "Lima")
QUESTION = "question-"


def sign_in(browser: Browser, username: str, path: str = LOGIN) -> Page:
    """Fill in the login form at ``path``; the page behind it."""
    page = browser.open(path)
    form = page.form_with("username", "password", "csrfmiddlewaretoken")
    if form is None:
        raise StepFailed("a login form with a CSRF token", f"none at {page.path}")
    return browser.submit(page, form, username=username, password=PASSWORD)


def open_exam(learner: Learner) -> None:
    """Go to the exam's page through the course's, and read the exam's id there."""
    outline = learner.browser.open(COURSE)
    link = next((link for link in outline.links if unquote(link).endswith(f"/jump_to/{CONTENT_ID}")), None)
    if link is None:
        raise StepFailed("a link to the proctored exam on the course's page", f"{len(outline.links)} other links")
    mark = learner.browser.open(link).marks("data-exam-id")
    if mark is None or not mark["data-exam-id"].isdecimal():
        raise StepFailed("the exam's screen with data-exam-id", mark)
    learner.exam_id = int(mark["data-exam-id"])


def begin(learner: Learner, vendor: Vendor) -> None:
    """Create the attempt; the vendor must know it once, under the learner's address."""
    body = {"exam_id": learner.exam_id, "attempt_proctored": "true", "start_clock": "false"}
    learner.attempt_id = learner.browser.call("POST", ATTEMPTS, body)["exam_attempt_id"]
    known = vendor.attempts_of(learner.username)
    if len(known) != 1:
        raise StepFailed("one attempt of the learner at the vendor", f"{len(known)}")
    learner.external_id = known[0]["id"]


def wait_for_status(learner: Learner, status: str) -> None:
    """Poll as the learner's page does until the attempt is in ``status``."""
    wait_for(lambda: attempt_of(learner)["status"], status.__eq__, f"the attempt to be {status}")


def attempt_of(learner: Learner) -> dict[str, Any]:
    """The attempt as the polling endpoint shows it."""
    attempt: dict[str, Any] = learner.browser.call("GET", f"{ATTEMPTS}/{learner.attempt_id}")
    return attempt


def act(learner: Learner, action: str, *statuses: str) -> None:
    """Carry out ``action``; the attempt must then be in one of ``statuses``."""
    learner.browser.call("PUT", f"{ATTEMPTS}/{learner.attempt_id}", {"action": action})
    seen = attempt_of(learner)["status"]
    if seen not in statuses:
        raise StepFailed(f"the attempt to be {' or '.join(statuses)}", seen)


def submit(learner: Learner) -> None:
    """Hand in; a quick vendor may have reviewed before we look."""
    act(learner, "submit", "submitted", "second_review_required", "verified")


def answer(learner: Learner) -> None:
    """Fill in the exam's questions."""
    page = learner.browser.open(EXAM)
    form = next((form for form in page.forms if any(name.startswith(QUESTION) for name, _ in form.fields)), None)
    if form is None:
        raise StepFailed("the exam's questions", f"{len(page.forms)} forms without any")
    questions = [name for name, _ in form.fields if name.startswith(QUESTION)]
    after = learner.browser.submit(page, form, **dict(zip(questions, ANSWERS, strict=False)))
    if not any((questions[0], ANSWERS[0]) in form.fields for form in after.forms):
        raise StepFailed("the answers to be kept", "a page without them")


def vendor_hears(learner: Learner, vendor: Vendor, status: str) -> None:
    """Wait until the vendor knows that the attempt is in ``status``."""
    wait_for(
        lambda: [attempt["status"] for attempt in vendor.attempts_of(learner.username)],
        lambda statuses: statuses == [status],
        f"the vendor to know that the attempt is {status}",
    )


def take(learner: Learner, stage: Stage) -> None:
    """The whole exam without a pause."""
    sign_in(learner.browser, learner.username)
    open_exam(learner)
    begin(learner, stage.vendor)
    wait_for_status(learner, "ready_to_start")
    act(learner, "start", "started")
    answer(learner)
    act(learner, "stop", "ready_to_submit")
    submit(learner)
