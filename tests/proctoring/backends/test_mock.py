from typing import Any

import pytest
from django.urls import reverse

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.mock import MockProctoringBackendProvider
from proctoring.models import InboxDelivery, ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.proctoring.backends.contract import CONTEXT, EXAM, SpeakerContract, VendorContract, signed


class TestMock(VendorContract):
    @pytest.fixture
    def provider(self) -> ProctoringBackendProvider:
        return MockProctoringBackendProvider()


class TestWhoSpeaks(SpeakerContract):
    options = {"class": "proctoring.backends.mock.MockProctoringBackendProvider"}

    def address(self, attempt: ProctoredExamStudentAttempt) -> str:
        return reverse("edx_proctoring:proctored_exam.attempt.callback", args=[attempt.external_id])

    def review(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return {"status": "passed"}

    def test_who_reviews_nothing_decides_nothing(self, attempt: ProctoredExamStudentAttempt) -> None:
        body = self.body(attempt)

        answer = self.send(attempt, body, **signed("old1", body))

        attempt.refresh_from_db()
        assert (answer.status_code, attempt.status) == (400, Status.submitted)
        assert InboxDelivery.objects.get().error_code == "malformed_callback"


def test_the_attempts_code_is_its_id() -> None:
    assert MockProctoringBackendProvider().register_exam_attempt(EXAM, CONTEXT) == CONTEXT["attempt_code"]


def test_there_is_an_address_to_download_nothing_from() -> None:
    assert MockProctoringBackendProvider().get_software_download_url() == "about:blank"


def test_options_are_not_for_it() -> None:
    mock = MockProctoringBackendProvider(verbose_name="Something else", ping_interval=1)

    assert mock.verbose_name == "Mock Backend"
    assert mock.ping_interval == 60
