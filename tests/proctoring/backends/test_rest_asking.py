"""Whom a REST vendor is asked for, what goes along, and what is never asked."""

import json
from typing import Any

import crum
import pytest
from django.test import RequestFactory

from proctoring.backends import get_backend_provider
from proctoring.backends.rest import BaseRestProctoringProvider, VendorCallRefused, VendorsIdMissing
from tests.proctoring.backends import contract
from tests.proctoring.backends.contract import COURSE_ID, INSTRUCTOR, LEARNER, payload
from tests.proctoring.backends.rest_vendor import (
    ATTEMPT,
    ATTEMPTS,
    CLIENT_SECRET,
    CONFIG,
    EXAM,
    RestVendor,
    make_provider,
)

REVIEW = payload("rest/review_suspicious.json")


def current(given: str | None) -> Any:
    """A request of ours that is being answered."""
    return RequestFactory().get("/", headers={} if given is None else {"X-Request-ID": given})


def sent_id(rest_vendor: RestVendor, provider: BaseRestProctoringProvider) -> str | None:
    rest_vendor.answers("GET", CONFIG, {})
    provider.get_proctoring_config()
    found: str | None = rest_vendor.requests[-1].headers.get("X-Request-ID")
    return found


# The id of our own request


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("5c8f-77", "5c8f-77"),
        (None, None),
        ("", None),
        ("two\r\nlines: 1", None),
        ("a b", None),
        ("ü", None),
        ("x" * 201, None),
    ],
)
def test_the_id_of_the_request_goes_along(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, given: str | None, sent: str | None
) -> None:
    crum.set_current_request(current(given))
    try:
        assert sent_id(rest_vendor, provider) == sent
    finally:
        crum.set_current_request(None)


def test_a_worker_has_no_request(rest_vendor: RestVendor, provider: BaseRestProctoringProvider) -> None:
    assert sent_id(rest_vendor, provider) is None


# A review that has not come


@pytest.mark.parametrize(
    ("answer", "review"),
    [
        ({"json": {"status": "submitted", "review": REVIEW}}, REVIEW),
        ({"json": {"status": "submitted"}}, None),
        ({"json": {"review": None}}, None),
        ({"json": {"review": "passed"}}, None),
        ({"json": ["review"]}, None),
        ({"body": "<html>"}, None),
        ({"json": {"detail": "unknown"}, "status": 404}, None),
    ],
)
def test_a_review_is_part_of_the_attempt(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, answer: dict[str, Any], review: Any
) -> None:
    rest_vendor.wire.add("GET", ATTEMPT, **answer)

    assert provider.get_review(contract.ATTEMPT) == review


def test_a_plugin_with_its_own_form_of_reviews_reads_them_here_too(rest_vendor: RestVendor) -> None:
    class Counting(BaseRestProctoringProvider):
        def on_review_callback(self, attempt: Any, payload: Any) -> Any:
            return {"status": "suspicious" if payload["incidents"] else "passed"}

    rest_vendor.answers("GET", ATTEMPT, {"review": {"incidents": 2}})
    plugin = Counting(base_url="https://proctor-x.example", client_id="c", client_secret="s")

    assert plugin.get_review(contract.ATTEMPT) == {"status": "suspicious"}


@pytest.mark.parametrize("status", [400, 403, 500])
def test_an_error_is_no_answer(rest_vendor: RestVendor, provider: BaseRestProctoringProvider, status: int) -> None:
    rest_vendor.answers("GET", ATTEMPT, {"review": REVIEW}, status=status)

    with pytest.raises(VendorCallRefused):
        provider.get_review(contract.ATTEMPT)


# What no vendor can be asked


@pytest.mark.parametrize("exam_id", ["", None])
@pytest.mark.parametrize(
    "call",
    [
        lambda provider, exam: provider.start_exam_attempt(exam, "attempt-99"),
        lambda provider, exam: provider.stop_exam_attempt(exam, "attempt-99"),
        lambda provider, exam: provider.mark_erroneous_exam_attempt(exam, "attempt-99"),
        lambda provider, exam: provider.remove_exam_attempt(exam, "attempt-99"),
        lambda provider, exam: provider.get_exam(contract.EXAM | {"external_id": exam}),
        lambda provider, exam: provider.get_attempt(
            contract.ATTEMPT | {"proctored_exam": contract.EXAM | {"external_id": exam}}
        ),
        lambda provider, exam: provider.register_exam_attempt(
            contract.EXAM | {"external_id": exam}, context=contract.CONTEXT
        ),
    ],
)
def test_weakness_23_no_address_has_an_empty_place_in_it(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, call: Any, exam_id: str | None
) -> None:
    with pytest.raises(VendorsIdMissing) as caught:
        call(provider, exam_id)

    assert caught.value.response_status == 502
    assert rest_vendor.wire.calls == [] or len(rest_vendor.wire.calls) == 0


# A plugin as existing sites have them


class ExistingPlugin(BaseRestProctoringProvider):
    """Written to the published interface alone (contract vendors_admin_screens.md §1, §3)."""

    base_url = "https://proctor-x.example"
    verbose_name = "Existing"
    tech_support_email = "help@proctor-x.example"
    tech_support_phone = "555"
    npm_module = "proctor-x"
    has_dashboard = False
    passing_statuses = ["Clean", "Rules Violation"]  # type: ignore[assignment]
    # Sets that vendor's own addresses.
    config_path = "/other/config/"
    exam_attempt_path = "/sessions/{attempt_id}/"

    def __init__(self, organization: str, client_id: str = "", client_secret: str = "", **options: Any) -> None:
        self.tenant = organization
        super().__init__(client_id=client_id, client_secret=client_secret, **options)

    @property
    def proctoring_instructions(self) -> list[str]:
        return ["Install it.", "Start it."]

    def on_review_callback(self, attempt: Any, payload: Any) -> Any:
        return {"status": payload["verdict"], "comments": [], "payload": payload, "reviewed_by": None}

    def retire_user(self, user_id: str) -> None:
        return None


@pytest.fixture
def existing(settings: Any) -> Any:
    """The plugin, loaded as a site loads it; options that it does not know are dropped."""
    from_settings = {"class": f"{__name__}.ExistingPlugin", "organization": "acme", "client_id": "c"}
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "existing",
        "existing": from_settings | {"client_secret": CLIENT_SECRET, "ping_interval": 30, "unheard_of": 1},
    }

    return get_backend_provider({"is_proctored": True, "backend": "existing"})


def test_an_existing_plugin_works_unchanged(rest_vendor: RestVendor, existing: Any) -> None:
    session = "https://proctor-x.example/sessions/attempt-99/"
    rest_vendor.answers("GET", "https://proctor-x.example/other/config/", {"download_url": "https://d.example/"})
    rest_vendor.answers("POST", ATTEMPTS, {"id": "attempt-99"})
    rest_vendor.answers("PATCH", session, {"status": "started"})
    rest_vendor.answers("GET", session, {"instructions": ["Theirs"], "download_url": None})
    rest_vendor.answers("DELETE", session, {"status": "deleted"})
    rest_vendor.answers("POST", EXAM, {"id": "exam-77"})

    assert (existing.tenant, existing.ping_interval, existing.has_dashboard) == ("acme", 30, False)
    assert existing.get_software_download_url() == "https://d.example/"
    assert existing.on_exam_saved(contract.EXAM) == "exam-77"
    assert existing.register_exam_attempt(contract.EXAM, context=contract.CONTEXT) == "attempt-99"
    # An address of its own needs no id of the exam.
    assert existing.start_exam_attempt("", "attempt-99") == {"status": "started"}
    assert existing.get_attempt(contract.ATTEMPT)["instructions"] == ["Install it.", "Start it."]
    assert existing.remove_exam_attempt("exam-77", "attempt-99") is True
    assert existing.on_review_callback({}, {"verdict": "passed"})["status"] == "passed"
    assert existing.retire_user(LEARNER) is None
    assert existing.get_instructor_url(COURSE_ID, INSTRUCTOR).startswith(
        "https://proctor-x.example/api/v1/instructor/c/"
    )
    assert not hasattr(existing, "unheard_of")
    assert json.loads(rest_vendor.requests[-3].body) == {"status": "started"}


def test_the_order_of_arguments_is_the_published_one() -> None:
    plugin = make_provider()

    assert plugin.get_instructor_url(COURSE_ID, INSTRUCTOR, "exam-77", "attempt-99", True, None)
    with pytest.raises(TypeError):
        ExistingPlugin()  # type: ignore[call-arg]
