"""
What learners are granted beyond an exam's rules (contract python.md §4.4).

Whatever is wrong with a request is found before anything is written. Many learners at many exams take the same number
of statements as one learner at one exam, and what was granted before is kept. Who is sitting an exam gets the time at
once.
"""

from proctoring.services.allowances.granting import (
    Outcome,
    follow_time_limit,
    for_course,
    grant,
    grant_in_bulk,
    grouped_for_course,
    remove,
)
from proctoring.services.allowances.values import TIME_MULTIPLIER

__all__ = [
    "TIME_MULTIPLIER",
    "Outcome",
    "follow_time_limit",
    "for_course",
    "grant",
    "grant_in_bulk",
    "grouped_for_course",
    "remove",
]
