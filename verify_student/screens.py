"""Which screen a learner gets: a pure function of where the learner stands (contract §9.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Screen(StrEnum):
    """What there is to say; the value is the template's name, and that of the status of §5.2 where there is one."""

    NONE = "none"
    PENDING = "pending"
    APPROVED = "approved"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    DENIED = "must_reverify"
    HIDDEN = "hidden"
    MISSED = "missed"


class Renewal(StrEnum):
    """What has become of photos that the learner handed in while an earlier approval counts."""

    NOTHING = ""
    PENDING = "pending"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The course for which the learner comes, and until when it wants its learners verified."""

    course_id: str
    name: str
    deadline: datetime | None = None
    is_missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """
    Where a learner stands. ``status`` is that of §5.2; ``ends`` is when the approval stops counting, None where it
    never does; ``reasons`` are codes of the denial that the learner is told of.
    """

    status: str
    is_shown: bool = True
    may_hand_in: bool = False
    ends: datetime | None = None
    ends_soon: bool = False
    renewal: Renewal = Renewal.NOTHING
    reasons: Sequence[str] = ()
    course: Course | None = None

    @property
    def may_begin(self) -> bool:
        """Whether the way to the camera is open."""
        return self.may_hand_in and not self.is_too_late

    @property
    def is_too_late(self) -> bool:
        """Whether the course that the learner comes for takes no new photos."""
        return self.course is not None and self.course.is_missed


def choose(situation: Situation) -> Screen:
    """The screen for a learner who asks for it."""
    if situation.is_too_late:
        return Screen.MISSED
    if not situation.is_shown:
        # Nothing of what is hidden shows through: whoever may hand in photos looks like somebody who never did.
        return Screen.NONE if situation.may_hand_in else Screen.HIDDEN
    renews = situation.renewal is Renewal.PENDING
    if situation.status == Screen.APPROVED and situation.ends_soon and not renews:
        return Screen.EXPIRING
    return Screen(situation.status)
