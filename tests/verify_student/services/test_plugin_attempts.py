"""What plug-ins of other vendors may do, and what the host hears of it."""

import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory
from verify_student import signals
from verify_student.exceptions import VerificationAttemptInvalidStatus
from verify_student.lms.types import IDVAttemptData, UserData, UserPersonalData
from verify_student.models import VerificationAttempt
from verify_student.services import plugin_attempts

pytestmark = pytest.mark.django_db

EXPIRY = datetime(2027, 5, 1, tzinfo=UTC)
EVENTS = {
    "created": signals.IDV_ATTEMPT_CREATED,
    "pending": signals.IDV_ATTEMPT_PENDING,
    "approved": signals.IDV_ATTEMPT_APPROVED,
    "denied": signals.IDV_ATTEMPT_DENIED,
}


@pytest.fixture
def heard():
    """(event, its data) of every announcement."""
    told = []
    listeners = {}
    for name, signal in EVENTS.items():
        listeners[name] = lambda idv_attempt, name=name, **kwargs: told.append((name, idv_attempt))
        signal.connect(listeners[name], weak=False)
    yield told
    for name, signal in EVENTS.items():
        signal.disconnect(listeners[name])


@pytest.fixture
def user():
    return UserFactory(first_name="Amal", last_name="Haddad")


def stored(attempt):
    attempt.refresh_from_db()
    return attempt.name, attempt.status, attempt.expiration_datetime


class TestCreating:
    def test_a_row_and_an_event(self, user, heard, committed):
        with committed():
            attempt = plugin_attempts.create(user, "On the ID", "pending", EXPIRY, True)
        assert stored(attempt) == ("On the ID", "pending", EXPIRY)
        assert (attempt.user, attempt.hide_status_from_user) == (user, True)
        person = UserPersonalData(username=user.username, email=user.email, name="Amal Haddad")
        data = IDVAttemptData(attempt.pk, UserData(user.pk, True, person), "pending", "On the ID", EXPIRY)
        assert heard == [("created", data)]

    def test_without_an_end_it_never_ends(self, user):
        attempt = plugin_attempts.create(user, "On the ID", "approved")
        assert stored(attempt) == ("On the ID", "approved", None)
        assert not attempt.hide_status_from_user

    def test_weakness_w54_a_status_that_does_not_exist_makes_nothing(self, user, heard, committed):
        with committed(), pytest.raises(VerificationAttemptInvalidStatus):
            plugin_attempts.create(user, "On the ID", "verified")
        assert (VerificationAttempt.objects.count(), heard) == (0, [])

    def test_weakness_w57_the_profile_names_who_has_no_account_name(self, heard, committed, host):
        user = UserFactory()
        host.profiles.names[user.pk] = "From the profile"
        with committed():
            plugin_attempts.create(user, "On the ID", "created")
        assert heard[0][1].user.pii.name == "From the profile"


class TestUpdating:
    @pytest.mark.parametrize("status", ["pending", "approved", "denied"])
    def test_a_status_is_stored_and_told(self, status, heard, committed):
        attempt = AttemptFactory()
        changed_at = attempt.status_changed
        with committed():
            plugin_attempts.update(attempt.pk, status=status)
        assert stored(attempt) == ("Amal Haddad", status, None)
        assert attempt.status_changed > changed_at
        assert [(name, data.status) for name, data in heard] == [(status, status)]

    def test_any_status_may_follow_any_other_and_created_tells_nobody(self, heard, committed):
        attempt = AttemptFactory(status="approved")
        with committed():
            plugin_attempts.update(attempt.pk, status="created")
        assert (stored(attempt)[1], heard) == ("created", [])

    def test_no_status_tells_nobody(self, heard, committed):
        attempt = AttemptFactory(status="approved")
        with committed():
            plugin_attempts.update(attempt.pk, name="Another")
        assert (stored(attempt), heard) == (("Another", "approved", None), [])

    def test_weakness_w53_what_is_not_given_stays(self):
        attempt = AttemptFactory(status="approved", expiration_datetime=EXPIRY)
        plugin_attempts.update(attempt.pk, name="Another")
        assert stored(attempt) == ("Another", "approved", EXPIRY)

    def test_none_takes_the_end_away(self):
        attempt = AttemptFactory(status="approved", expiration_datetime=EXPIRY)
        plugin_attempts.update(attempt.pk, expiration_datetime=None)
        assert stored(attempt) == ("Amal Haddad", "approved", None)

    def test_weakness_w54_a_status_that_does_not_exist_changes_nothing(self):
        attempt = AttemptFactory(expiration_datetime=EXPIRY)
        with pytest.raises(VerificationAttemptInvalidStatus):
            plugin_attempts.update(attempt.pk, name="Another", status="submitted", expiration_datetime=None)
        assert stored(attempt) == ("Amal Haddad", "created", EXPIRY)

    def test_weakness_w55_events_carry_what_is_stored(self, heard, committed):
        attempt = AttemptFactory(expiration_datetime=EXPIRY)
        with committed():
            plugin_attempts.update(attempt.pk, status="approved")
        assert (heard[0][1].name, heard[0][1].expiration_date) == ("Amal Haddad", EXPIRY)

    def test_weakness_w56_events_wait_for_the_commit(self, heard, committed):
        with committed():
            attempt = plugin_attempts.create(UserFactory(), "On the ID", "created")
            plugin_attempts.update(attempt.pk, status="pending")
            assert heard == []
        assert [name for name, _ in heard] == ["created", "pending"]

    def test_an_attempt_that_does_not_exist(self, caplog):
        with pytest.raises(VerificationAttempt.DoesNotExist):
            plugin_attempts.update(4711, status="approved")
        assert "attempt=4711" in caplog.text


class TestPlatformEvents:
    @pytest.fixture
    def library(self, monkeypatch):
        """Stands for the platform's library of events: what was sent, by event."""
        sent = []

        def event(name):
            return SimpleNamespace(send_event=lambda idv_attempt: sent.append((name, idv_attempt)))

        names = ["UserPersonalData", "UserData", "VerificationAttemptData"]
        data = SimpleNamespace(**dict.fromkeys(names, SimpleNamespace))
        events = SimpleNamespace(
            IDV_ATTEMPT_CREATED=event("created"), IDV_ATTEMPT_APPROVED=event("approved"), IDV_ATTEMPT_DENIED=None
        )
        for name in ("openedx_events", "openedx_events.learning"):
            monkeypatch.setitem(sys.modules, name, SimpleNamespace(__path__=[]))
        monkeypatch.setitem(sys.modules, "openedx_events.learning.data", data)
        monkeypatch.setitem(sys.modules, "openedx_events.learning.signals", events)
        return sent

    def test_are_sent_too_where_their_library_is_installed(self, library, user, committed):
        with committed():
            attempt = plugin_attempts.create(user, "On the ID", "created", EXPIRY)
            plugin_attempts.update(attempt.pk, status="approved")
        assert [name for name, _ in library] == ["created", "approved"]
        told = library[1][1]
        assert (told.attempt_id, told.status, told.name, told.expiration_date) == (
            attempt.pk,
            "approved",
            "On the ID",
            EXPIRY,
        )
        assert (told.user.id, told.user.is_active, told.user.pii.name) == (user.pk, True, "Amal Haddad")

    def test_a_failure_stops_nobody_and_says_no_names(self, library, user, committed, caplog):
        attempt = AttemptFactory(user=user)
        with committed():
            plugin_attempts.update(attempt.pk, status="denied")
        assert stored(attempt)[1] == "denied"
        assert "event=IDV_ATTEMPT_DENIED error=AttributeError" in caplog.text
        assert user.username not in caplog.text
