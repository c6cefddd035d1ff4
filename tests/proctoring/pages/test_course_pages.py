"""The pages of a course: whoever is not its staff learns nothing of it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from proctoring.pages.tabs import TABS
from tests.factories import COURSE_ID, AllowanceFactory, UserFactory

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
def test_suspended_staff_is_refused_where_the_platform_lets_it_keep_its_session(client, settings, name):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
    client.force_login(UserFactory(superuser=True, is_active=False))
    assert client.get(address(name)).status_code == 403


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


@pytest.mark.parametrize(
    ("frontend", "address_of_course"),
    [("", f"/courses/{COURSE_ID}/"), ("https://learning.example", f"https://learning.example/course/{COURSE_ID}/home")],
)
def test_there_is_a_way_back_to_the_course(client, settings, frontend, address_of_course):
    settings.LEARNING_MICROFRONTEND_URL = frontend
    client.force_login(UserFactory(staff=True))
    assert f'<a href="{address_of_course}">' in client.get(address("live")).content.decode()


class TestChangingThings:
    """What changes something: not by forged requests, and not as often as a script would."""

    @pytest.fixture
    def taking_back(self):
        allowance = AllowanceFactory()
        return reverse("edx_proctoring:pages.allowances.take_back", args=[COURSE_ID, allowance.pk])

    @pytest.fixture
    def granting(self):
        return reverse("edx_proctoring:pages.allowances.grant", args=[COURSE_ID])

    def test_nobody_is_tricked_into_it_whatever_the_hosts_middleware(self, settings, taking_back):
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Csrf" not in name]
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(UserFactory(staff=True))
        assert browser.post(taking_back).status_code == 403
        page = browser.get(taking_back).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
        assert browser.post(taking_back, {"csrfmiddlewaretoken": token}).status_code == 302

    def test_too_often_is_told_on_a_page_that_says_when(self, client, settings, lms, granting):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"THROTTLE_RATES": {"write": "1/min"}}
        someone = UserFactory()
        lms.instructor.staff.add((someone.pk, COURSE_ID))
        client.force_login(someone)
        assert client.post(granting).status_code == 400
        answer = client.post(granting)
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 120
        assert answer["Cache-Control"].startswith("max-age=0")
        text = answer.content.decode()
        assert f"Wait for {answer['Retry-After']} second" in text
        assert f'href="{granting}"' in text
        assert client.get(granting).status_code == 200

    def test_staff_have_their_own_rate(self, client, settings, granting):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"THROTTLE_RATES": {"write": "1/min"}}
        client.force_login(UserFactory(staff=True))
        assert [client.post(granting).status_code for _ in range(3)] == [400] * 3

    def test_whoever_is_no_staff_of_the_course_is_not_counted(self, client, settings, granting):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"THROTTLE_RATES": {"write": "1/min"}}
        client.force_login(UserFactory())
        assert [client.post(granting).status_code for _ in range(3)] == [403] * 3
