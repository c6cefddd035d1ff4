"""The course at a glance: its exams, and the attempts of the last days by state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from proctoring.pages.base import CoursePage
from proctoring.services import course_attempts, course_figures
from proctoring.services.course_figures import STATES, Day, State
from proctoring.services.dashboards import has_dashboard
from proctoring.services.vendors import backends_if_configured
from proctoring.services.wording import kind_words, vendor_words

WIDTH, HEIGHT, GAP = 900, 240, 4


class OverviewPage(CoursePage):
    """The exams at once; the figures come after, so that nobody waits for them."""

    tab = "overview"
    template_name = "proctoring/instructor/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exams = course_attempts.exams_of(self.course_id)
        backends = backends_if_configured(exams)
        described = ((exam, backends[exam.pk]) for exam in exams)
        return super().get_context_data(
            exams=[(exam, kind_words(exam, backend), vendor_words(exam, backend)) for exam, backend in described],
            has_vendor_dashboard=any(has_dashboard(backends[exam.pk]) for exam in exams if exam.is_active),
            **kwargs,
        )


class FiguresPage(CoursePage):
    """The figures, as a chart and as a table."""

    tab = "overview"
    template_name = "proctoring/instructor/figures.html"
    part_name = "proctoring/instructor/figures_part.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exams = course_attempts.exams_of(self.course_id)
        days = course_figures.days([exam.pk for exam in exams], timezone.get_current_timezone())
        return super().get_context_data(
            days=days,
            states=STATES,
            rows=[(day, [day.counts.get(state.name, 0) for state in STATES]) for day in days if day.total],
            bars=bars_of(days),
            width=WIDTH,
            height=HEIGHT,
            **kwargs,
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a day's column."""

    day: Day
    state: State
    number: int
    x: float
    y: float
    width: float
    height: float


def bars_of(days: Sequence[Day]) -> list[Bar]:
    """Each day as a column of its states, the tallest one as tall as the chart."""
    tallest = max((day.total for day in days), default=0)
    column = WIDTH / max(len(days), 1)
    bars = []
    for place, day in enumerate(days):
        top = float(HEIGHT)
        for state in STATES:
            number = day.counts.get(state.name, 0)
            if number:
                tall = HEIGHT * number / tallest
                top -= tall
                bars.append(Bar(day, state, number, place * column + GAP / 2, top, column - GAP, tall))
    return bars
