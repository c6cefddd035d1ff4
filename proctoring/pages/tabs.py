"""The tabs of a course's pages for its staff."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The name of each tab's address, and what it is called.
TABS: tuple[tuple[str, Promise], ...] = (
    ("overview", _("Overview")),
    ("attempts", _("Attempts")),
    ("live", _("Live")),
    ("allowances", _("Allowances")),
    ("onboarding", _("Onboarding")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab, as the template shows it."""

    url: str
    label: Promise
    is_current: bool


def tabs_of(course_id: str, current: str) -> list[Tab]:
    """The tabs of a course, with the one that is open marked."""
    return [
        Tab(reverse(f"edx_proctoring:pages.{name}", args=[course_id]), label, name == current) for name, label in TABS
    ]
