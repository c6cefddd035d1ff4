"""
What an operator has to know, gathered from every installed app that has something to say.

`report` is what is said; `messages` and `timetable` say it of the tables that both apps have. This package can be
imported before Django's apps are loaded.
"""

from proctoring.common.operations.report import (
    CAP,
    AppReport,
    Count,
    Level,
    Link,
    Row,
    Section,
    Stuck,
    as_data,
    gather,
    graded,
    text_of,
    worst,
)

__all__ = [
    "CAP",
    "AppReport",
    "Count",
    "Level",
    "Link",
    "Row",
    "Section",
    "Stuck",
    "as_data",
    "gather",
    "graded",
    "text_of",
    "worst",
]
