"""What a legal hold covers is neither purged nor erased; what was erased is certified."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.common.inbox import Envelope, InboxState, mark, store
from proctoring.common.outbox import OutboxState
from proctoring.common.retention.erasures import sha256
from tests.factories import UserFactory
from tests.verify_student.custody import kept
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory, VerificationFactory
from verify_student import api
from verify_student.conf import config
from verify_student.exceptions import LearnerHeld
from verify_student.models import (
    AuditEntry,
    InboxDelivery,
    OutboxMessage,
    PendingErasure,
    PhotoAccess,
    PhotoKind,
    StaffAction,
    StoredPhoto,
    VendorErasure,
)
from verify_student.services import certificates, cleanup, holds, outbox, photos, retention, retirement
from verify_student.signals import USER_RETIRE_LMS_CRITICAL, USER_RETIRE_LMS_MISC

pytestmark = pytest.mark.django_db

SHORT = {"NAME_RETENTION_DAYS": 100, "LOOK_RETENTION_DAYS": 100, "STAFF_ACTION_RETENTION_DAYS": 100}


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def boss():
    return UserFactory()


def old_data(user, **fields):
    """Of every kind that goes in time, one."""
    row = kept(VerificationFactory(user=user, status="denied", error_msg="[]", **fields))
    PhotoAccess.objects.create(verification=row, kind=PhotoKind.FACE, user=UserFactory(), purpose="review")
    SSOFactory(user=user)
    ManualFactory(user=user)
    AttemptFactory(user=user, expiration_datetime=timezone.now())
    envelope = Envelope("software_secure", "result", row.receipt_id, b"{}")
    mark(store(InboxDelivery, envelope, config.keyring), InboxState.APPLIED)
    outbox.write([outbox.mail("mail.denied", row.pk)])
    OutboxMessage.objects.update(state=OutboxState.DONE, done_at=timezone.now())
    return row


def left(row):
    """How much is there of the learner."""
    names = [*row.user.ssoverification_set.all(), *row.user.manualverification_set.all(), row]
    names += row.user.verificationattempt_set.all()
    row.refresh_from_db()
    return {
        "photos": row.photos.filter(deleted_at=None).count(),
        "looks": row.accesses.count(),
        "names": sum(bool(type(one).objects.get(pk=one.pk).name) for one in names),
        "received": InboxDelivery.objects.filter(subject=row.receipt_id).count(),
        "sent": OutboxMessage.objects.filter(payload__verification_id=row.pk).count(),
    }


ALL = {"photos": 2, "looks": 1, "names": 4, "received": 1, "sent": 1}
NOTHING = dict.fromkeys(ALL, 0)


def reasons(*actions):
    return [StaffAction.objects.get(pk=action.pk).reason for action in actions]


class TestPurging:
    def test_what_is_old_goes_unless_its_learner_is_held(self, user, boss, files, settings):
        settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | SHORT
        held, free = old_data(user), old_data(UserFactory())
        hold = holds.place(boss, "A lawsuit", learner=user)
        with time_machine.travel(timezone.now() + timedelta(days=1000)):
            retention.purge()
            assert (left(held), left(free)) == (ALL, NOTHING)
            holds.lift(hold, boss, "Settled")
            retention.purge()
            assert left(held) == NOTHING

    def test_names_stay_where_the_site_says_nothing(self, user, files):
        row = old_data(user)
        with time_machine.travel(timezone.now() + timedelta(days=1000)):
            retention.purge()
            assert left(row) == NOTHING | {"names": 4, "looks": 1}

    def test_photos_on_which_nobody_ever_decided_go_after_three_years(self, files):
        kept(VerificationFactory(status="submitted"))
        for days, number in ((1094, 2), (1096, 0)):
            with time_machine.travel(timezone.now() + timedelta(days=days)):
                retention.purge()
                assert StoredPhoto.objects.filter(deleted_at=None).count() == number

    @pytest.mark.parametrize("count", [0, 1, 7])
    def test_holds_cost_no_statements(self, user, boss, files, settings, query_budget, count):
        settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | SHORT
        old_data(user)
        for _ in range(count):
            holds.place(boss, "A lawsuit", learner=UserFactory())
        with time_machine.travel(timezone.now() + timedelta(days=1000)), query_budget("identity.retention.purge"):
            retention.purge()

    def test_a_hold_that_comes_in_between_keeps_the_files_that_are_left(self, boss, files, monkeypatch, settings):
        rows = [kept(VerificationFactory(user=UserFactory(), status="denied")) for _ in range(3)]
        delete = files.delete

        def slow(name):
            """A storage that takes its time: meanwhile a hold comes."""
            if not holds.cover(rows[1].user_id):
                holds.place(boss, "A lawsuit", learner=rows[1].user)
            delete(name)

        monkeypatch.setattr(type(files), "delete", lambda _, name: slow(name))
        with time_machine.travel(timezone.now() + timedelta(days=1000)):
            retention.purge()
        assert [row.photos.filter(deleted_at=None).count() for row in rows] == [0, 2, 0]

    @pytest.mark.parametrize("make", [VerificationFactory, SSOFactory, ManualFactory])
    def test_without_a_date_it_counts_from_when_it_was_made(self, make, settings):
        settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | SHORT
        row = make(name="Ada", expiration_date=None)
        for days, name in ((464, "Ada"), (466, "")):
            with time_machine.travel(timezone.now() + timedelta(days=days)):
                retention.purge()
                row.refresh_from_db()
                assert row.name == name

    def test_purging_by_command_of_retired_learners_too(self, host, user, boss):
        row = ManualFactory(user=user)
        host.people.retired = {user.pk}
        holds.place(boss, "A lawsuit", learner=user)
        assert not any(batch.counts[cleanup.DELETED] for batch in cleanup.erase(10))
        row.refresh_from_db()


class TestErasing:
    def test_it_waits_for_the_hold_and_is_done_then(self, user, boss, files, committed):
        row = old_data(user)
        AttemptFactory(user=user)
        hold = holds.place(boss, "A lawsuit", learner=user)
        for retire in (retirement.misc, retirement.critical, retirement.retire_photos):
            with committed(), pytest.raises(LearnerHeld):
                retire(user.pk)
        assert left(row)["photos"] == 2
        assert PendingErasure.objects.get().is_held
        with committed():
            holds.lift(hold, boss, "Settled")
            assert retirement.erase_waiting() == 1
        assert left(row)["photos"] == 0
        assert not user.verificationattempt_set.exists()
        assert len(certificates.of_learner(user.pk)) == 1

    def test_only_what_was_asked_for_is_done_then(self, user, boss, files, committed):
        row, attempt = old_data(user), AttemptFactory(user=user)
        hold = holds.place(boss, "A lawsuit", learner=user)
        with pytest.raises(LearnerHeld):
            retirement.retire_attempts(user.pk)
        with committed():
            holds.lift(hold, boss, "Settled")
            assert retirement.erase_waiting() == 1
        assert not type(attempt).objects.exists()
        assert left(row) == ALL | {"names": 3}

    def test_who_calls_once_is_remembered_with_all(self, user, boss, files, committed):
        row = old_data(user)
        hold = holds.place(boss, "A lawsuit", learner=user)
        with pytest.raises(LearnerHeld):
            api.retire_learner(user)
        with committed():
            holds.lift(hold, boss, "Settled")
            retirement.erase_waiting()
        assert left(row) == NOTHING | {"names": 1, "looks": 1}

    def test_what_staff_wrote_of_somebody_held_waits_for_that_hold(self, user, boss, files, committed):
        row, other = old_data(user), old_data(UserFactory())
        both = StaffAction.objects.create(verb="approve-photos", ids=[row.pk, other.pk], reason="Bo and Amal came by")
        alone = StaffAction.objects.create(verb="approve-photos", ids=[row.pk], reason="Amal came by")
        hold = holds.place(boss, "A lawsuit", learner=other.user)
        for _ in range(2):
            with committed():
                retirement.critical(user.pk)
        assert retirement.erase_waiting() == 0
        [certificate] = certificates.of_learner(user.pk)
        assert {one["kind"]: one["items"] for one in certificate.content["kept"]}["staff_remarks"] == 1
        assert reasons(both, alone) == ["Bo and Amal came by", ""]
        holds.lift(hold, boss, "Settled")
        assert retirement.erase_waiting() == 1
        [last, _] = certificates.of_learner(user.pk)
        assert [(one["kind"], one["items"]) for one in last.content["erased"]] == [("staff_remarks", 1)]
        assert (reasons(both), PendingErasure.objects.count()) == ([""], 0)

    def test_the_hosts_own_retirement_goes_on(self, user, boss, files):
        holds.place(boss, "A lawsuit", learner=user)
        for signal in (USER_RETIRE_LMS_MISC, USER_RETIRE_LMS_CRITICAL):
            signal.send(sender=None, user=user)
        assert PendingErasure.objects.get().is_held

    def test_a_hold_that_comes_in_between_keeps_the_files_that_are_left(self, user, boss, files, monkeypatch):
        row = kept(VerificationFactory(user=user, status="denied"))
        delete = files.delete

        def slow(name):
            if not holds.cover(user.pk):
                holds.place(boss, "A lawsuit", learner=user)
            delete(name)

        monkeypatch.setattr(type(files), "delete", lambda _, name: slow(name))
        with pytest.raises(photos.PhotosLeft):
            photos.erase(user.pk)
        assert left(row)["photos"] == 1

    def test_a_hold_that_comes_before_the_files_keeps_them(self, user, boss, files, committed):
        row = old_data(user)
        with committed():
            retirement.critical(user.pk)
            holds.place(boss, "A lawsuit", learner=user)
        assert left(row)["photos"] == 2
        assert PendingErasure.objects.get().is_held


class TestCertificates:
    def test_it_says_what_went_and_what_stays_and_not_whose(self, user, files, committed):
        old_data(user, submitted_at=timezone.now(), provider="software_secure")
        with committed():
            retirement.misc(user.pk)
            retirement.critical(user.pk)
        [certificate] = certificates.of_learner(user.pk)
        document = certificates.document(certificate)
        went = {one["kind"]: one["items"] for one in document["erasure"]["erased"]}
        assert went == {
            "plugin_names": 1,
            "names": 1,
            "sent_messages": 1,
            "provider_messages": 1,
            "sign_on_names": 1,
            "photos": 2,
        }
        assert {one["kind"] for one in document["erasure"]["kept"]} == {
            "photo_verifications",
            "sign_ons",
            "staff_words",
            "looks",
        }
        assert [(one["vendor"], one["confirmed_at"]) for one in document["vendors"]] == [("software_secure", None)]
        assert sha256(document["erasure"]) == certificate.sha256
        assert "Amal" not in json.dumps(document)
        assert AuditEntry.objects.filter(event="certificate.issued").count() == 1

    def test_again_it_is_the_same(self, user, files, committed):
        old_data(user)
        documents = []
        for _ in range(2):
            with committed():
                retirement.misc(user.pk)
                retirement.critical(user.pk)
            documents.append([certificates.document(one) for one in certificates.of_learner(user.pk)])
        assert documents[0] == documents[1]
        assert len(documents[0]) == 1
        assert not PendingErasure.objects.exists()

    def test_of_somebody_without_photos(self, user):
        SSOFactory(user=user)
        retirement.critical(user.pk)
        [certificate] = certificates.of_learner(user.pk)
        assert [one["kind"] for one in certificate.content["erased"]] == ["sign_on_names"]
        assert not VendorErasure.objects.exists()

    @pytest.mark.parametrize("is_known", [True, False])
    def test_which_file_it_was_is_known_by_its_checksum(self, user, files, committed, is_known):
        row = old_data(user)
        photo = row.photos.get(kind=PhotoKind.FACE)
        content = files.open(photo.name).read()
        if not is_known:
            # As rows of an older release are.
            StoredPhoto.objects.update(sha256="")
        with committed():
            retirement.critical(user.pk)
        photo.refresh_from_db()
        assert (photo.name, photo.sha256) == ("", hashlib.sha256(content).hexdigest())

    def test_another_key_is_another_checksum(self, user, files, settings):
        row = old_data(user)
        settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"ENCRYPTION_KEYS": {"new": "ab" * 32}}
        assert sum(batch.rows for batch in photos.rotate()) == 2
        for photo in row.photos.all():
            assert photo.sha256 == hashlib.sha256(files.open(photo.name).read()).hexdigest()
