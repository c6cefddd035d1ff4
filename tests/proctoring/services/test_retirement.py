"""A learner is retired (contract rest.md §5.23, §5.24)."""

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.utils import timezone

from proctoring.backends import provider_named
from proctoring.common.acting.log import log_line
from proctoring.common.errors import DomainError
from proctoring.common.inbox import Envelope, InboxState, mark, store
from proctoring.common.retention.erasures import Tally, sha256
from proctoring.conf import config
from proctoring.exceptions import LearnerHeld
from proctoring.models import (
    AuditEntry,
    IdempotentAnswer,
    InboxDelivery,
    OutboxMessage,
    PendingErasure,
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
    StaffAction,
    VendorErasure,
)
from proctoring.services import certificates, delivery, holds, idempotency, inbox, retirement, timing
from proctoring.services.idempotency import Asked
from proctoring.services.pace import account_of
from proctoring.services.vendors import obscured_user_id
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AllowanceFactory, AttemptFactory, CommentFactory, ExamFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db

Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview
ReviewHistory = ProctoredExamSoftwareSecureReviewHistory
Comment = ProctoredExamSoftwareSecureComment
Allowance = ProctoredExamStudentAllowance
AllowanceHistory = ProctoredExamStudentAllowanceHistory
RETIRING = {"class": "tests.proctoring.retirement_fakes.RetiringBackend"}
UNKNOWN_IDS = [0, 999_999, 2**31, 2**63, 10**30]


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = {"DEFAULT": "one", "one": RETIRING, "two": RETIRING, "three": RETIRING}
    for name in ("one", "two", "three"):
        provider_named(name).forget()


@pytest.fixture
def learner():
    return UserFactory()


def vendor(name):
    return provider_named(name)


def sat(learner, backend, **fields):
    return AttemptFactory(user=learner, proctored_exam__backend=backend, **fields)


class TestAtVendors:
    def test_each_vendor_once_by_the_id_it_knows(self, learner):
        for backend in ("one", "one", "two"):
            sat(learner, backend)
        sat(UserFactory(), "three")
        assert retirement.at_vendors(learner.pk) == {"one": True, "two": True}
        for name in ("one", "two"):
            assert vendor(name).calls == [("retire", obscured_user_id(learner.pk, name))]
        assert vendor("three").calls == []

    def test_those_with_nothing_to_do_are_left_out_and_asked_again(self, learner):
        sat(learner, "one")
        vendor("one").says = None
        for _ in range(2):
            assert retirement.at_vendors(learner.pk) == {}
        assert len(vendor("one").calls) == 2

    def test_weakness_d13_no_vendor_of_its_own_is_the_default(self, learner):
        sat(learner, None)
        assert retirement.at_vendors(learner.pk) == {"one": True}

    def test_weakness_d13_deleted_attempts_count(self, learner):
        sat(learner, "one").delete()
        exam = ExamFactory(backend="two")
        AttemptFactory(user=learner, proctored_exam=exam)
        exam.delete()
        assert not Attempt.objects.exists()
        assert retirement.at_vendors(learner.pk) == {"one": True, "two": True}

    def test_attempts_without_proctoring_do_not(self, learner):
        sat(learner, "one", taking_as_proctored=False)
        AttemptFactory(user=learner, proctored_exam=ExamFactory(timed=True))
        assert retirement.at_vendors(learner.pk) == {}

    @pytest.mark.parametrize("user_id", UNKNOWN_IDS)
    def test_nobody(self, user_id):
        assert retirement.at_vendors(user_id) == {}

    def test_one_that_fails_stops_no_other(self, learner, settings):
        for backend in ("one", "two", "three", "gone"):
            sat(learner, backend)
        vendor("one").fail_with = KeyError("secret")
        vendor("two").says = False
        assert retirement.at_vendors(learner.pk) == {"gone": False, "one": False, "three": True, "two": False}

    def test_asked_again_a_vendor_may_refuse(self, learner):
        sat(learner, "one")
        assert retirement.at_vendors(learner.pk) == {"one": True}
        vendor("one").says = False
        assert retirement.at_vendors(learner.pk) == {"one": False}

    @pytest.mark.parametrize("count", [1, 5])
    def test_statements_do_not_grow(self, learner, count, query_budget):
        for _ in range(count):
            sat(learner, "one").delete()
            sat(learner, "one")
        with query_budget("retirement.at_vendors"):
            retirement.at_vendors(learner.pk)


class TestErase:
    @pytest.fixture
    def reviewed(self, learner):
        """An attempt whose review has a past and a comment."""

        def make(user=learner, **fields):
            attempt = sat(user, "one", submitted=True, **fields)
            review = ReviewFactory(attempt=attempt, raw_data='{"who": "Ada"}', encrypted_video_url=b"sealed")
            review.save()
            CommentFactory(review=review)
            return attempt

        return make

    def everything(self, user):
        """All texts that were kept of the learner."""
        found = {}
        for model in (Review, ReviewHistory):
            found[model] = [
                (row.raw_data, bytes(row.encrypted_video_url)) for row in model.objects.filter(student=user)
            ]
        comments = Comment.objects.filter(review__student=user)
        found[Comment] = list(comments.values_list("comment", "status"))
        for model in (Allowance, AllowanceHistory):
            found[model] = list(model.objects.filter(user=user).values_list("value", "multiplier"))
        return found

    def test_reviews_their_history_and_comments(self, learner, reviewed, lms):
        reviewed()
        other = UserFactory()
        reviewed(other)
        before = self.everything(other)
        retirement.erase(learner.pk)
        after = self.everything(learner)
        assert set(after[Review] + after[ReviewHistory]) == {("", b"")}
        assert len(after[ReviewHistory]) == 1
        assert after[Comment] == [("", "")]
        assert self.everything(other) == before

    def test_weakness_d12_reviews_of_deleted_attempts(self, learner, reviewed, lms):
        reviewed().delete()
        orphan = reviewed()
        # As rows of an old release are, that do not know their learner.
        Review.objects.filter(attempt_code=orphan.attempt_code).update(student=None)
        orphan.delete()
        retirement.erase(learner.pk)
        assert set(Review.objects.values_list("raw_data", flat=True)) == {""}

    def test_weakness_d12_nothing_follows_from_it(self, learner, reviewed, lms, committed):
        attempt = reviewed()
        Attempt.objects.filter(pk=attempt.pk).update(status=Status.error)
        OutboxMessage.objects.all().delete()
        lms.tracker.events.clear()
        history = Attempt.history.count()
        with committed():
            retirement.erase(learner.pk)
        attempt.refresh_from_db()
        assert attempt.status == Status.error
        assert (OutboxMessage.objects.count(), mail.outbox, lms.tracker.events) == (0, [], [])
        assert Attempt.history.count() == history

    def test_allowances_and_their_history(self, learner, lms):
        AllowanceFactory(user=learner, value="30", multiplier="1.5").save()
        kept = AllowanceFactory(value="45")
        retirement.erase(learner.pk)
        after = self.everything(learner)
        assert set(after[Allowance] + after[AllowanceHistory]) == {("", None)}
        kept.refresh_from_db()
        assert kept.value == "45"

    def test_weakness_d12_the_clock_goes_on(self, learner, lms):
        allowance = AllowanceFactory(user=learner, value="30")
        retirement.erase(learner.pk)
        assert timing.entitled_seconds(allowance.proctored_exam, learner.pk) == 90 * 60

    @pytest.mark.parametrize("user_id", UNKNOWN_IDS)
    def test_nobody(self, user_id):
        retirement.erase(user_id)

    def test_again_is_once(self, learner, reviewed, lms):
        reviewed()
        AllowanceFactory(user=learner)
        retirement.erase(learner.pk)
        once = self.everything(learner)
        retirement.erase(learner.pk)
        assert self.everything(learner) == once

    @pytest.mark.parametrize("count", [1, 5])
    def test_statements_do_not_grow(self, learner, reviewed, lms, count, query_budget):
        for _ in range(count):
            AllowanceFactory(user=learner)
            said_of(reviewed())
            reviewed().delete()
        with query_budget("retirement.erase"):
            retirement.erase(learner.pk)


SAID = {"status": "passed", "comments": [], "who": "Ada"}
COMMENT = {"start": 1, "stop": 2, "duration": 1, "comment": "Ada looks away", "status": "Suspicious"}
SAID_LATE = SAID | {"comments": [COMMENT], "video_url": "https://vendor.test/ada"}


def said_of(attempt, state=InboxState.APPLIED, source="one", kind="review", subject=None, body=SAID):
    body = json.dumps(body).encode()
    envelope = Envelope(source=source, kind=kind, subject=subject or attempt.external_id, body=body)
    delivery = store(InboxDelivery, envelope, config.keyring)
    mark(delivery, state, "refused" if state == InboxState.REFUSED else "")
    return delivery


def contents(delivery):
    delivery.refresh_from_db()
    return delivery.opened(config.keyring), delivery.body_size


class TestVendorsMessages:
    EMPTY = (b"", 0)

    @pytest.mark.parametrize("state", [InboxState.APPLIED, InboxState.REFUSED])
    def test_those_that_are_done_with_are_emptied(self, learner, state):
        delivery = said_of(sat(learner, "one"), state)
        retirement.erase(learner.pk)
        assert contents(delivery) == self.EMPTY
        assert (delivery.state, delivery.subject) == (state, delivery.subject)

    @pytest.mark.parametrize("state", [InboxState.RECEIVED, InboxState.FAILED])
    def test_those_that_wait_are_not(self, learner, state):
        delivery = said_of(sat(learner, "one"), state)
        retirement.erase(learner.pk)
        assert contents(delivery) != self.EMPTY

    def test_those_that_failed_too_often_are_emptied(self, learner):
        delivery = said_of(sat(learner, "one"), InboxState.FAILED)
        InboxDelivery.objects.filter(pk=delivery.pk).update(due_at=None)
        retirement.erase(learner.pk)
        assert contents(delivery) == self.EMPTY

    @pytest.mark.parametrize("is_superseded", [False, True])
    def test_of_those_that_are_applied_later_the_outcome_stays(self, learner, lms, is_superseded):
        attempt = sat(learner, "one", submitted=True)
        waiting = said_of(attempt, InboxState.FAILED, body=SAID_LATE)
        if is_superseded:
            newer = said_of(attempt)
            InboxDelivery.objects.filter(pk=newer.pk).update(received_at=timezone.now() + timedelta(hours=1))
        certificate = retirement.erase(learner.pk)
        assert [one["items"] for one in certificate.content["kept"] if one["kind"] == "vendor_messages"] == [1]
        inbox.replay(waiting.pk)
        assert contents(waiting) == self.EMPTY
        assert waiting.state == InboxState.APPLIED
        for review in Review.objects.filter(student=learner):
            assert (review.raw_data, bytes(review.encrypted_video_url)) == ("", b"")
        assert Review.objects.filter(student=learner).exists() is not is_superseded
        assert set(Comment.objects.values_list("comment", "status")) <= {("", "")}
        assert retirement.erase(learner.pk) == certificate

    def test_of_deleted_attempts_and_by_our_code(self, learner):
        attempt = sat(learner, "one")
        by_id, by_code = said_of(attempt), said_of(attempt, subject=attempt.attempt_code, kind="other")
        attempt.delete()
        retirement.erase(learner.pk)
        assert contents(by_id) == contents(by_code) == self.EMPTY

    def test_of_nobody_else(self, learner):
        sat(learner, "one", external_id="7")
        AttemptFactory(external_id="7", proctored_exam__backend="two")
        mine, theirs = said_of(None, subject="7"), said_of(None, subject="7", source="two")
        elsewhere = said_of(AttemptFactory(proctored_exam__backend="one"))
        retirement.erase(learner.pk)
        assert contents(mine) == self.EMPTY
        assert self.EMPTY not in (contents(theirs), contents(elsewhere))

    def test_of_a_vendor_that_the_exam_has_left(self, learner):
        delivery = said_of(sat(learner, "two"), source="one")
        retirement.erase(learner.pk)
        assert contents(delivery) == self.EMPTY

    def test_one_that_is_emptied_cannot_be_applied_and_stays_refused(self, learner, lms):
        delivery = said_of(sat(learner, "one", submitted=True), InboxState.REFUSED)
        retirement.erase(learner.pk)
        with pytest.raises(DomainError):
            inbox.replay(delivery.pk)
        delivery.refresh_from_db()
        assert delivery.state == InboxState.REFUSED


class TestCertificates:
    @pytest.fixture
    def attempt(self, learner, lms):
        attempt = sat(learner, "one", submitted=True)
        review = ReviewFactory(attempt=attempt, raw_data='{"who": "Ada"}', encrypted_video_url=b"sealed")
        CommentFactory(review=review)
        AllowanceFactory(user=learner, value="30")
        said_of(attempt)
        return attempt

    def test_it_says_what_went_and_what_stays_and_not_whose(self, learner, attempt):
        certificate = retirement.erase(learner.pk)
        content = certificates.document(certificate)["erasure"]
        went = {one["kind"]: one["items"] for one in content["erased"]}
        assert went == {"allowances": 1, "reviews": 1, "review_comments": 1, "vendor_messages": 1}
        assert {one["kind"] for one in content["kept"]} == {"attempts", "attempt_history", "allowances", "reviews"}
        told = json.dumps(certificates.document(certificate))
        assert learner.username not in told
        assert learner.email not in told
        assert sha256(content) == certificate.sha256

    def test_again_it_is_the_same(self, learner, attempt):
        first = retirement.erase(learner.pk)
        document = certificates.document(first)
        again = retirement.erase(learner.pk)
        assert (again, certificates.document(again)) == (first, document)
        assert certificates.of_learner(learner.pk) == [first]
        assert not PendingErasure.objects.exists()

    def test_what_comes_later_gets_one_of_its_own(self, learner, attempt):
        first = retirement.erase(learner.pk)
        AllowanceFactory(user=learner, value="45")
        second = retirement.erase(learner.pk)
        assert certificates.of_learner(learner.pk) == [second, first]
        assert [one["kind"] for one in second.content["erased"]] == ["allowances"]

    def test_what_was_erased_can_be_shown_by_who_has_it_still(self, learner, attempt):
        review = Review.objects.get()
        blank = Tally("reviews", config.erasure_keys[0])
        said = {"raw_data": review.raw_data, "encrypted_video_url": bytes(review.encrypted_video_url)}
        blank.add(Review._meta.db_table, review.pk, said)
        content = retirement.erase(learner.pk).content
        assert blank.told() in content["erased"]

    def test_vendors_that_have_confirmed_are_on_it(self, learner, attempt):
        retirement.at_vendors(learner.pk)
        certificate = retirement.erase(learner.pk)
        [told] = certificates.document(certificate)["vendors"]
        assert (told["vendor"], bool(told["confirmed_at"])) == ("one", True)

    def test_it_is_found_after_the_secret_has_changed(self, learner, attempt, settings):
        certificate = retirement.erase(learner.pk)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
        assert certificates.of_learner(learner.pk) == [certificate]

    def test_what_staff_wrote_and_browsers_got_goes_too(self, learner, attempt):
        mine = StaffAction.objects.create(verb="reset-attempt", ids=[attempt.pk], reason="Ada was ill")
        other = StaffAction.objects.create(verb="reset-attempt", ids=[attempt.pk + 1], reason="A power cut")
        elsewhere = StaffAction.objects.create(verb="send-again", ids=[attempt.pk], reason="The vendor is back")
        log_line(Attempt, attempt.pk, UserFactory(), "Reset: Ada was ill")
        idempotency.begin(Asked(owner=account_of(learner), key="k", digest="d"))
        idempotency.begin(Asked(owner=f"{learner.pk}1.", key="k", digest="d"))
        content = retirement.erase(learner.pk).content
        reasons = [StaffAction.objects.get(pk=row.pk).reason for row in (mine, other, elsewhere)]
        assert reasons == ["", "A power cut", "The vendor is back"]
        assert LogEntry.objects.get().change_message == ""
        assert list(IdempotentAnswer.objects.values_list("owner", flat=True)) == [f"{learner.pk}1."]
        went = {one["kind"]: one["items"] for one in content["erased"]}
        assert (went["staff_remarks"], went["repeated_requests"]) == (2, 1)

    def test_of_many_actions_none_is_passed_over(self, learner, attempt):
        mine = [StaffAction(verb="reset-attempt", ids=[attempt.pk], reason="Ada was ill") for _ in range(45)]
        StaffAction.objects.bulk_create(mine)
        retirement.erase(learner.pk)
        assert not StaffAction.objects.exclude(reason="").exists()


class TestHeld:
    def test_it_waits_for_the_hold_and_is_done_then(self, learner, lms):
        allowance = AllowanceFactory(user=learner, value="30")
        hold = holds.place(UserFactory(), "A lawsuit", learner=learner)
        for _ in range(2):
            with pytest.raises(LearnerHeld):
                retirement.erase(learner.pk)
        assert (retirement.erase_waiting(), PendingErasure.objects.get().is_held) == (0, True)
        allowance.refresh_from_db()
        assert allowance.value == "30"
        holds.lift(hold, UserFactory(), "Settled")
        assert retirement.erase_waiting() == 1
        allowance.refresh_from_db()
        assert (allowance.value, PendingErasure.objects.count()) == ("", 0)
        assert len(certificates.of_learner(learner.pk)) == 1

    @pytest.mark.parametrize("make", [sat, lambda learner, backend: AllowanceFactory(user=learner)])
    def test_a_course_keeps_all_of_whoever_is_in_it(self, learner, lms, make):
        row = make(learner, "one")
        holds.place(UserFactory(), "An audit", course_id=row.proctored_exam.course_id)
        with pytest.raises(LearnerHeld):
            retirement.erase(learner.pk)
        assert retirement.erase(UserFactory().pk) is not None

    def test_vendors_are_asked_when_it_is_lifted(self, learner, lms, committed):
        sat(learner, "one")
        hold = holds.place(UserFactory(), "A lawsuit", learner=learner)
        assert retirement.at_vendors(learner.pk) == {"one": False}
        assert vendor("one").calls == []
        with pytest.raises(LearnerHeld):
            retirement.erase(learner.pk)
        with committed():
            holds.lift(hold, UserFactory(), "Settled")
            retirement.erase_waiting()
        delivery.deliver_due()
        assert ("retire", obscured_user_id(learner.pk, "one")) in vendor("one").calls
        assert VendorErasure.objects.get().confirmed_at is not None

    def test_only_what_was_asked_for_is_done_then(self, learner, lms, committed):
        sat(learner, "one")
        allowance = AllowanceFactory(user=learner, value="30")
        hold = holds.place(UserFactory(), "A lawsuit", learner=learner)
        retirement.at_vendors(learner.pk)
        # Nobody was asked yet.
        assert not VendorErasure.objects.exists()
        with committed():
            holds.lift(hold, UserFactory(), "Settled")
            assert retirement.erase_waiting() == 1
        delivery.deliver_due()
        assert ("retire", obscured_user_id(learner.pk, "one")) in vendor("one").calls
        allowance.refresh_from_db()
        assert (allowance.value, PendingErasure.objects.count()) == ("30", 0)

    def test_what_staff_wrote_of_somebody_held_waits_for_that_hold(self, learner, lms):
        attempt, other = sat(learner, "one"), sat(UserFactory(), "one")
        both = StaffAction.objects.create(verb="reset-attempt", ids=[attempt.pk, other.pk], reason="Bo and Ada")
        alone = StaffAction.objects.create(verb="reset-attempt", ids=[attempt.pk], reason="Ada was ill")
        hold = holds.place(UserFactory(), "A lawsuit", learner=other.user)
        certificate = retirement.erase(learner.pk)
        assert retirement.erase(learner.pk) == certificate
        assert {one["kind"]: one["items"] for one in certificate.content["kept"]}["staff_remarks"] == 1
        assert [StaffAction.objects.get(pk=row.pk).reason for row in (both, alone)] == ["Bo and Ada", ""]
        assert retirement.erase_waiting() == 0
        holds.lift(hold, UserFactory(), "Settled")
        assert retirement.erase_waiting() == 1
        [last, _] = certificates.of_learner(learner.pk)
        assert [(one["kind"], one["items"]) for one in last.content["erased"]] == [("staff_remarks", 1)]
        assert (StaffAction.objects.get(pk=both.pk).reason, PendingErasure.objects.count()) == ("", 0)


class TestVendorsThatFail:
    @pytest.mark.parametrize("agreed", [True, False])
    def test_who_was_asked_is_known_after_the_secret_has_changed(self, learner, committed, settings, agreed):
        sat(learner, "one")
        vendor("one").says = agreed
        retirement.at_vendors(learner.pk)
        row = VendorErasure.objects.get()
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
        vendor("one").says = True
        retirement.ask_vendor({"user_id": learner.pk, "backend": "one"})
        assert VendorErasure.objects.get() == row
        assert VendorErasure.objects.get().confirmed_at is not None

    def test_who_has_agreed_is_not_asked_when_a_hold_is_lifted(self, learner, lms, settings):
        sat(learner, "one")
        sat(learner, "two")
        vendor("two").says = False
        retirement.at_vendors(learner.pk)
        OutboxMessage.objects.filter(kind=retirement.KIND).delete()
        hold = holds.place(UserFactory(), "A lawsuit", learner=learner)
        retirement.at_vendors(learner.pk)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
        holds.lift(hold, UserFactory(), "Settled")
        retirement.erase_waiting()
        asked = OutboxMessage.objects.filter(kind=retirement.KIND)
        assert list(asked.values_list("destination", flat=True)) == ["two"]

    def test_they_are_asked_again_once(self, learner, committed):
        sat(learner, "one")
        vendor("one").says = False
        for _ in range(2):
            assert retirement.at_vendors(learner.pk) == {"one": False}
        message = OutboxMessage.objects.get(kind=retirement.KIND)
        delivery.deliver_due()
        assert VendorErasure.objects.get().confirmed_at is None
        vendor("one").says = True
        OutboxMessage.objects.filter(pk=message.pk).update(due_at=timezone.now(), leased_until=None)
        delivery.deliver_due()
        confirmed = VendorErasure.objects.get().confirmed_at
        assert confirmed is not None
        # That it refuses a second time takes nothing back.
        vendor("one").says = False
        retirement.at_vendors(learner.pk)
        assert VendorErasure.objects.get().confirmed_at == confirmed

    def test_what_they_say_at_last_is_on_record(self, learner):
        sat(learner, "one")
        vendor("one").says = False
        retirement.at_vendors(learner.pk)
        with pytest.raises(retirement.VendorKeepsLearner):
            retirement.ask_vendor({"user_id": learner.pk, "backend": "one"})
        vendor("one").says = True
        retirement.ask_vendor({"user_id": learner.pk, "backend": "one"})
        entries = AuditEntry.objects.filter(event="learner.retired_at_vendors", subject_id=str(learner.pk))
        facts = [json.loads(entry.facts) for entry in entries.order_by("id")]
        assert facts == [{"agreed": [], "failed": ["one"]}, {"agreed": ["one"], "failed": []}]

    def test_one_that_is_to_be_asked_again_waits_for_the_end_of_a_hold(self, learner, lms):
        sat(learner, "one")
        vendor("one").says = False
        retirement.at_vendors(learner.pk)
        vendor("one").says = True
        holds.place(UserFactory(), "Claim.", learner=learner)
        retirement.ask_vendor({"user_id": learner.pk, "backend": "one"})
        assert PendingErasure.objects.get().parts == ["vendors"]
        assert VendorErasure.objects.get().confirmed_at is None
