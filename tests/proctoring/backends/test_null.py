from typing import Any

import pytest
from django.urls import reverse

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.null import NullBackendProvider
from proctoring.models import InboxDelivery, ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.proctoring.backends.contract import ATTEMPT, CONTEXT, EXAM, SpeakerContract, VendorContract, signed


class TestNull(VendorContract):
    @pytest.fixture
    def provider(self) -> ProctoringBackendProvider:
        return NullBackendProvider()


class TestWhoSpeaks(SpeakerContract):
    options = {"class": "proctoring.backends.null.NullBackendProvider"}

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


def test_nothing_is_answered_and_nothing_is_kept() -> None:
    null = NullBackendProvider()

    assert null.verbose_name == "Null Backend"
    assert null.register_exam_attempt(EXAM, CONTEXT) is None
    assert null.on_exam_saved(EXAM) is None
    assert null.on_review_callback(ATTEMPT, {"status": "passed"}) is None
    assert null.get_software_download_url() is None
    assert null.remove_exam_attempt("exam-77", "attempt-99") is True


def test_its_options_become_attributes() -> None:
    assert NullBackendProvider(verbose_name="Nobody").verbose_name == "Nobody"
