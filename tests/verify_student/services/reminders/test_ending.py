"""Who is reminded before an approval ends, and when."""

import pytest

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory, VerificationFactory
from tests.verify_student.services.reminders.mornings import (
    DAY,
    HOUR,
    MIDNIGHT,
    MORNING,
    addresses_of,
    approved,
    done,
    ending,
    morning,
    written_to,
)
from verify_student import lms
from verify_student.conf import config
from verify_student.models import OutboxMessage
from verify_student.services import reminders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def host(host):
    """Everybody is in a live course for a verified certificate."""
    host.courses.verified = set(range(10**4))
    return host


def run(days=0):
    """Whoever a run writes to, so many days after the first morning."""
    with morning(days):
        done(reminders.begin_ending())
    return written_to()


def run_on(days):
    """Days on which a run wrote to somebody, of runs on ``days``."""
    return [day for day in days if run(day)]


class TestWhen:
    @pytest.mark.parametrize("hour", [0, 2, 4, 23])
    def test_on_the_days_that_the_site_names(self, hour):
        ending(30 * DAY + hour * HOUR)
        assert run_on(range(40)) == [2, 23]

    def test_once_a_day(self):
        ending(28 * DAY)
        assert [len(run(0)), len(run(0)), len(run(1))] == [1, 0, 0]

    def test_one_mail_where_several_are_due(self):
        ending(5 * DAY)
        assert run_on(range(10)) == [0]

    def test_a_day_without_a_run_is_made_up_for(self):
        ending(28 * DAY)
        assert run_on([3, 4, 23, 24]) == [3, 23]

    def test_other_days(self, settings):
        settings.VERIFY_STUDENT = {"REMINDER_DAYS": [1, 14, 3]}
        ending(20 * DAY + HOUR)
        assert run_on(range(25)) == [6, 17, 19]

    def test_none(self, settings):
        settings.VERIFY_STUDENT = {"REMINDER_DAYS": []}
        ending(DAY)
        assert run_on(range(3)) == []

    def test_never_after_the_end(self):
        ending(2 * HOUR)
        assert run() == []

    def test_rows_of_old_releases_have_no_date_and_count_from_when_they_were_made(self):
        approved(None, made=MIDNIGHT + 30 * DAY - config.validity)
        assert run_on(range(40)) == [2, 23]

    def test_nobody_hears_of_the_stamp(self):
        row = ending(28 * DAY)
        before = row.updated_at
        run()
        row.refresh_from_db()
        assert (row.updated_at, row.reminded_at, row.expiry_email_date) == (before, MORNING, None)

    def test_a_row_that_was_approved_anew_begins_anew(self):
        row = ending(5 * DAY)
        run()
        type(row).objects.update(expiration_date=MIDNIGHT + 100 * DAY)
        assert run_on(range(1, 110)) == [72, 93]


class TestWho:
    @pytest.mark.parametrize("kind", [ManualFactory, SSOFactory])
    def test_not_who_is_verified_for_longer(self, kind):
        row = ending(28 * DAY)
        kind(user=row.user, expiration_date=MIDNIGHT + 29 * DAY)
        assert run() == []

    def test_not_who_is_verified_for_good(self):
        AttemptFactory(user=ending(28 * DAY).user, status="approved", expiration_datetime=None)
        assert run() == []

    def test_who_has_something_that_ends_before(self):
        row = ending(28 * DAY)
        ending(7 * DAY, user=row.user)
        assert run() == addresses_of(row)

    @pytest.mark.parametrize("status", ["submitted", "must_retry"])
    def test_not_who_has_handed_in_again(self, status):
        VerificationFactory(user=ending(28 * DAY).user, status=status)
        assert run() == []

    def test_not_who_waits_for_the_provider_to_be_asked(self):
        VerificationFactory(user=ending(28 * DAY).user, status="ready", queued_at=MORNING)
        assert run() == []

    def test_who_has_begun_and_not_handed_in(self):
        row = ending(28 * DAY)
        VerificationFactory(user=row.user)
        VerificationFactory(user=row.user, status="ready")
        assert run() == addresses_of(row)

    def test_who_handed_in_before_the_approval_and_was_forgotten(self):
        row = ending(28 * DAY)
        forgotten = VerificationFactory(user=row.user, status="submitted")
        type(row).objects.filter(pk=forgotten.pk).update(created_at=MORNING - 900 * DAY)
        assert run() == addresses_of(row)

    def test_not_who_needs_no_verification_any_more(self, host):
        needs, does_not = ending(28 * DAY), ending(28 * DAY)
        host.courses.verified.discard(does_not.user_id)
        with morning():
            assert done(reminders.begin_ending()) == {"sent": 1, "in no course that needs it": 1}
        assert written_to() == addresses_of(needs)

    def test_everybody_where_the_host_cannot_say(self, host):
        lms.services.register("courses", None)
        row = ending(28 * DAY)
        assert run() == addresses_of(row)

    def test_not_who_cannot_read_it(self, host):
        ending(28 * DAY, user=UserFactory(email=""))
        ending(28 * DAY, user=UserFactory(is_active=False))
        host.people.retired.add(ending(28 * DAY).user_id)
        assert run() == []


class TestMailThatComesTooLate:
    def waiting(self, row):
        message = OutboxMessage.objects.create(
            kind="mail.expiring", destination="mail", payload={"verification_id": row.pk}, state="dead"
        )
        type(row).objects.filter(pk=row.pk).update(reminded_at=MORNING)
        return message

    def state_after(self, message, days):
        run(days)
        message.refresh_from_db()
        return message.state

    def test_it_is_sent_while_there_is_time(self):
        row = ending(28 * DAY)
        assert self.state_after(self.waiting(row), 20) == "done"

    def test_it_makes_way_for_the_next_reminder(self):
        row = ending(28 * DAY)
        message = self.waiting(row)
        assert run(21) == addresses_of(row)
        message.refresh_from_db()
        assert message.state == "dead"

    def test_after_the_end_it_stays_for_people_to_see(self):
        assert self.state_after(self.waiting(ending(28 * DAY)), 29) == "dead"
        assert written_to() == []

    def test_who_has_renewed_is_not_told(self):
        row = ending(28 * DAY)
        message = self.waiting(row)
        approved(MIDNIGHT + 300 * DAY, user=row.user)
        assert self.state_after(message, 1) == "done"
        assert written_to() == []
