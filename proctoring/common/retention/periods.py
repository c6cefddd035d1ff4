"""Periods, as settings have them. This can be imported by a settings module, before Django's apps are loaded."""

from datetime import timedelta
from typing import Any

LONGEST = 36500


def days(configured: Any) -> float:
    """A number of days. Nobody means to keep nothing, and no date is a hundred years back: ``ValueError``."""
    number = float(configured)
    if not 1 <= number <= LONGEST:
        raise ValueError("From 1 to 36500 days.")
    return number


def days_or_none(configured: Any) -> float | None:
    """As :func:`days`; None is for good."""
    return None if configured is None else days(configured)


def period_of(number: float | None) -> timedelta | None:
    """So many days; None for good."""
    return None if number is None else timedelta(days=number)
