"""The legacy vendor's reviews in our vocabulary (contract vendors_admin_screens.md §2.7)."""

import json
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from proctoring.backends.software_secure import exam_code, reviews
from proctoring.backends.types import ReviewComment, review_event
from proctoring.common.errors import DomainError
from proctoring.exceptions import MalformedCallback, ProctoredExamBadReviewStatus, ProctoredExamSuspiciousLookup
from proctoring.statuses import ReviewStatus
from tests.proctoring.backends.contract import ATTEMPT, payload

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def review(name: str = "suspicious", **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = deepcopy(payload(f"software_secure/review_{name}.json")) | changes
    return found


def of(locator: Any) -> dict[str, Any]:
    """A review that names this registration."""
    given = review()
    given["examMetaData"]["ssiRecordLocator"] = locator
    return given


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("clean", ReviewStatus.passed),
        ("violation", ReviewStatus.violation),
        ("suspicious", ReviewStatus.suspicious),
        ("not_reviewed", ReviewStatus.not_reviewed),
    ],
)
def test_four_statuses(name: str, status: ReviewStatus) -> None:
    assert reviews.converted(ATTEMPT, review(name))["status"] == status


def test_comments_of_the_camera_come_first() -> None:
    event = review_event(reviews.converted(ATTEMPT, review()))

    assert event.comments == (
        ReviewComment("second person visible", "Suspicious", 12, 40, 28),
        ReviewComment("face not visible", "Unknown", 61, 65, 4),
        ReviewComment("browser window changed", "Suspicious", 70, 71, 1),
    )
    assert event.video_link == "https://video.example.net/r/DirectLink-Generic?rec=abc123"


def test_there_may_be_no_comments() -> None:
    given = review("clean", webCamComments=None)
    del given["desktopComments"]

    assert reviews.converted(ATTEMPT, given)["comments"] == []


@pytest.mark.parametrize("locator", ["attempt-99", "ATTEMPT-99", "Attempt-99"])
def test_the_registration_is_compared_whatever_the_case(locator: str) -> None:
    assert reviews.converted(ATTEMPT, of(locator))


@pytest.mark.parametrize("locator", ["attempt-98", "", None, True, 99, ["attempt-99"], "\ud800", "attempt-99\x00"])
def test_weakness_s4_another_registration_is_refused_without_saying_which(locator: Any) -> None:
    with pytest.raises(ProctoredExamSuspiciousLookup) as caught:
        reviews.converted(ATTEMPT, of(locator))
    assert "99" not in caught.value.detail


@pytest.mark.parametrize("external_id", [None, ""])
def test_an_attempt_the_vendor_never_got_has_no_reviews(external_id: str | None) -> None:
    with pytest.raises(ProctoredExamSuspiciousLookup):
        reviews.converted(ATTEMPT | {"external_id": external_id}, of(external_id))


def test_test_installations_need_not_name_a_registration(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {"ALLOW_CALLBACK_SIMULATION": True}

    assert reviews.converted(ATTEMPT, of("bogus"))["status"] == ReviewStatus.suspicious


@pytest.mark.parametrize("status", [None, "", "clean", "passed", 1, ["Clean"], {"Clean": 1}])
def test_any_other_status_is_refused(status: Any) -> None:
    with pytest.raises(ProctoredExamBadReviewStatus):
        reviews.converted(ATTEMPT, review(reviewStatus=status))


@pytest.mark.parametrize("key", ["comments", "eventStart", "eventFinish", "duration", "eventStatus"])
@pytest.mark.parametrize("kind", ["webCamComments", "desktopComments"])
def test_a_comment_is_complete(key: str, kind: str) -> None:
    given = review()
    del given[kind][0][key]

    with pytest.raises(MalformedCallback):
        reviews.converted(ATTEMPT, given)


@pytest.mark.parametrize("comments", [{}, "x", 7, [None], ["x"], [[]]])
def test_comments_are_a_list_of_objects(comments: Any) -> None:
    with pytest.raises(MalformedCallback):
        reviews.converted(ATTEMPT, review(webCamComments=comments))


@pytest.mark.parametrize("given", [None, [], "x", 7])
def test_a_review_is_an_object(given: Any) -> None:
    with pytest.raises(MalformedCallback):
        reviews.converted(ATTEMPT, given)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(["examMetaData", "reviewStatus", "webCamComments", "desktopComments"], JSON),
    )
)
def test_whatever_comes_is_understood_or_refused(given: dict[str, Any]) -> None:
    with suppress(DomainError):
        review_event(reviews.converted(ATTEMPT, review() | given))


def test_the_code_is_read_from_the_bytes() -> None:
    assert exam_code(json.dumps(review()).encode()) == ATTEMPT["attempt_code"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"[]",
        b"{}",
        b'{"examMetaData": []}',
        b'{"examMetaData": "x"}',
        b'{"examMetaData": {}}',
        b'{"examMetaData": {"examCode": null}}',
        b'{"examMetaData": {"examCode": ["x"]}}',
        b'{"examMetaData": {"examCode": ""}}',
        b'{"examMetaData": {"examCode": "a\\u0000b"}}',
        b'{"examMetaData": {"examCode": "\\ud800"}}',
        b'{"examMetaData": {"examCode": "a b"}}',
    ],
)
def test_a_code_that_cannot_be_read_is_none(body: bytes) -> None:
    assert exam_code(body) == ""
