"""The sign-in and sign-out pages for people who look at the REST door with a browser (contract rest.md §5.25)."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import include, path, reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT = "/api/login/", "/api/logout/"
PASSWORD = "correct horse battery staple"

# A host without pages of its own: no ``rest_framework`` namespace at the top, nobody's ``login``, no static files.
urlpatterns = [path("api/", include("proctoring.urls"))]


@pytest.fixture(autouse=True)
def _bare_host(settings):
    settings.ROOT_URLCONF = __name__
    settings.LOGIN_REDIRECT_URL = "/welcome"
    settings.LOGOUT_REDIRECT_URL = None
    settings.STATIC_URL = None


@pytest.fixture
def person():
    user = UserFactory(username="ada")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, password=PASSWORD, username="ada", **fields):
    return client.post(LOGIN, {"username": username, "password": password, **fields})


def attributes(answer, name):
    """The attributes of the field ``name``."""
    (tag,) = re.findall(rf'<input [^>]*name="{name}"[^>]*>', answer.content.decode())
    return dict(re.findall(r'([\w-]+)="([^"]*)"', tag))


def test_weakness_d19_pages_need_no_namespace_at_the_top(client):
    assert reverse("edx_proctoring:rest_framework:login") == LOGIN
    assert reverse("edx_proctoring:rest_framework:logout") == LOGOUT
    assert client.get(LOGIN).status_code == 200
    assert client.post(LOGOUT).status_code == 200


class TestSignIn:
    def test_the_right_password_signs_in(self, client, person):
        answer = sign_in(client)
        assert (answer.status_code, answer["Location"]) == (302, "/welcome")
        assert client.session[SESSION_KEY] == str(person.pk)

    @pytest.mark.parametrize(
        ("username", "password"),
        [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("ada", "\x00"), ("a" * 300, "wrong-too")],
    )
    def test_anything_else_is_answered_with_a_sentence(self, client, person, username, password):
        answer = sign_in(client, password, username)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert 'role="alert"' in text
        assert "You are not signed in." in text
        assert password not in text or not password
        assert SESSION_KEY not in client.session

    def test_an_inactive_account_is_told_no_more_than_a_wrong_password(self, client, person):
        person.is_active = False
        person.save()
        text = sign_in(client).content.decode()
        assert "You are not signed in." in text
        assert "inactive" not in text.lower().replace("noindex", "")
        assert SESSION_KEY not in client.session

    def test_the_username_stays_and_the_missing_field_says_what_is_wrong(self, client):
        answer = sign_in(client, password="")
        assert attributes(answer, "username")["value"] == "ada"
        field = attributes(answer, "password")
        assert (field["aria-invalid"], "value" in field) == ("true", False)
        assert f'id="{field["aria-describedby"]}"' in answer.content.decode()

    def test_the_title_says_that_there_is_an_error(self, client):
        assert b"Error" not in client.get(LOGIN).content
        title = re.search(rb"<title>(.*?)</title>", sign_in(client, "wrong").content, re.DOTALL)
        assert title is not None
        assert title[1].strip().startswith(b"Error")

    def test_every_field_has_a_label_and_says_what_a_password_manager_may_fill_in(self, client):
        answer = client.get(LOGIN)
        text = answer.content.decode()
        for name, meaning in (("username", "username"), ("password", "current-password")):
            field = attributes(answer, name)
            assert f'<label for="{field["id"]}">' in text
            assert field["autocomplete"] == meaning

    def test_needs_the_csrf_token(self, person):
        strict = Client(enforce_csrf_checks=True)
        assert sign_in(strict).status_code == 403
        token = attributes(strict.get(LOGIN), "csrfmiddlewaretoken")["value"]
        assert sign_in(strict, csrfmiddlewaretoken=token).status_code == 302

    def test_is_not_kept_by_caches(self, client):
        assert "no-store" in client.get(LOGIN)["Cache-Control"]


class TestNext:
    def test_leads_back_where_the_person_came_from(self, client, person):
        page = client.get(LOGIN, {"next": "/api/somewhere?x=1&y=2"})
        kept = attributes(page, "next")["value"]
        assert kept == "/api/somewhere?x=1&amp;y=2"
        assert sign_in(client, next="/api/somewhere?x=1&y=2")["Location"] == "/api/somewhere?x=1&y=2"

    def test_survives_a_wrong_password(self, client, person):
        assert attributes(sign_in(client, "wrong", next="/back"), "next")["value"] == "/back"

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", "http:///evil"],
    )
    def test_never_leads_to_another_site(self, client, person, elsewhere):
        assert b'name="next"' not in client.get(LOGIN, {"next": elsewhere}).content
        assert sign_in(client, next=elsewhere)["Location"] == "/welcome"
        in_the_query = client.post(f"{LOGIN}?next={elsewhere}", {"username": "ada", "password": PASSWORD})
        assert in_the_query["Location"] == "/welcome"

    def test_is_text_to_the_page(self, client):
        text = client.get(LOGIN, {"next": '/"><script>alert(1)</script>'}).content.decode()
        assert "<script" not in text


class TestSignOut:
    def test_signs_out_and_offers_to_sign_in_again(self, client, person):
        client.force_login(person)
        answer = client.post(LOGOUT)
        assert answer.status_code == 200
        assert SESSION_KEY not in client.session
        assert f'href="{LOGIN}"' in answer.content.decode()

    def test_goes_where_the_host_says(self, client, person, settings):
        settings.LOGOUT_REDIRECT_URL = "/bye"
        client.force_login(person)
        assert client.post(LOGOUT)["Location"] == "/bye"

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
    def test_only_a_post_signs_out(self, client, person, method):
        client.force_login(person)
        assert getattr(client, method)(LOGOUT).status_code == 405
        assert SESSION_KEY in client.session

    def test_needs_the_csrf_token(self, person):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(person)
        assert strict.post(LOGOUT).status_code == 403
        assert SESSION_KEY in strict.session


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("de", "ltr"), ("he", "rtl")])
@pytest.mark.parametrize(("method", "page"), [("get", LOGIN), ("post", LOGOUT)])
def test_speaks_and_reads_like_its_reader(client, language, direction, method, page):
    text = getattr(client, method)(page, headers={"Accept-Language": language}).content.decode()
    assert re.search(rf'<html lang="{language}"\s+dir="{direction}">', text)


@pytest.mark.parametrize(("method", "page"), [("get", LOGIN), ("post", LOGOUT)])
def test_works_without_any_other_file(client, method, page):
    text = getattr(client, method)(page).content.decode()
    assert not re.search(r"<(link|script|img|style|iframe)\b|style=|\bon\w+=", text)
