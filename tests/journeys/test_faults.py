"""A vendor that misbehaves, from the learner's side: real processes, real HTTP, one demo for all of these stories."""

import os
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from demo.processes import Supervisor, choose_port
from demo.running import BASE_DIR, Addresses, Site
from demo.story import taking
from demo.story.browser import Browser
from demo.story.report import Report, StepFailed
from demo.story.stage import COURSE_ID, Learner
from demo.story.vendor import Vendor
from demo.story.waiting import wait_for

ESSAY = f"/courses/{COURSE_ID}/jump_to/block-v1:Demo+EXAMS+2026+type@sequential+block@essay"
Enrolled = Callable[[str], Learner]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo on SQLite, in-process."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch, Supervisor(BASE_DIR, folder / "log") as supervisor:
        for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
            patch.delenv(name, raising=False)
        patch.setitem(os.environ, "CALLBACK_INTERVAL_SECONDS", "1")
        lms = choose_port(0)
        site = Site(supervisor, Addresses(lms, choose_port(0)), folder)
        site.start()
        yield site


@pytest.fixture
def vendor(demo: Site) -> Vendor:
    return Vendor(demo.addresses.simulator_url)


@pytest.fixture
def enrolled(demo: Site) -> Enrolled:
    """One of the seeded learners, signed in. Each of them belongs to one test."""

    def signed_in(name: str) -> Learner:
        learner = Learner(name, Browser(name, demo.addresses.lms_url, Report(StringIO())))
        taking.sign_in(learner.browser, name)
        return learner

    return signed_in


def messages(vendor: Vendor, learner: Learner) -> list[dict[str, Any]]:
    """What the vendor told the LMS of the learner's attempt, once all of it is done."""

    def told() -> list[dict[str, Any]]:
        return [callback for attempt in vendor.attempts_of(learner.username) for callback in attempt["callbacks"]]

    return wait_for(
        told, lambda seen: bool(seen) and all(callback["state"] != "pending" for callback in seen), "all to be told"
    )


def test_a_pass_of_an_exam_that_was_never_handed_in_lets_nobody_in(enrolled: Enrolled, vendor: Vendor) -> None:
    learner = enrolled("amal")
    vendor.plan("amal", status="passed", callback_fault="reordered")
    taking.open_exam(learner)
    taking.begin(learner, vendor)
    told = messages(vendor, learner)
    assert [(message["kind"], message["status"]) for message in told] == [("reviewed", 200), ("ready", 200)]
    assert taking.attempt_of(learner)["status"] == "error"


def test_a_forged_message_changes_nothing(enrolled: Enrolled, vendor: Vendor) -> None:
    learner = enrolled("bruno")
    vendor.plan("bruno", status="passed", callback_fault="forged")
    taking.open_exam(learner)
    taking.begin(learner, vendor)
    assert [told["status"] for told in messages(vendor, learner)] == [403]
    assert taking.attempt_of(learner)["status"] == "created"


def find_essay(learner: Learner) -> None:
    """Open the exam of the legacy vendor."""
    mark = learner.browser.open(ESSAY).marks("data-exam-id")
    assert mark is not None
    learner.exam_id = int(mark["data-exam-id"])


def write_essay(learner: Learner, vendor: Vendor) -> None:
    """Take that exam. The vendor's browser is the learner's here: it opens the address that the vendor was given."""
    find_essay(learner)
    taking.begin(learner, vendor)
    (attempt,) = vendor.attempts_of(learner.username)
    learner.browser.open(attempt["exam_url"])
    taking.wait_for_status(learner, "ready_to_start")
    taking.act(learner, "start", "started")
    assert "question-" in learner.browser.open(ESSAY).text
    taking.act(learner, "stop", "ready_to_submit")
    taking.submit(learner)


def review_essay(learner: Learner, vendor: Vendor, **plan: Any) -> list[int | None]:
    """Have it reviewed as planned; how the LMS answered."""
    vendor.plan(learner.username, **plan)
    ids = vendor.send_review(learner.external_id, new=True)
    return [told["status"] for told in messages(vendor, learner) if told["id"] in ids]


def test_the_legacy_vendors_review_decides_once_however_often_it_comes(enrolled: Enrolled, vendor: Vendor) -> None:
    learner = enrolled("chen")
    write_essay(learner, vendor)
    assert review_essay(learner, vendor, status="violation", callback_fault="duplicate") == [200, 200]
    taking.wait_for_status(learner, "verified")


def test_the_legacy_vendors_bad_reviews_change_nothing(enrolled: Enrolled, vendor: Vendor) -> None:
    learner = enrolled("dana")
    write_essay(learner, vendor)
    for fault, answer in (("forged", 403), ("wrong-id", 400), ("garbage", 400)):
        assert review_essay(learner, vendor, status="passed", callback_fault=fault) == [answer], fault
    assert taking.attempt_of(learner)["status"] == "submitted"


def test_an_attempt_that_cannot_be_registered_says_so(enrolled: Enrolled, vendor: Vendor) -> None:
    learner = enrolled("state-created")
    find_essay(learner)
    for fault in ("garbage", "500"):
        vendor.plan(learner.username, answer_fault=fault)
        with pytest.raises(StepFailed, match='"detail":"'):
            taking.begin(learner, vendor)
