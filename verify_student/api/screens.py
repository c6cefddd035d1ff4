"""What the host's dashboard shows of a learner's identity, as HTML (contract §9.3)."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from verify_student.screens import Screen, Situation, choose
from verify_student.services import courses, location, preferences, situations, standing

PANEL, COURSE_NOTE = "verify_student/panel.html", "verify_student/course_note.html"
# Of these the side panel says nothing.
SILENT = frozenset({Screen.NONE, Screen.HIDDEN})


def get_dashboard_view(user: Any, enrollments: Iterable[Any] = ()) -> dict[str, Any]:
    """
    ``panel``: where the learner stands, empty where there is nothing to say; ``courses``: course key -> what the
    course's card says, for those of the enrolments (``course_id``, ``mode``) of which there is something to say.
    """
    learner = standing.of_user(user)
    situation = situations.of(learner)
    with timezone.override(preferences.zone_of(user)):
        return {
            "panel": _panel(situation),
            "courses": {
                course: _note(course, entry, situation)
                for course, entry in courses.of(learner, enrollments).items()
                if entry["should_display"]
            },
        }


def _panel(situation: Situation) -> str:
    screen = choose(situation)
    if screen in SILENT:
        return ""
    return render_to_string(f"verify_student/identity/{screen}.html", situations.words(situation) | {"layout": PANEL})


def _note(course: Any, entry: dict[str, Any], situation: Situation) -> str:
    facts = {"entry": entry, "situation": situation, "verify_url": location.verify_location(course)}
    return render_to_string(COURSE_NOTE, facts)
