"""Timed, practice, onboarding and proctored exams for a learning platform."""

__version__ = "0.1.0"
