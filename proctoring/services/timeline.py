"""A review's comments along the time of the exam, as fractions of it: where a page draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from proctoring.models import ProctoredExamSoftwareSecureComment, ProctoredExamStudentAttempt

# A remark on a moment is still to be seen.
LEAST = 0.004


@dataclass(frozen=True, slots=True)
class Mark:
    """A comment, with its lane, and its beginning and length as fractions of the whole."""

    comment: ProctoredExamSoftwareSecureComment
    lane: int
    begin: float
    length: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """``seconds`` is the length of the whole; marks that overlap are in lanes of their own."""

    seconds: int
    lanes: int
    marks: Sequence[Mark]


def timeline(attempt: ProctoredExamStudentAttempt, comments: Sequence[ProctoredExamSoftwareSecureComment]) -> Timeline:
    """The comments, by their beginning, over the time that the exam took, or the recording where that is longer."""
    ordered = sorted(comments, key=lambda comment: (comment.start_time, comment.pk))
    seconds = max([_taken(attempt), *(max(one.start_time, one.stop_time) for one in ordered), 1])
    ends: list[float] = []
    marks = []
    for comment in ordered:
        begin = min(max(comment.start_time, 0) / seconds, 1 - LEAST)
        length = min(max((comment.stop_time - comment.start_time) / seconds, LEAST), 1 - begin)
        lane = next((number for number, end in enumerate(ends) if end <= begin), len(ends))
        ends[lane : lane + 1] = [begin + length]
        marks.append(Mark(comment, lane, begin, length))
    return Timeline(seconds, len(ends), marks)


def _taken(attempt: ProctoredExamStudentAttempt) -> int:
    if attempt.started_at is None or attempt.completed_at is None:
        return 0
    return int((attempt.completed_at - attempt.started_at).total_seconds())
