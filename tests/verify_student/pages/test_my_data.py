"""What a learner reads about what is kept, and the learner's own copy."""

import json

import pytest
from django.urls import reverse

from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pages.conftest import STATE
from verify_student.services.retention import POLICIES

pytestmark = pytest.mark.django_db

PAGE = reverse("verify_student_my_data")
FILE = reverse("verify_student_my_data_download")


def test_it_says_of_each_kind_what_why_and_how_long(browser):
    page = browser.get(PAGE).content.decode()
    for policy in POLICIES:
        for words in (policy.what, policy.why, policy.since, policy.at_end):
            assert str(words) in page
    assert "90 days" in page


def test_the_learners_page_leads_there(browser):
    assert f'href="{PAGE}"' in browser.get(STATE).content.decode()


def test_it_asks_the_database_for_nothing_but_who_it_is(browser, query_budget):
    browser.get(PAGE)
    with query_budget("identity.pages.my_data"):
        browser.get(PAGE)


def test_the_copy_is_the_learners_own(browser, learner):
    mine, _other = VerificationFactory(user=learner), VerificationFactory()
    response = browser.post(FILE)
    assert response["Content-Disposition"] == 'attachment; filename="my-identity.json"'
    told = json.loads(response.getvalue())
    assert [one["id"] for one in told["photo_verifications"]] == [mine.pk]


def test_a_stranger_is_asked_to_sign_in(client):
    assert (client.get(PAGE).status_code, client.post(FILE).status_code) == (302, 302)


def test_it_is_no_link_that_something_could_fetch_unasked(browser):
    assert browser.get(FILE).status_code == 405
