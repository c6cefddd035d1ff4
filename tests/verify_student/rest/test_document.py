"""The API's document as a site serves it."""

import pytest
from django.test import Client
from django.urls import include, path, reverse

from tests.factories import UserFactory
from tests.openapi import IDENTITY, committed

pytestmark = pytest.mark.django_db

OPENAPI = "/verify_student/openapi"

urlpatterns = [
    path("id/", include("verify_student.urls")),
    path("people/", include("verify_student.urls.accounts")),
]


class WithoutAccounts:
    """A site that has not mounted the addresses of accounts."""

    urlpatterns = [path("id/", include("verify_student.urls"))]


@pytest.fixture
def client(client_of):
    return client_of(UserFactory())


def test_whoever_is_signed_in_gets_the_document(client):
    answer = client.get(OPENAPI)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == committed(IDENTITY)
    assert reverse("verify_student_openapi") == OPENAPI


@pytest.mark.urls(__name__)
def test_it_knows_where_the_site_has_mounted_it(client):
    paths = client.get("/id/openapi").json()["paths"]
    assert len(paths) == len(committed(IDENTITY)["paths"])
    assert {"/id/status/", "/people/{username}/verification_status/"} <= set(paths)


def test_what_a_site_has_not_mounted_is_left_out(client, settings):
    settings.ROOT_URLCONF = WithoutAccounts
    paths = client.get("/id/openapi").json()["paths"]
    assert len(paths) == 7
    assert all(place.startswith("/id/") for place in paths)


def test_strangers_do_not_get_it():
    assert Client().get(OPENAPI).status_code == 403


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*", "application/yaml"])
def test_whatever_a_program_says_it_takes(client, accept):
    assert client.get(OPENAPI, headers={"Accept": accept}).status_code == 200


def test_nothing_can_be_written(client):
    assert client.post(OPENAPI, {}, format="json").status_code == 405
