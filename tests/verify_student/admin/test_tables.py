"""The other screens of identity verification in the admin."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from proctoring.common.inbox import Envelope, InboxState, mark, store
from proctoring.common.outbox import OutboxState
from tests.factories import UserFactory
from tests.verify_student.admin.conftest import told
from tests.verify_student.custody import kept
from tests.verify_student.factories import (
    AttemptFactory,
    DeadlineFactory,
    ManualFactory,
    SSOFactory,
    VerificationFactory,
)
from verify_student.conf import config
from verify_student.models import (
    AuditEntry,
    InboxDelivery,
    LocalOpinion,
    ManualVerification,
    OutboxMessage,
    PhotoAccess,
    SSPVerificationRetryConfig,
    StoredPhoto,
    VerificationDeadline,
)
from verify_student.services import deadlines, local_review, retry_config

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

PHOTO, MANUAL, SSO, ATTEMPT = (
    "softwaresecurephotoverification",
    "manualverification",
    "ssoverification",
    "verificationattempt",
)
DEADLINE, RETRY, INBOX, OUTBOX = (
    "verificationdeadline",
    "sspverificationretryconfig",
    "inboxdelivery",
    "outboxmessage",
)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def delivery(**fields):
    values = {"source": "software_secure", "kind": "result", "subject": "receipt", "body": b"{}"} | fields
    made = store(InboxDelivery, Envelope(**values), config.keyring)
    mark(made, InboxState.FAILED, "KeyError")
    return made


def row_of(model):
    """A row of each table that is only read."""
    verification = kept(VerificationFactory(status="submitted"), "face")
    return {
        PHOTO: lambda: verification,
        "storedphoto": StoredPhoto.objects.get,
        "photoaccess": lambda: PhotoAccess.objects.create(verification=verification, kind="face"),
        "localopinion": lambda: LocalOpinion.objects.create(verification=verification, approves=True, at=LONG_AGO),
        INBOX: delivery,
        OUTBOX: lambda: OutboxMessage.objects.create(kind="mail.denied", destination="mail"),
    }[model]()


@pytest.mark.parametrize("model", [PHOTO, "storedphoto", "photoaccess", "localopinion", INBOX, OUTBOX])
def test_tables_that_are_only_read(screens, model):
    row = row_of(model)
    assert screens.row(model, row.pk).status_code == 200
    assert screens.save(model, row.pk).status_code == 403
    assert screens.add(model).status_code == 403
    assert screens.delete(model, row.pk).status_code == 403


@pytest.mark.parametrize(
    ("model", "factory"),
    [(PHOTO, VerificationFactory), (MANUAL, ManualFactory), (SSO, SSOFactory), (ATTEMPT, AttemptFactory)],
)
class TestLists:
    @pytest.mark.parametrize("number", [12, 60])
    def test_constant_queries(self, screens, model, factory, query_budget, number):
        factory.create_batch(number)
        with query_budget("verify_student.admin.lists"):
            screens.rows(model)

    def test_learners_are_found_by_the_beginning_of_their_names(self, screens, model, factory):
        wanted, _ = factory(user__username="ana-maria"), factory(user__username="maria-ana")
        assert screens.found(model, q="ana") == [wanted]

    def test_weakness_w73_a_status_is_not_typed(self, screens, model, factory):
        row = factory(status="denied")
        screens.save(model, row.pk, status="approved", name="x", user=row.user_id)
        row.refresh_from_db()
        assert row.status == "denied"


class TestPhotoVerifications:
    def test_receipts_are_found(self, screens):
        wanted, _ = VerificationFactory.create_batch(2)
        assert screens.found(PHOTO, q=wanted.receipt_id) == [wanted]

    def test_filters(self, screens):
        wanted = VerificationFactory(provider="local", status="denied")
        VerificationFactory(provider="software_secure")
        assert screens.found(PHOTO, provider="local") == screens.found(PHOTO, status__exact="denied") == [wanted]

    def test_nothing_of_the_vendors_is_found_by_a_part(self, screens):
        row = VerificationFactory()
        assert screens.found(PHOTO, q=row.receipt_id[:8]) == []

    def test_keys_are_not_shown(self, screens):
        row = VerificationFactory(photo_id_key="wrapped-key-of-somebody")
        assert "wrapped-key" not in screens.row(PHOTO, row.pk).content.decode()


class TestManual:
    def test_staff_vouch(self, screens):
        learner = UserFactory(first_name="Ana", last_name="Maria")
        response = screens.add(MANUAL, user=learner.pk, reason="Seen in person")
        assert response.status_code == 302
        made = ManualVerification.objects.get()
        assert (made.user, made.name, made.status, made.reason) == (learner, "Ana Maria", "approved", "Seen in person")
        assert LogEntry.objects.get().object_id == str(made.pk)

    def test_once_is_enough(self, screens):
        known = ManualFactory()
        response = screens.add(MANUAL, user=known.user_id, reason="Again")
        assert "Staff have vouched for this learner already." in response.content.decode()

    def test_nobody_vouches_for_themselves(self, screens):
        response = screens.add(MANUAL, user=screens.user.pk, reason="I know me")
        assert "Nobody vouches for themselves" in response.content.decode()
        assert not ManualVerification.objects.exists()

    def test_it_is_not_simply_deleted(self, screens):
        row = ManualFactory()
        assert screens.delete(MANUAL, row.pk).status_code == 403
        assert ManualVerification.objects.get() == row

    def test_those_vouched_for_together_are_found(self, screens):
        wanted, _ = ManualFactory(reason="Summer school"), ManualFactory(reason="Summer")
        assert screens.found(MANUAL, q="Summer school") == [wanted]

    def test_without_a_learner(self, screens):
        assert screens.add(MANUAL, reason="Nobody").status_code == 200
        assert not ManualVerification.objects.exists()

    def test_details_are_changed_and_nothing_else(self, screens):
        row = ManualFactory()
        ManualVerification.objects.filter(pk=row.pk).update(status="denied")
        end = {"expiration_date_0": "2030-01-02", "expiration_date_1": "03:04:05"}
        screens.save(MANUAL, row.pk, name="Other", reason="Corrected", **end)
        before = row.expiration_date
        row.refresh_from_db()
        assert (row.name, row.reason, row.status) == ("Other", "Corrected", "denied")
        # For how long it counts is a decision, and no field.
        assert row.expiration_date == before

    def test_no_name_is_left_in_the_log(self, screens):
        learner = UserFactory()
        screens.add(MANUAL, user=learner.pk, reason="Seen in person")
        row = ManualVerification.objects.get()
        screens.save(MANUAL, row.pk, name="Retired Realname", reason="Seen in person")
        assert {line.object_repr for line in LogEntry.objects.all()} == {f"manual verification {row.pk}"}

    def test_nobody_vouches_without_saying_why(self, screens):
        assert screens.add(MANUAL, user=UserFactory().pk, reason="").status_code == 200
        assert not ManualVerification.objects.exists()


@pytest.mark.parametrize(("model", "factory"), [(MANUAL, ManualFactory), (SSO, SSOFactory), (ATTEMPT, AttemptFactory)])
def test_ones_own_is_for_reading(screens, model, factory):
    row = factory(user=screens.user)
    assert screens.row(model, row.pk).status_code == 200
    assert screens.save(model, row.pk, name="Somebody else").status_code == 403
    assert screens.delete(model, row.pk).status_code == 403


@pytest.mark.parametrize(("model", "factory"), [(SSO, SSOFactory), (ATTEMPT, AttemptFactory)])
def test_removals_are_on_record_and_one_by_one(screens, model, factory):
    own, row = factory(user=screens.user), factory(status="approved")
    data = {"action": "delete_selected", "_selected_action": [str(own.pk), str(row.pk)], "post": "yes"}
    screens.client.post(reverse(f"admin:verify_student_{model}_changelist"), data)
    assert type(row).objects.count() == 2
    screens.delete(model, row.pk)
    assert type(row).objects.get() == own
    entry = AuditEntry.objects.get(event="verification.removed")
    assert (entry.subject_kind, entry.subject_id, entry.actor_id) == (model, str(row.pk), screens.user.pk)
    assert json.loads(entry.facts) == {"learner": row.user_id, "status": "approved"}


def test_single_sign_on_is_not_added_by_hand(screens):
    assert screens.add(SSO, name="x").status_code == 403


def test_plug_ins_make_attempts(screens):
    assert screens.add(ATTEMPT, name="x").status_code == 403


def test_attempts_are_found_by_the_name(screens):
    wanted, _ = AttemptFactory(name="Ana Maria"), AttemptFactory(name="Ana")
    assert screens.found(ATTEMPT, q="Ana Maria") == [wanted]


class TestCustody:
    @pytest.fixture
    def verification(self):
        return kept(VerificationFactory(status="submitted"))

    @pytest.fixture
    def rows(self, verification):
        other = kept(VerificationFactory(status="submitted"))
        for of in (verification, other):
            PhotoAccess.objects.create(verification=of, kind="face", user=UserFactory())
            LocalOpinion.objects.create(verification=of, approves=True, reviewer=UserFactory(), at=LONG_AGO)

    @pytest.mark.usefixtures("rows")
    @pytest.mark.parametrize(("model", "number"), [("storedphoto", 2), ("photoaccess", 1), ("localopinion", 1)])
    def test_receipts_are_found(self, screens, verification, model, number):
        found = screens.found(model, q=verification.receipt_id)
        assert [row.verification for row in found] == [verification] * number
        assert screens.found(model, q="no such receipt") == []

    @pytest.mark.usefixtures("rows")
    @pytest.mark.parametrize(("model", "who"), [("photoaccess", "user"), ("localopinion", "reviewer")])
    def test_whoever_looked_is_found(self, screens, model, who):
        row = screens.found(model)[0]
        assert screens.found(model, q=getattr(row, who).username) == [row]

    def test_whoever_may_decide_looks_for_themselves(self, screens_with, verification):
        reviewer, auditor = (
            screens_with("view_localopinion", "review_verifications"),
            screens_with("view_localopinion"),
        )
        opinions = [
            LocalOpinion.objects.create(verification=verification, approves=True, reviewer=who)
            for who in (reviewer.user, UserFactory())
        ]
        assert reviewer.found("localopinion") == opinions[:1]
        assert reviewer.row("localopinion", opinions[1].pk).status_code == 302
        assert auditor.found("localopinion") == opinions[::-1]
        local_review.approve(verification.pk, UserFactory(superuser=True), seen="submitted")
        assert len(reviewer.found("localopinion")) == 3

    @pytest.mark.parametrize("number", [12, 60])
    def test_constant_queries(self, screens, verification, query_budget, number):
        PhotoAccess.objects.bulk_create(
            PhotoAccess(verification=verification, kind="face", user=screens.user) for _ in range(number)
        )
        with query_budget("verify_student.admin.lists"):
            screens.rows("photoaccess")

    def test_no_address_no_receipt(self, screens, verification):
        photo = StoredPhoto.objects.first()
        StoredPhoto.objects.update(vendor_name="face/vendors-copy")
        pages = [screens.rows("storedphoto"), screens.row("storedphoto", photo.pk)]
        for text in (page.content.decode() for page in pages):
            assert not any(secret in text for secret in (photo.name, "vendors-copy", verification.receipt_id))


class TestDeadlines:
    COURSE = "course-v1:Test+ADMIN+2026"
    TYPED = {"deadline_0": "2030-01-02", "deadline_1": "03:04:05"}
    WHEN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

    def test_weakness_w62_a_typed_deadline_outlives_the_next_publishing(self, screens):
        assert screens.add(DEADLINE, course_key=self.COURSE, **self.TYPED).status_code == 302
        deadlines.course_published(self.COURSE, timezone.now() + timedelta(days=3))
        row = VerificationDeadline.objects.get()
        assert (row.deadline, row.deadline_is_explicit) == (self.WHEN, True)

    def test_weakness_w62_a_changed_one_too(self, screens):
        row = DeadlineFactory(deadline=timezone.now())
        screens.save(DEADLINE, row.pk, **self.TYPED)
        row.refresh_from_db()
        assert (row.deadline, row.deadline_is_explicit) == (self.WHEN, True)

    def test_one_a_course(self, screens):
        DeadlineFactory(course_key=self.COURSE, deadline=timezone.now())
        assert screens.add(DEADLINE, course_key=self.COURSE, **self.TYPED).status_code == 200

    def test_a_course_stays_what_it_is(self, screens):
        row = DeadlineFactory(deadline=timezone.now())
        screens.save(DEADLINE, row.pk, course_key=self.COURSE, **self.TYPED)
        assert VerificationDeadline.objects.get().course_key == row.course_key

    def test_they_are_found_by_the_beginning(self, screens):
        wanted = DeadlineFactory(course_key=self.COURSE, deadline=timezone.now())
        DeadlineFactory(deadline=timezone.now())
        assert screens.found(DEADLINE, q="course-v1:Test+ADM") == [wanted]

    @pytest.mark.parametrize("number", [12, 60])
    def test_constant_queries(self, screens, query_budget, number):
        DeadlineFactory.create_batch(number, deadline=timezone.now())
        with query_budget("verify_student.admin.lists"):
            screens.rows(DEADLINE)

    def test_it_is_taken_away(self, screens):
        screens.delete(DEADLINE, DeadlineFactory(deadline=timezone.now()).pk)
        assert not VerificationDeadline.objects.exists()


class TestRetryConfig:
    def test_rows_are_only_added(self, screens, committed):
        with committed():
            screens.add(RETRY, enabled="on", arguments="--status=must_retry")
        made = retry_config.current()
        assert (made.enabled, made.arguments, made.changed_by_id) == (True, "--status=must_retry", screens.user.pk)
        assert screens.save(RETRY, made.pk, arguments="other").status_code == 403
        assert screens.delete(RETRY, made.pk).status_code == 403
        assert SSPVerificationRetryConfig.objects.count() == 1


class TestMessages:
    def test_the_contents_of_a_result_take_a_permission(self, screens_with):
        made = delivery(body=b'{"Reason": "<i>secret</i>"}')
        assert "secret" not in screens_with("view_inboxdelivery").row(INBOX, made.pk).content.decode()
        reader = screens_with("view_inboxdelivery", "view_inboxdelivery_payload")
        assert "&lt;i&gt;secret" in reader.row(INBOX, made.pk).content.decode()

    def test_contents_whose_key_is_gone(self, screens, settings):
        made = delivery()
        settings.SECRET_KEY = "another-key-another-key-another-key-another-key"
        screens.client.force_login(screens.user)
        assert screens.row(INBOX, made.pk).status_code == 200

    @pytest.mark.django_db(transaction=True)
    def test_a_result_is_applied_again(self, screens):
        verification = VerificationFactory(status="submitted", provider="software_secure")
        body = f'{{"EdX-ID": "{verification.receipt_id}", "Result": "PASS"}}'.encode()
        made = delivery(body=body)
        said = told(self.do(screens, INBOX, "apply-again", made.pk))
        assert said == [("success", f"Done: software_secure result #{made.pk} (applied).")]
        verification.refresh_from_db()
        assert verification.status == "approved"

    @pytest.mark.django_db(transaction=True)
    def test_a_refused_one_says_why(self, screens):
        made = delivery(body=b"no json")
        assert told(self.do(screens, INBOX, "apply-again", made.pk)) == [("error", "Invalid JSON.")]

    @pytest.mark.django_db(transaction=True)
    def test_dead_letters_are_sent_again(self, screens):
        dead, done = (
            OutboxMessage.objects.create(kind="mail.denied", destination="mail", state=state)
            for state in (OutboxState.DEAD, OutboxState.DONE)
        )
        assert [level for level, _ in told(self.do(screens, OUTBOX, "send-again", dead.pk))] == ["success"]
        assert [level for level, _ in told(self.do(screens, OUTBOX, "send-again", done.pk))] == ["error"]

    @pytest.mark.parametrize(("model", "verb"), [(INBOX, "apply-again"), (OUTBOX, "send-again")])
    def test_trying_again_takes_a_permission(self, screens_with, model, verb):
        row = row_of(model)
        assert self.do(screens_with(f"view_{model}"), model, verb, row.pk).status_code == 403
        row.refresh_from_db()
        assert row.state in {InboxState.FAILED, OutboxState.PENDING}

    def do(self, screens, model, verb, pk):
        return screens.do(model, pk, verb, "repaired")
