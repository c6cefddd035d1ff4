"""Addresses of the host's pages (contract python.md §4.12)."""

from proctoring.services import links

COURSE, CONTENT = "course-v1:Test+EXAMS+2026", "block-v1:Test+EXAMS+2026+type@sequential+block@exam"


def test_an_exam_in_the_micro_frontend_and_in_the_lms(settings):
    settings.LEARNING_MICROFRONTEND_URL = "https://learning.example"
    assert (
        links.exam_url(COURSE, CONTENT, is_learning_mfe=True) == f"https://learning.example/course/{COURSE}/{CONTENT}"
    )
    assert links.exam_url(COURSE, CONTENT, is_learning_mfe=False) == f"/courses/{COURSE}/jump_to/{CONTENT}"
    assert links.course_home_url(COURSE) == f"https://learning.example/course/{COURSE}/home"


def test_a_host_without_the_page(settings):
    settings.ROOT_URLCONF = "proctoring.urls"
    assert links.exam_url(COURSE, CONTENT, is_learning_mfe=False) == ""
