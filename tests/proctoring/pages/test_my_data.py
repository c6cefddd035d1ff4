"""What a learner reads about what is kept, and the learner's own copy."""

import json

import pytest
from django.urls import reverse

from proctoring.services.retention import POLICIES
from tests.factories import AttemptFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("edx_proctoring:pages.my_data")
FILE = reverse("edx_proctoring:pages.my_data.download")


@pytest.fixture
def learner(client):
    someone = UserFactory()
    client.force_login(someone)
    return someone


def test_it_says_of_each_kind_what_why_and_how_long(client, learner, settings):
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"REVIEW_RETENTION_DAYS": 365}
    page = client.get(PAGE).content.decode()
    for policy in POLICIES:
        for words in (policy.what, policy.why, policy.since, policy.at_end):
            assert str(words) in page
    assert "365 days" in page
    assert "Until your account is deleted." in page


def test_it_asks_the_database_for_nothing_but_who_it_is(client, learner, query_budget):
    client.get(PAGE)
    with query_budget("pages.my_data"):
        client.get(PAGE)


def test_the_copy_is_the_learners_own(client, learner, lms):
    mine, _other = AttemptFactory(user=learner), AttemptFactory()
    response = client.post(FILE)
    assert response["Content-Disposition"] == 'attachment; filename="my-exams.json"'
    assert response["Cache-Control"].startswith("max-age=0")
    told = json.loads(response.getvalue())
    assert (told["learner"]["id"], [one["id"] for one in told["attempts"]]) == (learner.pk, [mine.pk])


@pytest.mark.parametrize(("method", "address", "status"), [("get", PAGE, 302), ("post", FILE, 302)])
def test_a_stranger_is_asked_to_sign_in(client, method, address, status):
    assert getattr(client, method)(address).status_code == status


def test_a_suspended_account_gets_nothing(client, learner):
    learner.is_active = False
    learner.save()
    assert client.post(FILE).status_code in {302, 403}


def test_it_is_no_link_that_something_could_fetch_unasked(client, learner):
    assert client.get(FILE).status_code == 405
