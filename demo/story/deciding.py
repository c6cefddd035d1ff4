"""A staff member at the admin site."""

import re
from typing import Any

from demo.story.browser import Browser
from demo.story.page import Page
from demo.story.report import StepFailed
from demo.story.stage import STAFF, Learner, Stage
from demo.story.taking import sign_in

ADMIN = "/admin/"
REVIEWS = "/admin/proctoring/proctoredexamsoftwaresecurereview/"
INBOX = "/admin/proctoring/inboxdelivery/"
SUSPICIOUS = "Suspicious"
REASON = "The phone is to be seen, and used."
COMMENTS: list[dict[str, Any]] = [
    {"comment": "Phone visible", "status": "suspicious", "start": 61, "stop": 75, "duration": 14},
    {"comment": "A second voice in the room", "status": "suspicious", "start": 203, "stop": 230, "duration": 27},
]


def sign_in_to_admin(stage: Stage) -> None:
    """Through the admin site's own login page."""
    sign_in(stage.staff, STAFF, ADMIN)


def confirm_suspicion(browser: Browser, learner: Learner) -> None:
    """Find the learner's review in the list, read the comments, and confirm it: a person has now decided."""
    listed = entries_of(browser.open(f"{REVIEWS}?q={learner.username}"), REVIEWS)
    if len(listed) != 1:
        raise StepFailed("one review of the learner in the admin", f"{len(listed)}")
    page = browser.open(listed[0])
    if missing := [comment for comment in COMMENTS if comment["comment"] not in page.text]:
        raise StepFailed("the vendor's comments beside the review", f"{len(missing)} missing")
    form = page.form_with("review_status", "csrfmiddlewaretoken")
    if form is None:
        raise StepFailed("the review's form", f"{len(page.forms)} forms without review_status")
    if ("review_status", SUSPICIOUS) not in form.fields:
        raise StepFailed("a review that is Suspicious", dict(form.fields).get("review_status"))
    browser.submit(page, form, review_status=SUSPICIOUS, reason=REASON, _save="Save")


def refused_deliveries(browser: Browser, learner: Learner) -> list[str]:
    """The refused messages about the learner's attempt, as the admin lists them."""
    return entries_of(browser.open(f"{INBOX}?q={learner.external_id}&state__exact=refused"), INBOX)


def entries_of(page: Page, list_path: str) -> list[str]:
    """The addresses of the entries on a page of an admin list, each once."""
    entry = re.compile(rf"{re.escape(list_path)}[^/?]+/change/")
    found = (entry.match(link) for link in page.links)
    return list(dict.fromkeys(match.group() for match in found if match))
