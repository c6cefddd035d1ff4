"""From a vendor's message to its effect: in the vendor's order, and without what must not be kept."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from proctoring.common.inbox import Envelope
from proctoring.conf import config
from proctoring.exceptions import MalformedCallback, StudentExamAttemptDoesNotExistsException
from proctoring.models import InboxDelivery, ProctoredExamSoftwareSecureReview
from proctoring.services import inbox
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, UserFactory
from tests.proctoring.backends.contract import payload
from tests.proctoring.backends.software_secure_vendor import CLASS, OPTIONS

pytestmark = pytest.mark.django_db
Review = ProctoredExamSoftwareSecureReview
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PASSED, SUSPICIOUS = {"status": "passed"}, {"status": "suspicious"}


@pytest.fixture(autouse=True)
def attempt():
    return AttemptFactory(proctored_exam__backend="watcher", external_id="theirs-1", submitted=True)


def says(message, sent_at=None, kind=inbox.REVIEW):
    body = json.dumps(message).encode()
    return inbox.receive(Envelope("watcher", kind, "theirs-1", body, sent_at=sent_at))


def stored():
    return Review.objects.get().review_status


class TestOrder:
    """Weakness 35: ordering."""

    def test_the_time_of_sending_counts_and_not_that_of_arriving(self):
        with time_machine.travel(NOON, tick=False):
            says(PASSED, NOON)
            older = says(SUSPICIOUS, NOON - timedelta(seconds=2))
        assert (stored(), older.state, older.error_code) == ("Clean", "applied", "superseded")

    def test_within_one_second_the_last_word_counts(self):
        with time_machine.travel(NOON, tick=False):
            says(PASSED, NOON + timedelta(milliseconds=900))
            says(SUSPICIOUS, NOON)
        assert stored() == "Suspicious"

    def test_the_reviewers_own_time_counts_more(self):
        with time_machine.travel(NOON, tick=False):
            says(PASSED | {"reviewed_at": "2026-11-21T11:00:00Z"}, NOON - timedelta(minutes=2))
            says(SUSPICIOUS | {"reviewed_at": "2026-11-21T11:30:00+01:00"}, NOON)
        assert stored() == "Clean"

    @pytest.mark.parametrize("said", ["yesterday", 7, None, "2026-11-21T11:00:00", "0001-01-01T00:00:00+23:59", []])
    def test_a_time_that_cannot_be_read_is_none(self, said):
        with time_machine.travel(NOON, tick=False):
            says(PASSED | {"reviewed_at": said}, NOON - timedelta(minutes=2))
            says(SUSPICIOUS, NOON)
        assert stored() == "Suspicious"

    def test_nobody_speaks_from_the_future(self):
        with time_machine.travel(NOON, tick=False) as clock:
            says(PASSED | {"reviewed_at": "2999-01-01T00:00:00Z"}, NOON + timedelta(minutes=4))
            assert InboxDelivery.objects.get().sent_at == NOON
            clock.shift(timedelta(seconds=5))
            says(SUSPICIOUS)
        assert stored() == "Suspicious"

    def test_without_a_time_it_is_when_they_came_also_when_one_is_applied_later(self, vendor):
        vendor.on_review_callback = lambda attempt, payload: 1 / 0
        with time_machine.travel(NOON, tick=False) as clock:
            with pytest.raises(inbox.CallbackNotHandled):
                says(SUSPICIOUS)
            del vendor.on_review_callback
            clock.shift(timedelta(minutes=1))
            says(PASSED)
            clock.shift(timedelta(minutes=10))
            assert inbox.apply_due() == 1
        assert stored() == "Clean"
        assert list(InboxDelivery.objects.order_by("pk").values_list("error_code", flat=True)) == ["superseded", ""]

    def test_what_changed_nothing_is_in_nobodys_way(self):
        with time_machine.travel(NOON, tick=False):
            says(PASSED | {"n": 1}, NOON - timedelta(minutes=1))
            says(SUSPICIOUS | {"n": 2}, NOON - timedelta(minutes=3))
            says(SUSPICIOUS | {"n": 3}, NOON)
        assert stored() == "Suspicious"

    def test_other_vendors_and_attempts_have_their_own(self):
        AttemptFactory(proctored_exam__backend="other", external_id="theirs-1", submitted=True)
        with time_machine.travel(NOON, tick=False):
            inbox.receive(Envelope("other", inbox.REVIEW, "theirs-1", b'{"status": "passed"}', sent_at=NOON))
            says(SUSPICIOUS, NOON - timedelta(minutes=1))
        assert sorted(Review.objects.values_list("review_status", flat=True)) == ["Clean", "Suspicious"]

    def test_a_late_word_about_the_set_up_is_not_about_reviews(self, attempt):
        with time_machine.travel(NOON, tick=False):
            says({"status": "ready"}, NOON, kind=inbox.READY)
            says(PASSED, NOON - timedelta(minutes=1))
        attempt.refresh_from_db()
        assert attempt.status == Status.verified


class TestWhatIsKept:
    """Weakness 18: photos, passwords and names."""

    SECRET = ("cGhvdG8=", "the-password", "https://lms.example.org/launch")
    PERSONAL = ("ada@example.org", "Ada", "Lovelace", "grader@example.org", "DirectLink")

    @pytest.fixture
    def told(self, settings, attempt):
        settings.PROCTORING_BACKENDS = {"DEFAULT": "old", "old": {"class": CLASS, **OPTIONS}}
        attempt.proctored_exam.backend = "old"
        attempt.proctored_exam.save()
        message = payload("software_secure/review_suspicious.json") | {
            "userPhotoBase64String": self.SECRET[0],
            "examTakerEmail": "ada@example.org",
            "examTakerFirstName": "Ada",
            "examTakerLastName": "Lovelace",
            "reviewed_by": "grader@example.org",
            "examApiData": {
                "examPassword": self.SECRET[1],
                "examUrl": self.SECRET[2],
                "duration": 90,
                "orgExtra": {"email": "ada@example.org", "firstName": "Ada", "lastName": "Lovelace", "examID": 7},
            },
        }
        message["examMetaData"] |= {"examCode": attempt.attempt_code, "ssiRecordLocator": "theirs-1"}
        body = json.dumps(message).encode()
        return inbox.receive(Envelope("old", inbox.LEGACY_REVIEW, attempt.attempt_code, body))

    def test_with_the_review_nothing_about_a_person(self, told):
        review = Review.objects.get()
        assert not any(text in review.raw_data for text in [*self.SECRET, *self.PERSONAL])
        assert review.payload["reviewStatus"] == "Suspicious"
        assert review.payload["examApiData"] == {"duration": 90, "orgExtra": {"examID": 7}}
        assert review.encrypted_video_url

    def test_in_the_inbox_only_what_is_needed_to_apply_it_again(self, told):
        kept = told.opened(config.keyring).decode()
        assert not any(text in kept for text in self.SECRET)
        assert "DirectLink" in kept
        assert told.body_size == len(kept)

    def test_the_same_message_is_still_the_same(self, told):
        again = InboxDelivery.objects.get()
        assert (again.pk, again.state) == (told.pk, "applied")

    def test_and_it_can_be_applied_again(self, told):
        Review.objects.all().delete()
        InboxDelivery.objects.update(state="failed")
        assert inbox.replay(told.pk).state == "applied"
        assert Review.objects.get().encrypted_video_url

    def test_a_message_that_is_nested_too_deeply_is_malformed(self):
        deep = b'{"status": "passed", "x": ' + b"[" * 900 + b"]" * 900 + b"}"
        try:
            kept = inbox.receive(Envelope("watcher", inbox.REVIEW, "theirs-1", deep))
        except MalformedCallback:
            kept = InboxDelivery.objects.get()
        assert kept.state in {"applied", "refused"}

    def test_of_a_vendor_that_is_gone_it_is_kept_as_it_came(self):
        with pytest.raises(StudentExamAttemptDoesNotExistsException):
            inbox.receive(Envelope("gone", inbox.REVIEW, "theirs-1", b'{"examPassword": "x"}'))
        assert InboxDelivery.objects.get().opened(config.keyring) == b'{"examPassword": "x"}'


def test_the_sender_may_say_when(client_of):
    """A vendor that has signed in is believed what its header says, within reason."""
    user = UserFactory()
    user.groups.add(Group.objects.create(name="watcher_review"))
    address = reverse("edx_proctoring:proctored_exam.attempt.callback", args=["theirs-1"])
    sent = int((timezone.now() - timedelta(hours=2)).timestamp())
    for stamp in (str(sent), "soon", "9" * 400):
        answer = client_of(user).post(
            address, {"status": "passed", "n": stamp[:20]}, format="json", headers={"webhook-timestamp": stamp}
        )
        assert answer.status_code == 200
    times = list(InboxDelivery.objects.order_by("pk").values_list("sent_at", flat=True))
    assert times == [datetime.fromtimestamp(sent, UTC), None, None]
