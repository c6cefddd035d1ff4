"""Reviews that do not come."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring import tasks
from proctoring.backends import provider_named
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.common.http import VendorUnreachable
from proctoring.models import InboxDelivery, OutboxMessage, ProctoredExamSoftwareSecureReview
from proctoring.services import delivery, reconciliation
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory
from tests.fakes import WatchingBackend

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class AskableBackend(WatchingBackend):
    """A vendor that can be asked for a review, and has ``found``."""

    found = None

    def get_review(self, attempt):
        self._called("review", attempt["external_id"])
        return self.found


@pytest.fixture(autouse=True)
def backends(settings):
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "askable",
        "askable": {"class": f"{__name__}.AskableBackend"},
        "silent": {"class": "tests.fakes.WatchingBackend", "review_turnaround_hours": 24},
        "null": {"class": "proctoring.backends.null.NullBackendProvider"},
        "broken": {"class": "nowhere.Plugin"},
    }
    return settings.PROCTORING_BACKENDS


@pytest.fixture
def vendor(backends):
    backend = provider_named("askable")
    backend.forget()
    backend.found = None
    yield backend
    backend.found = None


def handed_in(hours, backend="askable", **fields):
    exam = fields.pop("exam", None) or ExamFactory(backend=backend)
    attempt = AttemptFactory(proctored_exam=exam, submitted=True, **fields)
    type(attempt).objects.filter(pk=attempt.pk).update(completed_at=timezone.now() - hours * HOUR)
    OutboxMessage.objects.exclude(kind=reconciliation.KIND).exclude(destination="support").delete()
    return attempt


def asked():
    return [call[1] for call in provider_named("askable").calls if call[0] == "review"]


class TestAsking:
    @pytest.mark.parametrize(("hours", "kinds"), [(71, []), (73, ["vendor.review"])])
    def test_after_the_vendors_usual_time(self, vendor, hours, kinds):
        handed_in(hours)
        assert tasks.ask_for_missing_reviews() == len(kinds)
        assert list(OutboxMessage.objects.values_list("kind", flat=True)) == kinds

    def test_the_answer_enters_like_a_callback_and_decides(self, vendor):
        vendor.found = {"status": "passed", "comments": [{"comment": "fine", "status": "passed"}]}
        attempt = handed_in(73)
        reconciliation.ask_for_missing()
        delivery.deliver_due()
        attempt.refresh_from_db()
        kept = InboxDelivery.objects.get()
        assert (attempt.status, asked()) == (Status.verified, [attempt.external_id])
        assert (kept.source, kept.subject, kept.state, kept.sender) == (
            "askable",
            attempt.external_id,
            "applied",
            "asked",
        )
        assert reconciliation.ask_for_missing() == 0

    def test_a_vendor_that_has_none_yet_is_asked_again_half_a_day_later(self, vendor):
        handed_in(73)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            reconciliation.ask_for_missing()
            assert reconciliation.ask_for_missing() == 0
            delivery.deliver_due()
            assert (len(asked()), InboxDelivery.objects.count()) == (1, 0)
            clock.shift(11 * HOUR)
            assert reconciliation.ask_for_missing() == 0
            clock.shift(2 * HOUR)
            assert reconciliation.ask_for_missing() == 1
            delivery.deliver_due()
        assert len(asked()) == 2

    def test_how_often_is_a_setting(self, vendor, settings):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"REVIEW_REQUEST_INTERVAL_HOURS": 1}
        handed_in(73)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            reconciliation.ask_for_missing()
            delivery.deliver_due()
            clock.shift(2 * HOUR)
            assert reconciliation.ask_for_missing() == 1

    def test_a_question_that_waits_is_not_asked_twice(self, vendor):
        vendor.fail_with = VendorUnreachable("askable")
        attempt = handed_in(73)
        reconciliation.ask_for_missing()
        delivery.deliver_due()
        with time_machine.travel(timezone.now() + 13 * HOUR):
            assert reconciliation.ask_for_missing() == 0
            vendor.fail_with, vendor.found = None, {"status": "passed"}
            delivery.deliver_due()
        attempt.refresh_from_db()
        assert attempt.status == Status.verified

    def test_after_what_the_vendor_has_to_hear_first(self, vendor):
        attempt = handed_in(73)
        stop = {"backend": "askable", "exam": "e", "attempt": attempt.external_id, "attempt_id": attempt.pk}
        OutboxMessage.objects.create(
            kind="vendor.stop",
            destination="askable",
            stream=f"vendor:{attempt.pk}",
            payload=stop,
            due_at=timezone.now() + HOUR,
        )
        reconciliation.ask_for_missing()
        delivery.deliver_due()
        assert vendor.calls == []

    @pytest.mark.parametrize("answer", [7, ["passed"], {"status": "splendid"}, {}])
    def test_an_answer_that_is_no_review_is_a_dead_letter(self, vendor, answer):
        vendor.found = answer
        attempt = handed_in(73)
        reconciliation.ask_for_missing()
        delivery.deliver_due()
        attempt.refresh_from_db()
        assert (OutboxMessage.objects.get().state, attempt.status) == ("dead", Status.submitted)

    def test_an_attempt_that_was_reviewed_or_went_meanwhile_is_not_asked_about(self, vendor):
        reviewed, gone = handed_in(73), handed_in(73)
        reconciliation.ask_for_missing()
        type(reviewed).objects.filter(pk=reviewed.pk).update(status=Status.verified)
        gone.delete()
        delivery.deliver_due()
        assert vendor.calls == []
        assert set(OutboxMessage.objects.filter(kind="vendor.review").values_list("state", flat=True)) == {"done"}


class TestWhoIsNotAskedAbout:
    @pytest.mark.parametrize(
        "attempt",
        [
            {"external_id": None},
            {"external_id": ""},
            {"taking_as_proctored": False},
            {"exam": {"timed": True}},
            {"exam": {"backend": "null"}},
            {"exam": {"backend": "broken"}},
            {"exam": {"backend": "unknown"}},
        ],
    )
    def test_who_has_no_vendor_that_reviews(self, attempt):
        fields = dict(attempt)
        if "exam" in fields:
            fields["exam"] = ExamFactory(**fields["exam"])
        handed_in(73, **fields)
        assert reconciliation.ask_for_missing() == 0

    def test_what_has_a_review(self):
        attempt = handed_in(73)
        ReviewFactory(attempt=attempt)
        type(attempt).objects.filter(pk=attempt.pk).update(status=Status.submitted)
        assert reconciliation.ask_for_missing() == 0

    @pytest.mark.parametrize("status", sorted(set(Status) - {Status.submitted}))
    def test_what_was_not_handed_in_or_is_decided(self, status):
        attempt = handed_in(73)
        type(attempt).objects.filter(pk=attempt.pk).update(status=status)
        assert reconciliation.ask_for_missing() == 0

    def test_what_is_so_old_that_support_knows(self):
        handed_in(72 * 4 + 1)
        assert reconciliation.ask_for_missing() == 0

    @pytest.mark.parametrize(("onboarding", "messages"), [(True, 1), (False, 0)])
    def test_practice_where_there_is_no_onboarding(self, backends, onboarding, messages):
        backends["askable"]["supports_onboarding"] = onboarding
        handed_in(73, exam=ExamFactory(backend="askable", practice=True))
        assert reconciliation.ask_for_missing() == messages

    @pytest.mark.parametrize("hours", [None, 0])
    def test_a_site_may_switch_it_off(self, backends, hours):
        backends["askable"]["review_turnaround_hours"] = hours
        handed_in(73)
        assert reconciliation.ask_for_missing() == 0

    @pytest.mark.parametrize("backend", [None, ""])
    def test_an_exam_of_the_default_vendor_is_asked_about(self, vendor, backend):
        handed_in(73, exam=ExamFactory(backend=backend))
        assert reconciliation.ask_for_missing() == 1


class TestSupport:
    def test_hears_of_it_after_twice_the_time_and_once(self, lms, vendor):
        attempt = handed_in(145)
        for _ in range(3):
            reconciliation.ask_for_missing()
            delivery.deliver_due()
        with time_machine.travel(timezone.now() + 40 * HOUR):
            reconciliation.ask_for_missing()
            delivery.deliver_due()
        [told] = lms.instructor.notified
        assert (told["student_username"], told["review_status"]) == (attempt.user.username, "Not Reviewed")
        assert told["review_url"].endswith(f"?attempt={attempt.external_id}")

    def test_of_a_vendor_that_cannot_be_asked_too(self, lms):
        handed_in(49, backend="silent")
        assert reconciliation.ask_for_missing() == 1
        delivery.deliver_due()
        assert len(lms.instructor.notified) == 1

    def test_not_if_the_answer_has_come_meanwhile(self, lms, vendor):
        attempt = handed_in(145)
        reconciliation.ask_for_missing()
        type(attempt).objects.filter(pk=attempt.pk).update(status=Status.verified)
        delivery.deliver_due()
        assert lms.instructor.notified == []


def test_a_vendor_that_leaves_the_method_out_is_never_asked():
    assert ProctoringBackendProvider().get_review({}) is None
    handed_in(25, backend="silent")
    assert reconciliation.ask_for_missing() == 0


@pytest.mark.parametrize("many", [2, 20])
def test_as_many_as_there_are_batch_by_batch(query_budget, many):
    exam = ExamFactory(backend="askable")
    for _ in range(many):
        handed_in(145, exam=exam)
    with query_budget("reconciliation.ask_for_missing"):
        assert reconciliation.ask_for_missing() == 2 * many
    OutboxMessage.objects.all().delete()
    assert reconciliation.ask_for_missing(batch_size=3) == 2 * many


def test_nothing_is_reviewed_by_asking():
    handed_in(73)
    reconciliation.ask_for_missing()
    assert not ProctoredExamSoftwareSecureReview.objects.exists()
