from collections import UserDict
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proctoring.backends.types import MAX_SECONDS, ReviewComment, ReviewEvent, review_event
from proctoring.exceptions import MalformedCallback, ProctoredExamBadReviewStatus
from proctoring.statuses import ReviewStatus

NUMBERS = st.integers() | st.floats() | st.booleans()
TEXTS = st.text() | st.sampled_from(["passed", "\0", "\ud800", "x" * 256])
VALUES = st.recursive(
    st.none() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
COMMENTS = st.fixed_dictionaries(
    {"comment": VALUES, "status": VALUES}, optional={"start": VALUES, "stop": VALUES, "duration": VALUES}
)
REVIEWS = st.fixed_dictionaries(
    {"status": st.sampled_from(list(ReviewStatus)) | VALUES},
    optional={
        "comments": st.lists(COMMENTS | VALUES, max_size=3) | VALUES,
        "payload": st.fixed_dictionaries({"videoReviewLink": VALUES}) | VALUES,
    },
)
COMMENT = {"comment": "phone visible", "status": "suspicious", "start": 61, "stop": 75, "duration": 14}


@given(REVIEWS | VALUES)
@example({"status": []})
@example({"status": "passed", "comments": [COMMENT | {"start": 10**400}]})
def test_any_json_is_an_event_or_refused(value: Any) -> None:
    try:
        event = review_event(value)
    except (MalformedCallback, ProctoredExamBadReviewStatus):
        return
    assert isinstance(event.status, ReviewStatus)
    for comment in event.comments:
        assert all(0 <= seconds <= MAX_SECONDS for seconds in (comment.start, comment.stop, comment.duration))
        assert len(comment.status) <= 255
        assert "\0" not in (comment.comment + comment.status)
    (event.video_link or "").encode()


@pytest.mark.parametrize("status", list(ReviewStatus))
def test_a_status_alone_is_enough(status: ReviewStatus) -> None:
    assert review_event({"status": status.value}) == ReviewEvent(status=status)


def test_everything_that_is_said_is_taken_over() -> None:
    said = UserDict(
        status="suspicious",
        comments=[COMMENT, {"comment": "", "status": "note", "start": 2.7}],
        payload={"videoReviewLink": "https://vendor.example/video/1", "other": 1},
        reviewed_by="grader@example.org",
    )

    event = review_event(said)

    assert event == ReviewEvent(
        status=ReviewStatus.suspicious,
        comments=(
            ReviewComment("phone visible", "suspicious", 61, 75, 14),
            ReviewComment("", "note", start=2, stop=0, duration=0),
        ),
        video_link="https://vendor.example/video/1",
    )


@pytest.mark.parametrize("status", [None, "", "Passed", "Clean", 1, True, [], {}, ["passed"]])
def test_another_status_is_refused(status: object) -> None:
    with pytest.raises(ProctoredExamBadReviewStatus):
        review_event({"status": status})


def test_no_status_is_refused() -> None:
    with pytest.raises(ProctoredExamBadReviewStatus):
        review_event({"comments": []})


@pytest.mark.parametrize("value", [None, "passed", 1, [], [("status", "passed")], True])
def test_what_is_no_dictionary_is_malformed(value: object) -> None:
    with pytest.raises(MalformedCallback):
        review_event(value)


@pytest.mark.parametrize(
    "comments",
    [
        {},
        "phone visible",
        [None],
        ["phone visible"],
        [{}],
        [{"comment": "no status"}],
        [{"status": "no comment"}],
        [COMMENT | {"comment": None}],
        [COMMENT | {"comment": "zero \0 byte"}],
        [COMMENT | {"comment": "half a pair \ud83d"}],
        [COMMENT | {"status": "x" * 256}],
        [COMMENT | {"start": -1}],
        [COMMENT | {"stop": "75"}],
        [COMMENT | {"duration": True}],
        [COMMENT | {"duration": float("nan")}],
        [COMMENT | {"duration": float("inf")}],
        [COMMENT | {"duration": MAX_SECONDS + 1}],
        [COMMENT, COMMENT | {"start": []}],
    ],
)
def test_comments_of_another_shape_are_malformed(comments: object) -> None:
    with pytest.raises(MalformedCallback):
        review_event({"status": "passed", "comments": comments})


@pytest.mark.parametrize("comments", [None, []])
def test_no_comments_are_no_comments(comments: object) -> None:
    assert review_event({"status": "passed", "comments": comments}).comments == ()


@pytest.mark.parametrize("said", [{}, {"payload": None}, {"payload": {}}, {"payload": {"videoReviewLink": ["x"]}}])
def test_without_a_link_there_is_none(said: dict[str, Any]) -> None:
    assert review_event({"status": "passed"} | said).video_link is None


@pytest.mark.parametrize("link", ["https://vendor.example/\ud800", "https://vendor.example/\0"])
def test_a_link_that_cannot_be_kept_is_malformed(link: str) -> None:
    with pytest.raises(MalformedCallback):
        review_event({"status": "passed", "payload": {"videoReviewLink": link}})


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        review_event({"status": "passed"}).status = ReviewStatus.violation  # type: ignore[misc]
