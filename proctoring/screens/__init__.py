"""What a learner sees of an exam: their situation, and the screen that fits it. No database, no Django."""

from proctoring.screens.choice import choose, declines_silently
from proctoring.screens.situations import (
    Clock,
    DesktopApplication,
    ExamKind,
    Facts,
    Prerequisites,
    Requirement,
    Screen,
    Situation,
)

__all__ = [
    "Clock",
    "DesktopApplication",
    "ExamKind",
    "Facts",
    "Prerequisites",
    "Requirement",
    "Screen",
    "Situation",
    "choose",
    "declines_silently",
]
