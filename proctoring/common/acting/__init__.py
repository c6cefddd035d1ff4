"""
What staff do to rows: verbs that are looked at beforehand, take a reason, run row by row, and leave a record.

A *verb* says what will follow for one row, and does it. An *action* is a verb with the rows that somebody chose: it is
planned, confirmed with a reason, done in the request or in the task queue, and stays as the record of who did what and
why. Every row that was changed also has its line in the admin's log.
"""

from proctoring.common.acting.records import AbstractStaffAction, ActionState
from proctoring.common.acting.verbs import ActionRefused, ChangedMeanwhile, ReasonMissing, Verb, Verbs
from proctoring.common.acting.work import StaffActions, sound_reason

__all__ = [
    "AbstractStaffAction",
    "ActionRefused",
    "ActionState",
    "ChangedMeanwhile",
    "ReasonMissing",
    "StaffActions",
    "Verb",
    "Verbs",
    "sound_reason",
]
