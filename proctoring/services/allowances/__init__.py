"""
What learners are granted beyond an exam's rules (contract python.md §4.4).

Whatever is wrong with a request is found before anything is written. Many learners at many exams take the same number
of statements as one learner at one exam, and what was granted before is kept. Who is sitting an exam gets the time at
once.
"""

from proctoring.conf import TIME_MULTIPLIER
from proctoring.services.allowances.granting import (
    Outcome,
    follow_time_limit,
    grant,
    grant_in_bulk,
    put,
    remove,
)
from proctoring.services.allowances.listing import (
    CountedLearners,
    by_learner,
    for_course,
    learners_of_course,
    of_learners,
)
from proctoring.services.allowances.values import KINDS_OF_TIME, wish_for_many

__all__ = [
    "KINDS_OF_TIME",
    "TIME_MULTIPLIER",
    "CountedLearners",
    "Outcome",
    "by_learner",
    "follow_time_limit",
    "for_course",
    "grant",
    "grant_in_bulk",
    "learners_of_course",
    "of_learners",
    "put",
    "remove",
    "wish_for_many",
]
