"""The pages of a course: whoever is not its staff learns nothing of it."""

import pytest
from django.urls import reverse

from proctoring.pages.tabs import TABS
from tests.factories import COURSE_ID, UserFactory

pytestmark = pytest.mark.django_db
LABELS = {name: label for name, label in TABS}  # noqa: C416 - a rule of ours minds `dict` beside our own names
NAMES = list(LABELS)


def address(name, course_id=COURSE_ID):
    return reverse(f"edx_proctoring:pages.{name}", args=[course_id])


@pytest.mark.parametrize("name", NAMES)
def test_strangers_are_sent_to_the_sign_in_page(client, name):
    answer = client.get(address(name))
    assert answer.status_code == 302
    assert "next=" in answer["Location"]


@pytest.mark.parametrize("name", NAMES)
def test_learners_and_staff_of_other_courses_get_the_same_answer_as_for_no_course(client, lms, name):
    someone = UserFactory()
    lms.instructor.staff.add((someone.pk, "course-v1:Other+COURSE+2026"))
    client.force_login(someone)
    answers = [client.get(address(name, course_id)) for course_id in (COURSE_ID, "course-v1:No+SUCH+course")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert not any(COURSE_ID in answer.content.decode() for answer in answers)


@pytest.mark.parametrize("name", NAMES)
def test_the_staff_of_the_course_sees_the_page_with_its_tab_marked(client, lms, name):
    someone = UserFactory()
    lms.instructor.staff.add((someone.pk, COURSE_ID))
    client.force_login(someone)
    answer = client.get(address(name))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0")
    assert answer.content.decode().count('aria-current="page"') == 1
    current = [tab.label for tab in answer.context["tabs"] if tab.is_current]
    assert current == [LABELS[name]]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_there_where_special_exams_are_switched_off(client, settings, name):
    settings.FEATURES = {"ENABLE_SPECIAL_EXAMS": False}
    client.force_login(UserFactory(superuser=True))
    assert client.get(address(name)).status_code == 404
