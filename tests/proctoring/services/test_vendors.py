from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from proctoring.common.http import VendorUnreachable
from proctoring.exceptions import BackendProviderNotConfigured
from proctoring.models import ProctoredExam
from proctoring.services import vendors
from tests.factories import AttemptFactory, ExamFactory, ReviewPolicyFactory
from tests.fakes import WatchingBackend

DUE = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


class RecordingBackend(WatchingBackend):
    """Remembers the exams it was told about, and answers with ``external_id``; ``meanwhile`` happens before it does."""

    external_id: str | None = "known-as"

    def meanwhile(self) -> None:
        """Nothing, until a test has something happen."""

    def on_exam_saved(self, exam: Any) -> Any:
        self._called("exam", dict(exam))
        self.meanwhile()
        return self.external_id


@pytest.fixture
def recording(settings: Settings) -> Iterator[RecordingBackend]:
    """The vendor ``recording``, with nothing remembered."""
    settings.PROCTORING_BACKENDS = {"DEFAULT": "recording", "recording": {"class": f"{__name__}.RecordingBackend"}}
    backend = vendors.backend_of(ExamFactory.build(backend="recording"))
    assert isinstance(backend, RecordingBackend)
    backend.forget()
    yield backend
    for changed in vars(backend).keys() & {"external_id", "meanwhile"}:
        delattr(backend, changed)


# Which vendor


@pytest.mark.parametrize(("own", "name"), [("other", "other"), ("", "watcher"), (None, "watcher"), ("gone", "gone")])
def test_an_exams_vendor_is_its_own_or_the_default(own: str | None, name: str) -> None:
    assert vendors.backend_name(ExamFactory.build(backend=own)) == name


def test_there_may_be_no_default(settings: Settings) -> None:
    settings.PROCTORING_BACKENDS = {"other": {}}

    assert vendors.backend_name(ExamFactory.build(backend=None)) == ""


def test_an_exams_plugin() -> None:
    other, default = (
        vendors.backend_of(ExamFactory.build(backend="other")),
        vendors.backend_of(ExamFactory.build(backend=None)),
    )

    assert other is not None
    assert default is not None
    assert (other.verbose_name, default.verbose_name) == ("Other", "Watcher")


def test_an_exam_that_is_not_proctored_has_no_plugin() -> None:
    assert vendors.backend_of(ExamFactory.build(is_proctored=False, backend="gone")) is None


@pytest.mark.parametrize("backends", [{"DEFAULT": "watcher"}, {}])
def test_a_vendor_that_is_gone_is_said_so(settings: Settings, backends: dict[str, Any]) -> None:
    settings.PROCTORING_BACKENDS = backends

    with pytest.raises(BackendProviderNotConfigured):
        vendors.backend_of(ExamFactory.build(backend=None))


@pytest.mark.parametrize(
    ("exam", "answer"), [({"backend": "watcher"}, True), ({"backend": "plain"}, False), ({"timed": True}, False)]
)
def test_whether_there_is_onboarding(settings: Settings, exam: dict[str, Any], answer: bool) -> None:
    settings.PROCTORING_BACKENDS = settings.PROCTORING_BACKENDS | {
        "plain": {"class": "proctoring.backends.null.NullBackendProvider"}
    }

    assert vendors.supports_onboarding(ExamFactory.build(**exam)) is answer


def test_who_goes_on_without_a_vendor_is_told_of_none(caplog: pytest.LogCaptureFixture) -> None:
    assert vendors.backend_if_configured(ExamFactory.build(timed=True)) is None
    assert not caplog.records
    assert vendors.backend_if_configured(ExamFactory.build(pk=77, backend="gone")) is None
    assert "exam=77" in caplog.text
    assert vendors.backend_if_configured(ExamFactory.build(backend="watcher")) is not None


def test_a_vendor_that_is_gone_has_no_onboarding(caplog: pytest.LogCaptureFixture) -> None:
    assert vendors.supports_onboarding(ExamFactory.build(pk=77, backend="gone")) is False
    assert "exam=77" in caplog.text


# How a vendor knows people


def test_the_published_id_of_a_person(settings: Settings) -> None:
    settings.PROCTORING_USER_OBFUSCATION_KEY = "obfuscation-key"

    assert vendors.obscured_user_id(1234, "proctor_x") == "6ab229bf465cb31777afbe12414046b927ea43e8"


def test_a_person_has_another_id_at_every_vendor_and_site(settings: Settings) -> None:
    ids = [vendors.obscured_user_id(1234, "proctor_x"), vendors.obscured_user_id(1234, "proctor_y")]
    ids += [vendors.obscured_user_id(1234), vendors.obscured_user_id(1235, "proctor_x")]
    settings.PROCTORING_USER_OBFUSCATION_KEY = "another"
    ids += [vendors.obscured_user_id(1234, "proctor_x")]

    assert len(set(ids)) == len(ids)


# What a vendor is told about an exam


@pytest.mark.django_db
class TestSyncExam:
    def test_the_vendor_gets_the_exam_and_we_keep_its_id(self, recording: RecordingBackend) -> None:
        exam = ExamFactory(backend="recording", external_id=None, due_date=DUE)
        recording.forget()

        vendors.sync_exam(exam.pk)

        [(_, told)] = recording.calls
        assert told == {
            "id": exam.pk,
            "course_id": exam.course_id,
            "content_id": exam.content_id,
            "external_id": None,
            "exam_name": exam.exam_name,
            "time_limit_mins": 90,
            "is_proctored": True,
            "is_practice_exam": False,
            "is_active": True,
            "due_date": "2026-12-01T10:00:00+00:00",
            "hide_after_due": False,
            "backend": "recording",
        }
        exam.refresh_from_db()
        assert exam.external_id == "known-as"

    def test_the_notes_for_reviewers_go_with_it(self, recording: RecordingBackend) -> None:
        policy = ReviewPolicyFactory(proctored_exam__backend="recording", review_policy="No hats.")
        recording.forget()

        vendors.sync_exam(policy.proctored_exam_id)

        assert recording.calls[0][1]["rule_summary"] == "No hats."
        assert recording.calls[0][1]["due_date"] is None

    @pytest.mark.parametrize("exam", [{"is_proctored": False}, {"is_active": False}])
    def test_an_exam_that_needs_the_vendor_no_more_is_inactive(
        self, recording: RecordingBackend, exam: dict[str, bool]
    ) -> None:
        stored = ExamFactory(backend="recording", **exam)
        recording.forget()

        vendors.sync_exam(stored.pk)

        assert recording.calls[0][1]["is_active"] is False

    @pytest.mark.parametrize("answer", [None, "", "vendor-exam"])
    def test_an_answer_that_says_nothing_new_changes_nothing(
        self, recording: RecordingBackend, answer: str | None
    ) -> None:
        recording.external_id = answer
        exam = ExamFactory(backend="recording", external_id="vendor-exam")

        vendors.sync_exam(exam.pk)

        exam.refresh_from_db()
        assert exam.external_id == "vendor-exam"

    def test_the_default_vendor_is_told_where_the_exam_names_none(self, recording: RecordingBackend) -> None:
        exam = ExamFactory(backend=None, external_id=None)

        vendors.sync_exam(exam.pk)

        exam.refresh_from_db()
        assert exam.external_id == "known-as"

    def test_an_exam_that_never_had_a_vendor_is_told_to_none(self, recording: RecordingBackend) -> None:
        exam = ExamFactory(timed=True)
        recording.forget()

        vendors.sync_exam(exam.pk)

        assert recording.calls == []

    def test_an_exam_that_is_gone_is_told_to_nobody(self, recording: RecordingBackend) -> None:
        vendors.sync_exam(987654)

        assert recording.calls == []

    def test_a_vendor_that_is_gone_is_an_error(self) -> None:
        with pytest.raises(NotImplementedError):
            vendors.sync_exam(ExamFactory(backend="gone").pk)

    def test_a_vendor_that_is_not_there_is_an_error_and_changes_nothing(self, recording: RecordingBackend) -> None:
        exam = ExamFactory(backend="recording", external_id=None)
        recording.fail_with = VendorUnreachable("recording")

        with pytest.raises(VendorUnreachable):
            vendors.sync_exam(exam.pk)
        exam.refresh_from_db()
        assert exam.external_id is None

    def test_an_exam_that_moved_to_another_vendor_meanwhile_does_not_get_the_old_ones_id(
        self, recording: RecordingBackend
    ) -> None:
        exam = ExamFactory(backend="recording", external_id=None)

        here = ProctoredExam.objects.filter(pk=exam.pk)
        recording.meanwhile = lambda: here.update(backend="other")  # type: ignore[method-assign,assignment,return-value]

        vendors.sync_exam(exam.pk)

        exam.refresh_from_db()
        assert exam.external_id is None


# What the outbox does


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "call"), [("vendor.start", "start"), ("vendor.stop", "stop"), ("vendor.error", "error")]
)
def test_the_vendor_is_told_what_became_of_an_attempt(vendor: WatchingBackend, kind: str, call: str) -> None:
    attempt_id = AttemptFactory().pk
    vendors.HANDLERS[kind]({"backend": "watcher", "exam": "exam-77", "attempt": "attempt-99", "attempt_id": attempt_id})

    assert vendor.calls == [(call, "exam-77", "attempt-99")]


@pytest.mark.django_db
def test_the_vendor_is_told_about_an_exam(recording: RecordingBackend) -> None:
    exam = ExamFactory(backend="recording")
    recording.forget()

    vendors.HANDLERS["vendor.exam"]({"exam_id": exam.pk})

    assert recording.calls[0][1]["id"] == exam.pk
