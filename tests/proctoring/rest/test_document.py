"""The API's document as a site serves it, and the page to read it on."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import include, path
from rest_framework.test import APIClient

from tests.factories import UserFactory
from tests.openapi import committed

pytestmark = pytest.mark.django_db

OPENAPI = "/api/edx_proctoring/v1/openapi"
DOCS = "/api/edx_proctoring/v1/docs"

urlpatterns = [path("exams/special/", include("proctoring.urls"))]


@pytest.fixture
def client(client_of):
    return client_of(UserFactory())


def test_whoever_is_signed_in_gets_the_document(client):
    answer = client.get(OPENAPI)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == committed() | {"servers": [{"url": "/api"}]}


@pytest.mark.urls(__name__)
def test_it_knows_where_the_site_has_mounted_it(client):
    assert client.get("/exams/special/edx_proctoring/v1/openapi").json()["servers"] == [{"url": "/exams/special"}]


@pytest.mark.parametrize("url", [OPENAPI, DOCS])
def test_strangers_get_neither(url):
    assert APIClient().get(url).status_code == 403


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*", "application/yaml"])
def test_whatever_a_program_says_it_takes(client, accept):
    assert client.get(OPENAPI, headers={"Accept": accept}).status_code == 200
    assert client.get(DOCS, headers={"Accept": accept})["Content-Type"].startswith("text/html")


def test_the_page_needs_no_other_machine(client):
    page = client.get(DOCS).content.decode()
    assert f'data-url="{OPENAPI}"' in page
    linked = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(linked) == 3
    assert all(finders.find(link.removeprefix("/static/")) for link in linked)
    # Nothing that a strict content security policy forbids.
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", page)


def test_without_its_scripts_there_is_no_page_but_still_the_document(client, settings):
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "drf_spectacular_sidecar"]
    answer = client.get(DOCS)
    assert answer.status_code == 404
    assert "drf_spectacular_sidecar" in answer.json()["detail"]
    assert client.get(OPENAPI).status_code == 200


@pytest.mark.parametrize("url", [OPENAPI, DOCS])
def test_nothing_can_be_written(client, url):
    assert client.post(url, {}, format="json").status_code == 405
