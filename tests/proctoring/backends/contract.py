"""
What the product relies on from every vendor's plugin. A vendor's tests inherit :class:`VendorContract` and say how
their plugin is made; the vendor they fake has to take everything.
"""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.types import ReviewEvent, review_event
from proctoring.statuses import SoftwareSecureReviewStatus

PAYLOADS = Path(__file__).parent / "payloads"
COURSE_ID = "course-v1:Test+EXAMS+2026"
LEARNER = "6ab229bf465cb31777afbe12414046b927ea43e8"
INSTRUCTOR = {"id": LEARNER, "full_name": "Grace Hopper", "email": "grace@example.org"}
# An id that a vendor can put into the address of a callback (contract vendors_admin_screens.md §3.6).
CALLBACK_ID = re.compile(r"[-a-zA-Z0-9_]+")

EXAM: dict[str, Any] = {
    "id": 7,
    "course_id": COURSE_ID,
    "content_id": "block-v1:Test+EXAMS+2026+type@sequential+block@final",
    "external_id": "exam-77",
    "exam_name": "Final exam",
    "time_limit_mins": 90,
    "is_proctored": True,
    "is_practice_exam": False,
    "is_active": True,
    "due_date": "2026-12-01T10:00:00+00:00",
    "hide_after_due": False,
    "backend": "proctor_x",
}
ATTEMPT: dict[str, Any] = {
    "id": 12,
    "created": "2026-11-20T09:00:00Z",
    "modified": "2026-11-20T09:00:00Z",
    "user": {"id": 3, "username": "ada", "email": "ada@example.org"},
    "started_at": None,
    "completed_at": None,
    "external_id": "attempt-99",
    "status": "created",
    "proctored_exam": EXAM,
    "allowed_time_limit_mins": None,
    "attempt_code": "0B1F7D34-5A57-4E9A-8C5B-3F0E9D6A2C11",
    "is_sample_attempt": False,
    "taking_as_proctored": True,
    "review_policy_id": None,
    "is_status_acknowledged": False,
    "time_remaining_seconds": None,
    "is_resumable": False,
    "ready_to_resume": False,
    "resumed": False,
}
CONTEXT: dict[str, Any] = {
    "lms_host": "https://lms.example.org",
    "time_limit_mins": 90,
    "attempt_code": ATTEMPT["attempt_code"],
    "is_sample_attempt": False,
    "user_id": LEARNER,
    "full_name": "Ada King Lovelace",
    "email": "ada@example.org",
    "review_policy": "Calculator allowed",
    "review_policy_exception": "Reader present",
}


def payload(path: str) -> Any:
    """What was captured in a file under ``payloads``."""
    return json.loads((PAYLOADS / path).read_text(encoding="utf-8"))


class VendorContract:
    """Inherit it, override the fixture ``provider``, and list the vendor's captured reviews in ``reviews``."""

    reviews: tuple[str, ...] = ()

    @pytest.fixture
    def provider(self) -> ProctoringBackendProvider:
        """The vendor's plugin, talking to a vendor that takes everything."""
        raise NotImplementedError

    def test_it_has_a_name_for_people(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider, ProctoringBackendProvider)
        assert provider.verbose_name not in {"", "Unknown"}

    def test_its_facts_have_their_types(self, provider: ProctoringBackendProvider) -> None:
        texts = "tech_support_email tech_support_phone learner_notification_from_email help_center_article_url".split()
        assert all(isinstance(getattr(provider, name), str) for name in texts)
        assert isinstance(provider.has_dashboard, bool)
        assert isinstance(provider.supports_onboarding, bool)
        assert provider.ping_interval > 0
        assert all(isinstance(getattr(provider, name), str) for name in provider.credentials_needed)

    def test_what_passes_are_stored_review_statuses(self, provider: ProctoringBackendProvider) -> None:
        assert set(provider.passing_statuses or ()) <= {status.value for status in SoftwareSecureReviewStatus}

    def test_registering_gives_an_id_for_callbacks_or_none(self, provider: ProctoringBackendProvider) -> None:
        exam, context = deepcopy(EXAM), deepcopy(CONTEXT)

        external_id = provider.register_exam_attempt(exam, context=context)

        assert external_id is None or CALLBACK_ID.fullmatch(external_id)
        assert (exam, context) == (EXAM, CONTEXT), "a plugin changes nothing that it is given"

    @pytest.mark.parametrize("call", ["start_exam_attempt", "stop_exam_attempt", "mark_erroneous_exam_attempt"])
    def test_what_happened_may_be_said_twice(self, provider: ProctoringBackendProvider, call: str) -> None:
        for _ in range(2):
            getattr(provider, call)(EXAM["external_id"], ATTEMPT["external_id"])

    def test_removing_is_answered_with_yes_or_no(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.remove_exam_attempt(EXAM["external_id"], ATTEMPT["external_id"]), bool)

    @pytest.mark.parametrize("external_id", ["exam-77", None])
    def test_a_saved_exam_gives_an_id_or_none(
        self, provider: ProctoringBackendProvider, external_id: str | None
    ) -> None:
        exam = deepcopy(EXAM) | {"external_id": external_id}

        found = provider.on_exam_saved(exam)

        assert found is None or CALLBACK_ID.fullmatch(found)
        assert exam == EXAM | {"external_id": external_id}

    @pytest.mark.parametrize("external_id", ["attempt-99", None])
    def test_an_attempt_can_be_looked_at(self, provider: ProctoringBackendProvider, external_id: str | None) -> None:
        attempt = deepcopy(ATTEMPT) | {"external_id": external_id}

        found = provider.get_attempt(attempt)

        assert isinstance(found, Mapping)
        assert isinstance(found.get("download_url"), str | None)
        assert isinstance(found.get("instructions"), list | None)
        assert attempt == ATTEMPT | {"external_id": external_id}

    def test_an_exam_can_be_looked_at(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.get_exam(deepcopy(EXAM)), Mapping)

    def test_the_software_is_an_address_or_none(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.get_software_download_url(), str | None)
        assert isinstance(provider.get_javascript(), str)

    def test_the_dashboard_is_an_address_or_none(self, provider: ProctoringBackendProvider) -> None:
        whole_course = provider.get_instructor_url(COURSE_ID, INSTRUCTOR)
        one_attempt = provider.get_instructor_url(
            COURSE_ID,
            INSTRUCTOR,
            exam_id="exam-77",
            attempt_id="attempt-99",
            show_configuration_dashboard=True,
            encrypted_video_review_url=b"",
        )

        assert all(isinstance(url, str | None) for url in (whole_course, one_attempt))
        assert provider.has_dashboard or (whole_course, one_attempt) == (None, None)

    def test_retiring_is_answered_with_yes_no_or_nothing_to_do(self, provider: ProctoringBackendProvider) -> None:
        assert provider.retire_user(LEARNER) in {True, False, None}

    @pytest.mark.parametrize("filters", [{}, {"status": ""}, {"status": "rejected,expired"}, {"user_id": LEARNER}])
    def test_onboarding_profiles_are_a_dictionary_or_none(
        self, provider: ProctoringBackendProvider, filters: dict[str, Any]
    ) -> None:
        assert isinstance(provider.get_onboarding_profile_info(COURSE_ID, **filters), Mapping | None)

    def test_the_configuration_is_a_dictionary_or_none(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.get_proctoring_config(), Mapping | None)

    def test_the_browser_is_let_in_or_not(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.should_block_access_to_exam_material(), bool)

    def test_the_key_of_recordings_is_hexadecimal(self, provider: ProctoringBackendProvider) -> None:
        assert len(bytes.fromhex(provider.get_video_review_aes_key() or "")) in {0, 16, 24, 32}

    def test_captured_reviews_are_understood(self, provider: ProctoringBackendProvider) -> None:
        for path in self.reviews:
            given = payload(path)

            event = review_event(provider.on_review_callback(deepcopy(ATTEMPT), given))

            assert isinstance(event, ReviewEvent)
            assert given == payload(path)
