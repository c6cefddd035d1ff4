"""The API's document, made from the views: complete, without doubts, and as it was committed."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import EndpointEnumerator

from proctoring.common.openapi import SESSION, TOKEN
from tests.openapi import IDENTITY, committed, generated
from verify_student.rest.schema import ACCESS_KEY

# What is no part of it: the developers' page that plays the vendor, and the document itself.
NOT_IN_IT = {"verify_student_vendor_stub", "verify_student_openapi"}
CALLBACK = "POST /verify_student/results_callback"
IN_WORDS = {"submit-photos", "results_callback", "photo-urls", "decrypt-idv-images"}


@pytest.fixture(scope="module")
def document():
    made = generated(IDENTITY)
    assert not GENERATOR_STATS, "the generator is not sure about something; it says so above"
    return made


@pytest.fixture(scope="module")
def operations(document):
    return {f"{m.upper()} {p}": op for p, methods in document["paths"].items() for m, op in methods.items()}


def _routes() -> Iterator[tuple[str, str]]:
    """Path and method of everything that belongs into it."""
    enumerator = EndpointEnumerator(patterns=[])
    for place in IDENTITY.patterns:
        for pattern in place.url_patterns:
            assert isinstance(pattern, URLPattern)
            if pattern.name not in NOT_IN_IT:
                path = enumerator.get_path_from_regex(str(place.pattern) + str(pattern.pattern))
                for method in pattern.callback.cls().allowed_methods:
                    if method not in {"OPTIONS", "HEAD"}:
                        yield path, method.lower()


def test_the_committed_document_is_up_to_date(document):
    assert committed(IDENTITY) == document, "run `make openapi`"


def test_it_is_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"


def test_every_route_and_method_is_in_it_and_nothing_else(document):
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert described == set(_routes())


def test_success_has_a_body_that_is_described_or_none(operations):
    without_words = [
        name
        for name, operation in operations.items()
        for code, answer in operation["responses"].items()
        if code[0] in "23" and not answer.get("content") and not answer["description"]
    ]
    assert not without_words
    assert all({"200", "302"} & operation["responses"].keys() for operation in operations.values())


def test_every_operation_says_whom_it_refuses_and_how_long_to_wait(operations):
    for name, operation in operations.items():
        assert {"403", "429"} <= operation["responses"].keys(), name
        assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_refusals_are_written_as_the_contract_has_them(operations):
    for name, operation in operations.items():
        media_type = "text/plain" if name.split("/")[2] in IN_WORDS else "application/json"
        refusals = [answer for code, answer in operation["responses"].items() if code[0] in "45"]
        assert all(set(answer["content"]) == {media_type} for answer in refusals), name


def test_whoever_is_nobody_is_sent_to_sign_in_except_by_programs_addresses(operations):
    for name, operation in operations.items():
        redirected = "/accounts/" not in name and name != CALLBACK
        assert ("302" in operation["responses"]) == redirected, name
        assert ("401" in operation["responses"]) == ("/accounts/" in name), name


def test_every_operation_has_its_own_id_and_a_sentence(operations):
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(set(ids)) == len(ids)
    assert all(operation.get("description") for operation in operations.values())


def test_how_callers_say_who_they_are(operations):
    for name, operation in operations.items():
        expected = [{ACCESS_KEY: []}] if name == CALLBACK else [{SESSION: []}, {TOKEN: []}]
        assert operation["security"] == expected, name
