"""Which screen a learner gets."""

import pytest

from verify_student.screens import Course, Renewal, Screen, Situation, choose

OPEN = Course(course_id="course-v1:A+B+C", name="A course")
MISSED = Course(course_id="course-v1:A+B+C", name="A course", is_missed=True)


@pytest.mark.parametrize(
    ("situation", "screen"),
    [
        ({"status": "none"}, Screen.NONE),
        ({"status": "none", "course": OPEN}, Screen.NONE),
        ({"status": "none", "course": MISSED}, Screen.MISSED),
        ({"status": "pending"}, Screen.PENDING),
        ({"status": "approved"}, Screen.APPROVED),
        ({"status": "approved", "ends_soon": True}, Screen.EXPIRING),
        ({"status": "approved", "ends_soon": True, "renewal": Renewal.DENIED}, Screen.EXPIRING),
        ({"status": "approved", "ends_soon": True, "renewal": Renewal.PENDING}, Screen.APPROVED),
        ({"status": "expired", "ends_soon": True}, Screen.EXPIRED),
        ({"status": "must_reverify"}, Screen.DENIED),
        ({"status": "approved", "is_shown": False}, Screen.HIDDEN),
        ({"status": "approved", "is_shown": False, "may_hand_in": True, "ends_soon": True}, Screen.NONE),
        # W47: what is hidden stays hidden, also where it was denied.
        ({"status": "must_reverify", "is_shown": False, "may_hand_in": True}, Screen.NONE),
    ],
)
def test_screen(situation, screen):
    assert choose(Situation(**situation)) is screen


@pytest.mark.parametrize(("course", "may"), [(None, True), (OPEN, True), (MISSED, False)])
def test_the_way_to_the_camera(course, may):
    assert Situation(status="none", may_hand_in=True, course=course).may_begin is may
    assert not Situation(status="none", course=course).may_begin
