"""
Random lives: learner, vendor, staff, clock, workers and their failures in any order, and what must hold all the same.

Runs on whatever database the tests run on. Nothing is committed: what happens after commit is done by the worker.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from proctoring.backends.types import ReviewEvent
from proctoring.common.errors import DomainError
from proctoring.common.http import VendorUnreachable
from proctoring.models import (
    OutboxMessage,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAttempt,
)
from proctoring.services import allowances, attempts, clock, delivery, removal, resetting, resuming, reviews
from proctoring.statuses import IN_PROGRESS, REVIEWED, ReviewStatus, SoftwareSecureReviewStatus
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import ExamFactory, UserFactory
from tests.fakes import FakeLms, WatchingBackend

BEGINNING = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
Attempt = ProctoredExamStudentAttempt
LEARNER_VERBS = [
    attempts.start,
    attempts.stop,
    attempts.submit,
    attempts.decline,
    attempts.click_download,
    attempts.report_error,
]


class Life(RuleBasedStateMachine):
    """Two learners at a graded proctored exam and at a practice exam."""

    lms: FakeLms
    vendor: WatchingBackend

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGINNING
        self.traveller: Any = None
        self._travel()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.people = [UserFactory(), UserFactory()]
        self.judge = UserFactory(staff=True)
        self.exams = [ExamFactory(backend="watcher"), ExamFactory(backend="watcher", practice=True)]
        delivery.deliver_due()
        for service in vars(self.lms).values():
            # The registered fakes themselves begin anew.
            service.__init__()
        self.vendor.forget()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.traveller.stop()

    def _travel(self) -> None:
        if self.traveller is not None:
            self.traveller.stop()
        self.traveller = time_machine.travel(self.now, tick=False)
        self.traveller.start()

    def _any_attempt(self, number: int) -> Attempt | None:
        known = list(Attempt.objects.select_related("user", "proctored_exam").order_by("pk"))
        return known[number % len(known)] if known else None

    def _try(self, action: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        """Refusals are fine; anything else is a bug, and a refusal must not have left half of a change behind."""
        try:
            with transaction.atomic():
                action(*arguments, **named)
        except DomainError:
            return

    @rule(person=st.integers(0, 1), exam=st.integers(0, 1))
    def enter(self, person: int, exam: int) -> None:
        self._try(attempts.create, self.exams[exam], self.people[person], proctored=True)

    @rule(number=st.integers(0, 9), verb=st.sampled_from(LEARNER_VERBS))
    def learner_does(self, number: int, verb: Callable[[Attempt], Any]) -> None:
        attempt = self._any_attempt(number)
        if attempt is None:
            return
        before = attempt.status
        self._try(verb, attempt)
        if before in REVIEWED:
            attempt.refresh_from_db()
            assert attempt.status == before, "a learner left a reviewed status"

    @rule(number=st.integers(0, 9))
    def vendor_is_ready(self, number: int) -> None:
        attempt = self._any_attempt(number)
        if attempt is not None:
            self._try(attempts.mark_ready, attempt)

    @rule(number=st.integers(0, 9), said=st.sampled_from(ReviewStatus), times=st.integers(1, 2))
    def vendor_reviews(self, number: int, said: ReviewStatus, times: int) -> None:
        attempt = self._any_attempt(number)
        for _ in range(times):
            if attempt is not None:
                self._try(reviews.record, attempt, ReviewEvent(said), {"status": str(said)})

    @rule(said=st.sampled_from(SoftwareSecureReviewStatus), number=st.integers(0, 9))
    def staff_decides(self, said: SoftwareSecureReviewStatus, number: int) -> None:
        known = list(ProctoredExamSoftwareSecureReview.objects.order_by("pk"))
        if known:
            self._try(reviews.decide, known[number % len(known)], reviewer=self.judge, review_status=said)

    @rule(number=st.integers(0, 9))
    def staff_lets_go_on(self, number: int) -> None:
        attempt = self._any_attempt(number)
        if attempt is not None:
            self._try(resuming.approve, attempt.pk, by=self.judge)

    @rule(number=st.integers(0, 9))
    def staff_removes(self, number: int) -> None:
        attempt = self._any_attempt(number)
        if attempt is not None:
            self._try(removal.remove, attempt.pk, by=self.judge)

    @rule(person=st.integers(0, 1), exam=st.integers(0, 1))
    def practise_again(self, person: int, exam: int) -> None:
        self._try(resetting.reset, self.exams[exam], self.people[person].pk, by=self.people[person])

    @rule(person=st.integers(0, 1), exam=st.integers(0, 1), minutes=st.sampled_from(["0", "15", "60"]))
    def staff_grants_time(self, person: int, exam: int, minutes: str) -> None:
        person_id, exam_id = self.people[person].pk, self.exams[exam].pk
        self._try(allowances.grant, exam_id, person_id, "additional_time_granted", minutes)

    @rule(minutes=st.sampled_from([1, 30, 89, 91, 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self._travel()

    @rule()
    def sweep(self) -> None:
        clock.close_overdue()

    @rule(vendor_fails=st.booleans(), credit_fails=st.booleans())
    def worker(self, vendor_fails: bool, credit_fails: bool) -> None:
        self.vendor.fail_with = VendorUnreachable("watcher") if vendor_fails else None
        self.lms.credit.fail_with = RuntimeError() if credit_fails else None
        delivery.deliver_due()
        self.vendor.fail_with = self.lms.credit.fail_with = None

    @invariant()
    def one_running_attempt_of_a_learner_at_an_exam(self) -> None:
        running = Attempt.objects.filter(status__in=IN_PROGRESS).values_list("user_id", "proctored_exam_id")
        assert not [pair for pair, count in Counter(running).items() if count > 1]

    @invariant()
    def nothing_ends_before_it_starts(self) -> None:
        for attempt in Attempt.objects.filter(completed_at__isnull=False, started_at__isnull=False):
            assert attempt.completed_at >= attempt.started_at

    @invariant()
    def every_effect_once(self) -> None:
        done = Counter(OutboxMessage.objects.filter(state="done").values_list("kind", flat=True))
        told = Counter(call[0] for call in self.vendor.answered)
        assert len(self.lms.credit.statuses) == done["credit"]
        assert len(self.lms.grades.overrides) == done["grade.zero"]
        assert len(self.lms.certificates.invalidated) == done["certificate.invalidate"]
        # Of an attempt that was removed before its turn came, its vendor is not told.
        there = set(Attempt.objects.values_list("pk", flat=True))
        for word in ("start", "stop", "error"):
            about = OutboxMessage.objects.filter(state="done", kind=f"vendor.{word}").values_list("payload", flat=True)
            assert sum(payload["attempt_id"] in there for payload in about) <= told[word] <= done[f"vendor.{word}"]

    @invariant()
    def the_history_tells_every_move(self) -> None:
        for attempt in Attempt.objects.all():
            told = list(attempt.history.order_by("history_id").values_list("status", flat=True))
            moves = [status for status, before in zip(told, [None, *told], strict=False) if status != before]
            assert moves[-1] == attempt.status
            assert moves.count(Status.started) <= 1 + moves.count(Status.ready_to_submit)


@pytest.mark.django_db
def test_what_holds_in_any_life(lms: FakeLms, vendor: WatchingBackend) -> None:
    Life.lms, Life.vendor = lms, vendor
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Life, settings=settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=checks)
    )
