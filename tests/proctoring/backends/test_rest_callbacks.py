"""What a REST vendor says, through its door (contract vendors_admin_screens.md §3.11)."""

from copy import deepcopy
from typing import Any

from django.urls import reverse

from proctoring.models import ProctoredExamStudentAttempt
from tests.proctoring.backends.contract import CallbackContract, payload
from tests.proctoring.backends.rest_vendor import BASE, CLIENT_ID, CLIENT_SECRET


class TestReviews(CallbackContract):
    options = {
        "class": "proctoring.backends.rest.BaseRestProctoringProvider",
        "base_url": BASE,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }

    def address(self, attempt: ProctoredExamStudentAttempt) -> str:
        return reverse("edx_proctoring:proctored_exam.attempt.callback", args=[attempt.external_id])

    def review(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return deepcopy(payload("rest/review_passed.json"))  # type: ignore[no-any-return]

    def failing(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return deepcopy(payload("rest/review_suspicious.json"))  # type: ignore[no-any-return]

    def unheard_of(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return {"status": "splendid"}
