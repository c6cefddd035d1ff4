"""How bodies are read, and what is refused before anybody looks at it."""

import json

import pytest
from django.http import HttpRequest
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.rest.base import ProctoringAPIView
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Echo(ProctoringAPIView):
    """Says what it was told."""

    schema = None

    def get(self, request: Request, word: str) -> Response:
        return Response({"word": word, **request.query_params.dict()})

    def post(self, request: Request, word: str) -> Response:
        return Response(request.data)


urlpatterns = [path("<word>", Echo.as_view())]


@pytest.fixture
def client(client_of):
    return client_of(UserFactory())


def send(client, body, content_type=JSON):
    return client.generic("POST", "/word", body, content_type=content_type)


def refused(answer, status):
    assert answer.status_code == status
    assert set(answer.json()) == {"detail"}
    return True


class TestJson:
    @pytest.mark.parametrize("said", [{"name": "Zoë 🎓"}, [1, 2.5, None, True], "text", {"a": [{"b": ["c"]}]}])
    def test_anything_that_can_be_stored(self, client, said):
        assert send(client, json.dumps(said)).json() == said

    @pytest.mark.parametrize(
        "body",
        [
            "{",
            "",
            b"\xff\xfe",
            '{"a": NaN}',
            '{"a": 1e999}',
            '{"a": -1e999}',
            '{"a": "\\u0000"}',
            '{"a\\u0000": 1}',
            '["\\ud800"]',
            '[[["\\udfff"]]]',
            "[" * 100_000,
            f"[{'9' * 5000}]",
        ],
    )
    def test_anything_else_is_refused(self, client, body):
        answer = send(client, body)
        assert answer.status_code == 200 if body == "" else refused(answer, 400)


class TestForms:
    def test_fields(self, client):
        assert send(client, "a=1&b=%C3%AB", FORM).json() == {"a": "1", "b": "ë"}
        assert client.post("/word", {"a": "1"}, format="multipart").json() == {"a": "1"}

    @pytest.mark.parametrize("body", ["a=%00", "a%00=1", "&".join(f"a{n}=1" for n in range(1100))])
    def test_what_cannot_be_stored_is_refused(self, client, body):
        assert refused(send(client, body, FORM), 400)

    @pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=ü"])
    def test_parts_without_a_boundary_are_refused(self, client, kind):
        assert refused(send(client, "a", kind), 400)

    def test_a_part_that_cannot_be_stored_is_refused(self, client):
        assert refused(client.post("/word", {"a": "\x00"}, format="multipart"), 400)


class TestKinds:
    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/xml", f"{FORM}; charset=zlib", f"{JSON}; charset=utf-16", "nothing"]
    )
    def test_what_is_not_understood_is_refused(self, client, kind):
        assert refused(send(client, "{}", kind), 415)

    @pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii", "latin-1", "no-such-thing"])
    def test_json_in_what_browsers_send(self, client, charset):
        assert send(client, "{}", f"{JSON}; charset={charset}").json() == {}

    def test_what_is_too_large_is_refused(self, client, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        assert send(client, '"345678"').json() == "345678"
        assert refused(send(client, '"3456789ab"'), 413)

    def test_a_site_may_set_no_limit(self, client, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
        assert send(client, '"3456789ab"').status_code == 200

    def test_a_caller_who_stops_talking_is_refused(self, client, monkeypatch):
        def breaks_off(request, *args):
            raise OSError("gone")

        monkeypatch.setattr(HttpRequest, "read", breaks_off)
        monkeypatch.setattr("django.core.handlers.wsgi.LimitedStream.read", breaks_off)
        assert refused(send(client, "a=1", FORM), 400)


class TestAddresses:
    def test_anything(self, client):
        assert client.get("/Zo%C3%AB?q=%F0%9F%8E%93").json() == {"word": "Zoë", "q": "🎓"}

    @pytest.mark.parametrize("url", ["/a%00b", "/a?q=%00", "/a?%00=q"])
    def test_what_no_database_can_hold_is_refused(self, client, url):
        assert refused(client.get(url), 400)
