"""Asking providers again about many verifications."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proctoring.common.outbox import OutboxState
from tests.proctoring.services.test_concurrency import WORKERS, together
from tests.verify_student.custody import kept, kept_for_vendor
from tests.verify_student.factories import VerificationFactory
from verify_student.models import OutboxMessage, PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import retrying, submission, verifications
from verify_student.statuses import Actor

pytestmark = pytest.mark.django_db

Verification = SoftwareSecurePhotoVerification
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def waits(status="must_retry", **fields):
    return VerificationFactory(status=status, provider="local", **fields)


def ask(rows=None, work=None, size=10):
    rows = Verification.objects.all() if rows is None else rows
    return sum((Counter(batch.counts) for batch in retrying.each(work or retrying.asking(), rows, size)), Counter())


def ask_named(*receipts, work=None):
    refused = []
    batches = retrying.each_named(work or retrying.asking(), receipts, 2, lambda *told: refused.append(told))
    return sum((Counter(batch.counts) for batch in batches), Counter()), refused


def requests():
    messages = OutboxMessage.objects.filter(kind=submission.SUBMIT).order_by("pk")
    return [payload["verification_id"] for payload in messages.values_list("payload", flat=True)]


class TestSelection:
    def test_a_status(self):
        wanted, _ = waits(), waits("submitted")
        assert list(retrying.waiting("must_retry")) == [wanted]

    @pytest.mark.parametrize(
        ("handed_in", "is_in"),
        [
            (datetime(2026, 11, 21, 0, 0, 0, tzinfo=UTC), True),
            (datetime(2026, 11, 20, 23, 59, 59, 999999, tzinfo=UTC), False),
            (datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC), True),
            (datetime(2026, 11, 21, 23, 59, 59, 999999, tzinfo=UTC), True),
            (datetime(2026, 11, 22, 0, 0, 0, tzinfo=UTC), False),
            (None, False),
        ],
    )
    def test_a_day_with_both_its_ends(self, handed_in, is_in):
        waits(submitted_at=handed_in)
        day = NOON.replace(hour=0), NOON.replace(hour=23, minute=59, second=59)
        assert retrying.waiting("must_retry", *day).exists() is is_in

    def test_an_end_within_a_second_is_meant(self):
        waits(submitted_at=NOON + timedelta(microseconds=7))
        assert retrying.waiting("must_retry", NOON, NOON + timedelta(microseconds=7)).exists()
        assert not retrying.waiting("must_retry", NOON, NOON + timedelta(microseconds=6)).exists()


class TestAsking:
    @pytest.mark.parametrize("status", ["must_retry", "submitted", "ready"])
    def test_weakness_w4_the_request_is_written_and_the_database_knows(self, status):
        verification = waits(status)
        assert ask() == {"asked again": 1}
        verification.refresh_from_db()
        assert (requests(), verification.queued_at is not None) == ([verification.pk], True)
        assert verification.status == ("ready" if status == "ready" else "must_retry")

    @pytest.mark.parametrize("status", ["created", "approved", "denied"])
    def test_weakness_w5_nobody_is_asked_about_what_is_decided_or_was_not_handed_in(self, status):
        verification = VerificationFactory(status=status)
        assert ask() == {"decided or not handed in": 1}
        assert ask_named(verification.receipt_id) == ({}, [(1, "decided or not handed in")])
        verification.refresh_from_db()
        assert (requests(), verification.status) == ([], status)

    def test_weakness_w8_a_second_run_leaves_what_waits_in_the_outbox(self):
        verification = waits()
        assert (ask(), ask()) == ({"asked again": 1}, {"being asked already": 1})
        OutboxMessage.objects.filter(kind=submission.SUBMIT).update(state=OutboxState.DEAD)
        assert ask() == {"asked again": 1}
        assert requests() == [verification.pk] * 2

    def test_weakness_w8_a_run_leaves_what_another_one_has_asked_about_since_it_began(self):
        verification = waits("submitted")
        slow = retrying.asking()
        assert ask() == {"asked again": 1}
        # The provider has got it meanwhile.
        OutboxMessage.objects.update(state=OutboxState.DONE)
        verifications.submitted(verification.pk)
        assert ask(work=slow) == {"being asked already": 1}

    def test_weakness_w8_what_is_asked_about_between_looking_and_asking_is_left(self):
        waits()
        rows = list(Verification.objects.all())
        work = retrying.asking()
        Verification.objects.update(queued_at=timezone.now() - timedelta(days=1))
        assert set(work(rows).values()) == {"being asked already"}

    def test_weakness_w8_learners_who_have_handed_in_anew_are_reviewed_once(self):
        older = waits()
        newer = waits("submitted", user=older.user)
        assert ask() == {"handed in anew since": 1, "asked again": 1}
        assert requests() == [newer.pk]

    def test_a_second_try_that_was_only_begun_is_none(self):
        older = waits()
        VerificationFactory(status="created", user=older.user)
        assert ask(retrying.waiting("must_retry")) == {"asked again": 1}

    def test_what_is_decided_between_looking_and_asking_stays(self):
        verification = waits()
        rows = list(Verification.objects.all())
        verifications.approve(verification.pk, actor=Actor.PROVIDER)
        assert retrying.asking()(rows) == {verification.pk: "decided or not handed in"}
        assert requests() == []

    def test_in_test_mode_nobody_is_asked(self, settings):
        settings.FEATURES = {"AUTOMATIC_VERIFY_STUDENT_IDENTITY_FOR_TESTING": True}
        verification = waits()
        assert ask() == {"asked again": 1}
        verification.refresh_from_db()
        assert (verification.status, requests()) == ("submitted", [])

    def test_a_provider_that_is_gone_is_a_failure_and_stops_nobody(self, caplog):
        _, other = VerificationFactory(status="must_retry", provider="gone"), waits()
        assert ask() == {"failed": 1, "asked again": 1}
        assert (requests(), "provider=gone" in caplog.text) == ([other.pk], True)

    def test_a_row_that_cannot_be_written_is_a_failure_and_stops_nobody(self, caplog):
        poisoned, other = waits(), waits()
        rows = list(Verification.objects.order_by("pk"))

        def fail(instance, **kwargs):
            if instance.pk == poisoned.pk:
                raise KeyError("somebody@example.org")

        post_save.connect(fail, sender=Verification)
        try:
            assert retrying.asking()(rows) == {poisoned.pk: "failed", other.pk: "asked again"}
        finally:
            post_save.disconnect(fail, sender=Verification)
        poisoned.refresh_from_db()
        assert (poisoned.queued_at, requests()) == (None, [other.pk])
        assert f"verification={poisoned.pk} error=KeyError" in caplog.text
        assert "somebody" not in caplog.text


class TestNamed:
    def test_in_any_open_status_each_once_and_the_unknown_by_place(self):
        first, second = waits(), waits("submitted")
        strange = ["nobody", "no\x00body", "\udc80"]
        counts, refused = ask_named(second.receipt_id, *strange, first.receipt_id, second.receipt_id)
        assert (counts, sorted(requests())) == ({"asked again": 2}, sorted([first.pk, second.pk]))
        assert refused == [(place, "no such verification") for place in (2, 3, 4)]

    def test_weakness_w17_all_that_have_the_receipt(self):
        waits(receipt_id="twice")
        waits(receipt_id="twice")
        assert ask_named("twice") == ({"asked again": 2}, [])

    def test_another_spelling_is_another_receipt(self):
        waits(receipt_id="abc")
        assert ask_named("ABC") == ({}, [(1, "no such verification")])


class TestPhotos:
    @pytest.fixture
    def vendor(self, vendor_settings, files):
        return VerificationFactory(status="must_retry", provider="software_secure")

    @pytest.mark.parametrize("kind", PhotoKind)
    def test_photos_that_were_deleted_cannot_be_looked_at(self, files, kind):
        verification = kept(waits())
        StoredPhoto.objects.filter(kind=kind).update(deleted_at=timezone.now(), name="")
        assert ask() == {"without photos": 1}
        assert ask_named(verification.receipt_id) == ({}, [(1, "without photos")])
        assert requests() == []

    def test_photos_that_are_there(self, files):
        kept(waits())
        assert ask() == {"asked again": 1}

    def test_the_id_photo_of_the_earlier_verification_counts(self, files):
        earlier = kept(VerificationFactory(status="approved"), PhotoKind.PHOTO_ID)
        kept(waits(user=earlier.user, copy_id_photo_from=earlier), PhotoKind.FACE)
        assert ask(retrying.waiting("must_retry"), retrying.rehearse) == {"asked again": 1}
        StoredPhoto.objects.filter(kind=PhotoKind.PHOTO_ID).update(deleted_at=timezone.now())
        assert ask(retrying.waiting("must_retry")) == {"without photos": 1}

    def test_the_vendor_needs_its_copies(self, vendor):
        kept_for_vendor(vendor)
        assert ask(work=retrying.rehearse) == {"asked again": 1}
        StoredPhoto.objects.filter(kind=PhotoKind.FACE).update(vendor_name="")
        assert ask() == {"without photos": 1}

    def test_and_the_key_of_the_id_photo_which_is_all_that_old_rows_show(self, vendor):
        assert ask() == {"without photos": 1}
        Verification.objects.update(photo_id_key="wrapped")
        assert ask() == {"asked again": 1}


def test_a_rehearsal_says_the_same_and_changes_nothing(files):
    kept(waits("submitted"))
    StoredPhoto.objects.filter(verification=kept(waits())).update(deleted_at=timezone.now())
    before = list(Verification.objects.order_by("pk").values_list())
    rehearsed = ask(work=retrying.rehearse, size=1)
    assert (list(Verification.objects.order_by("pk").values_list()), requests()) == (before, [])
    assert rehearsed == ask() == {"asked again": 1, "without photos": 1}


def test_it_goes_on_after_a_row():
    first, second = waits(), waits()
    batches = list(retrying.each(retrying.asking(), Verification.objects.all(), 1, after=first.pk))
    assert ([batch.last for batch in batches], requests()) == ([second.pk], [second.pk])


def test_weakness_w7_the_log_tells_the_number_that_the_dates_leave(caplog):
    caplog.set_level("INFO", "retry_photo_verification")
    waits(submitted_at=NOON)
    wanted = waits(submitted_at=NOON + timedelta(days=1))
    ask(retrying.waiting("must_retry", NOON + timedelta(days=1), NOON + timedelta(days=2)))
    told = [record.getMessage() for record in caplog.records if record.name == "retry_photo_verification"]
    assert told == ["1 photo verifications to be asked for again.", f"A request was queued: verification={wanted.pk}"]


@pytest.mark.parametrize("number", [2, 9])
def test_weakness_w64_a_batch_is_judged_in_a_constant_number_of_queries(files, django_assert_num_queries, number):
    for _ in range(number):
        kept(waits())
    with django_assert_num_queries(6):
        # The number, the rows, newer ones, waiting requests, photos, and that there are no more rows.
        ask(work=retrying.rehearse)


def test_asking_takes_about_ten_statements_a_row():
    def statements(number):
        for _ in range(number):
            waits()
        with CaptureQueriesContext(connection) as captured:
            ask(retrying.waiting("must_retry").filter(queued_at=None))
        return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured)

    assert (statements(5) - statements(2)) / 3 <= 10


@pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", ["must_retry", "submitted"])
def test_weakness_w8_runs_at_the_same_time_ask_once(status):
    made = [waits(status).pk for _ in range(4)]
    work = retrying.asking()
    outcomes = together(lambda: ask(work=work, size=2))
    assert sum(outcomes, Counter()) == {"asked again": 4, "being asked already": 4 * (WORKERS - 1)}
    # Workers have delivered some meanwhile; nobody asked twice.
    assert sorted(set(requests())) == made
    assert len(requests()) == 4
