"""The demo LMS's own pages, which every screen of the apps is shown in."""

import pytest

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_list_of_courses(open_as, inspect):
    page = open_as(UserFactory(), "/")
    assert page.get_by_role("heading", level=1).inner_text() == "Your courses"
    inspect(page, "demo-courses")


def test_the_sign_in_page(open_as, inspect):
    inspect(open_as(None, "/accounts/login/"), "demo-sign-in")


def test_no_page_may_bring_scripts_of_its_own(open_as):
    page = open_as(UserFactory(), "/")
    page.expected_errors = ["Content Security Policy"]
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None
