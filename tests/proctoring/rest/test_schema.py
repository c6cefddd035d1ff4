"""The API's document, made from the views: complete, without doubts, and as it was committed."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import EndpointEnumerator
from rest_framework.permissions import SAFE_METHODS

from proctoring import urls
from proctoring.rest.schema import SESSION, SIGNATURE, TOKEN
from tests.openapi import committed, generated

# What is no part of it: the page for the legacy vendor's browser (27), about the document itself, and all pages.
NOT_IN_IT = {"anonymous.proctoring_launch_callback.start_exam", "openapi", "openapi.docs"}
REFUSAL = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}


@pytest.fixture(scope="module")
def document():
    made = generated()
    assert not GENERATOR_STATS, "the generator is not sure about something; it says so above"
    return made


@pytest.fixture(scope="module")
def operations(document):
    return [(f"{m.upper()} {p}", op) for p, methods in document["paths"].items() for m, op in methods.items()]


def _routes() -> Iterator[tuple[str, str]]:
    """Path and method of everything that belongs into it."""
    enumerator = EndpointEnumerator(patterns=[])
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name not in NOT_IN_IT and not pattern.name.startswith("pages."):
            path = enumerator.get_path_from_regex(str(pattern.pattern))
            for method in pattern.callback.cls().allowed_methods:
                if method not in {"OPTIONS", "HEAD"}:
                    yield path, method.lower()


def test_the_committed_document_is_up_to_date(document):
    assert committed() == document, "run `make openapi`"


def test_it_is_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"


def test_every_route_and_method_is_in_it_and_nothing_else(document):
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert described == set(_routes())


def test_every_view_answers_some_method():
    assert {path for path, _ in _routes()} == set(committed()["paths"])


def test_success_has_a_body_that_is_described_or_none(operations):
    without_words = [
        name
        for name, operation in operations
        for code, answer in operation["responses"].items()
        if code[0] in "23" and not answer.get("content") and not answer["description"]
    ]
    assert not without_words
    assert not [name for name, operation in operations if not {"200", "204", "302"} & operation["responses"].keys()]


def test_what_every_view_may_answer_is_said_of_every_view(operations):
    for name, operation in operations:
        codes = {"400", "403", "404", "406", "429"} <= operation["responses"].keys()
        assert codes, name
        assert "Retry-After" in operation["responses"]["429"]["headers"]
        assert operation["responses"]["429"]["content"] == REFUSAL


def test_every_operation_has_its_own_id_and_a_sentence(operations):
    ids = [operation["operationId"] for _, operation in operations]
    assert len(set(ids)) == len(ids)
    assert not [name for name, operation in operations if not operation.get("description")]


def test_changes_take_a_key_except_where_vendors_call(operations):
    for name, operation in operations:
        takes_keys = "Idempotency-Key" in {parameter["name"] for parameter in operation.get("parameters", [])}
        changes = name.split()[0] not in SAFE_METHODS
        assert takes_keys == (changes and operation["tags"] != ["inbox"]), name


def test_how_callers_say_who_they_are(operations):
    signing = {name for name, operation in operations if {SIGNATURE: []} in operation["security"]}
    assert {name.rpartition("/")[2] or name for name in signing} == {
        "ready",
        "reviewed",
        "POST /edx_proctoring/proctoring_review_callback/",
    }
    for name, operation in operations:
        signed_in = [{SESSION: []}, {TOKEN: []}]
        anonymous = name.endswith("proctoring_review_callback/")
        assert operation["security"][:2] == ([{SIGNATURE: []}] if anonymous else signed_in)


def test_a_course_id_looks_as_the_site_says(operations):
    parameters = [p for _, operation in operations for p in operation.get("parameters", []) if p["name"] == "course_id"]
    assert parameters
    assert all("pattern" not in parameter["schema"] for parameter in parameters)


def test_an_answer_that_is_also_a_usual_one_may_be_either(operations):
    ready = dict(operations)["POST /edx_proctoring/v1/proctored_exam/attempt/{external_id}/ready"]
    schema = ready["responses"]["404"]["content"]["application/json"]["schema"]
    assert schema == {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Refusal"}]}
