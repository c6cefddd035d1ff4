"""Following docs/add_a_vendor.rst, step by step, with the code that it shows."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings
from rest_framework.test import APIClient

from proctoring.backends import provider_named
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.checks import check_backends
from proctoring.models import InboxDelivery, ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory
from tests.proctoring.backends import contract
from tests.proctoring.backends.contract import SECRETS, CallbackContract, VendorContract, payload, signed
from tests.proctoring.backends.rest_vendor import CLIENT_SECRET

GUIDE = Path(__file__).parents[3] / "docs" / "add_a_vendor.rst"
CODE = re.compile(r"^( *)\.\. code-block:: python\n\n((?:\1   .*\n|\n)+)", re.MULTILINE)
PACKAGE = "acme_proctoring"
API = "https://api.acme.example"


def shown(with_words: str) -> str:
    """The code in the guide that has these words."""
    found = [dedent(block[2]) for block in CODE.finditer(GUIDE.read_text(encoding="utf-8")) if with_words in block[2]]
    return found[0]


@pytest.fixture
def package() -> Iterator[ModuleType]:
    """The package that the guide has one write."""
    module = sys.modules[PACKAGE] = ModuleType(PACKAGE)
    exec(shown("class AcmeProvider"), vars(module))  # noqa: S102 - our own documentation
    yield module
    del sys.modules[PACKAGE]


def settings_shown() -> dict[str, Any]:
    """The settings in the guide, with a secret that fits."""
    found: dict[str, Any] = {}
    exec(shown('"acme": {\n'), found)  # noqa: S102 - our own documentation
    backends: dict[str, Any] = found["PROCTORING_BACKENDS"]
    backends["acme"]["client_secret"] = CLIENT_SECRET
    return backends


@pytest.fixture
def acme(package: ModuleType, settings: Settings) -> ProctoringBackendProvider:
    """The plugin, made known by its dotted path."""
    backends = settings_shown()
    backends["acme"] |= {"class": f"{PACKAGE}.AcmeProvider", "callback_secrets": [SECRETS["old1"]]}
    settings.PROCTORING_BACKENDS = backends
    return provider_named("acme")


def vendor_at(api: str, wire: Any) -> None:
    """A vendor that takes everything the guide lists."""
    exam, attempt = f"{api}/api/v1/exam/exam-77/", f"{api}/api/v1/exam/exam-77/attempt/attempt-99/"
    wire.post(f"{api}/oauth2/access_token", json={"access_token": "t", "expires_in": 60})
    wire.post(f"{api}/api/v1/exam/", json={"id": "exam-77"})
    wire.post(exam, json={"id": "exam-77"})
    wire.get(exam, json={})
    wire.post(f"{exam}attempt/", json={"id": "attempt-99"})
    wire.patch(attempt, json={"status": "started"})
    wire.get(attempt, json=payload("rest/attempt.json") | {"review": {"incidents": []}})
    wire.delete(attempt, json={"status": "deleted"})
    wire.get(f"{api}/api/v1/config/", json=payload("rest/config.json"))
    wire.delete(f"{api}/api/v1/user/{contract.LEARNER}/", json=True)
    wire.get(re.compile(f"{api}/api/v1/courses/.*"), json=payload("rest/onboarding_course.json"))


class TestTheSettings:
    """ "A vendor that implements the REST protocol needs no code"."""

    def test_are_right_as_they_stand(self, settings: Settings) -> None:
        settings.PROCTORING_BACKENDS = settings_shown()

        assert check_backends(None) == []
        assert provider_named("acme").verbose_name == "Acme Proctoring"


class TestThePlugin(VendorContract):
    """ "Write a class": what holds for every vendor holds for it."""

    @pytest.fixture
    def provider(self, acme: ProctoringBackendProvider, wire: Any) -> ProctoringBackendProvider:
        vendor_at(API, wire)
        return acme

    def test_check_says_that_it_can_be_made(self, acme: ProctoringBackendProvider) -> None:
        assert check_backends(None) == []
        assert type(acme).__name__ == "AcmeProvider"

    def test_it_can_be_asked_for_a_review(self, provider: ProctoringBackendProvider) -> None:
        assert provider.get_review(contract.ATTEMPT) == {"status": "passed", "comments": []}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("incidents", "status"),
    [([], Status.verified), ([{"text": "A phone.", "second": 61}], Status.second_review_required)],
)
def test_its_reviews_decide(acme: ProctoringBackendProvider, incidents: list[Any], status: str) -> None:
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="acme"), external_id="attempt-99", submitted=True)
    body = json.dumps({"incidents": incidents}).encode()
    address = reverse("edx_proctoring:proctored_exam.attempt.callback", args=["attempt-99"])

    answer = APIClient().post(address, body, content_type="application/json", headers=signed("old1", body))

    attempt.refresh_from_db()
    assert (answer.status_code, answer.json(), attempt.status) == (200, "OK", status)


@pytest.mark.django_db
def test_what_it_trips_over_is_malformed(acme: ProctoringBackendProvider) -> None:
    AttemptFactory(proctored_exam=ExamFactory(backend="acme"), external_id="attempt-99", submitted=True)
    address = reverse("edx_proctoring:proctored_exam.attempt.callback", args=["attempt-99"])

    answer = APIClient().post(address, b"{}", content_type="application/json", headers=signed("old1", b"{}"))

    assert answer.status_code == 400
    assert InboxDelivery.objects.get().error_code == "malformed_callback"


@pytest.mark.usefixtures("package")
class TestItsCallbacks(CallbackContract):
    """ "Inherit it"."""

    options = settings_shown()["acme"] | {"class": f"{PACKAGE}.AcmeProvider"}

    def address(self, attempt: ProctoredExamStudentAttempt) -> str:
        return reverse("edx_proctoring:proctored_exam.attempt.callback", args=[attempt.external_id])

    def review(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return {"incidents": []}

    def failing(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return {"incidents": [{"text": "A phone.", "second": 61}]}

    def unheard_of(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return {"outcome": "splendid"}

    def test_a_status_that_nobody_has_heard_of_is_kept_and_refused(self, attempt: ProctoredExamStudentAttempt) -> None:
        # This vendor has no statuses, so it is the message that nobody has heard of.
        assert self.say(attempt, self.unheard_of(attempt), "strange") == 400
        assert self.outcomes() == [("refused", "malformed_callback")]
