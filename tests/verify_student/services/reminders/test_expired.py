"""Who is told that an approval has ended, when, and how often."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory
from tests.verify_student.services.reminders.mornings import (
    DAY,
    HOUR,
    MIDNIGHT,
    MORNING,
    addresses_of,
    approved,
    done,
    ended,
    morning,
    written_to,
)
from verify_student import lms
from verify_student.conf import config
from verify_student.models import MailedThrough, OutboxMessage
from verify_student.services import reminders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("host")]

SECOND = timedelta(seconds=1)


def run(days=0, hours=0):
    """Whoever a run writes to, so long after the first morning."""
    with time_machine.travel(MORNING + days * DAY + hours * HOUR, tick=False):
        done(reminders.begin_expired())
    return written_to()


def run_on(days):
    """Days on which a run wrote to somebody, of runs every morning."""
    return [day for day in range(days) if run(day)]


def state(row):
    row.refresh_from_db()
    return row.expiry_email_date


class TestTheWindow:
    @pytest.mark.parametrize(
        ("before", "mailed"),
        [
            (-SECOND, False),
            (0 * DAY, False),
            (SECOND, True),
            (DAY, True),
            (DAY + SECOND, False),
        ],
    )
    def test_it_is_the_day_before(self, before, mailed):
        row = ended(before)
        assert run() == (addresses_of(row) if mailed else [])
        assert state(row) == (MIDNIGHT if mailed else None)

    def test_it_is_as_long_as_the_site_says(self, settings):
        settings.VERIFICATION_EXPIRY_EMAIL = {"DAYS_RANGE": 3}
        inside, _ = ended(3 * DAY), ended(3 * DAY + SECOND)
        assert run() == addresses_of(inside)

    @pytest.mark.parametrize("status", ["created", "ready", "submitted", "must_retry", "denied"])
    def test_only_approvals(self, status):
        row = ended()
        type(row).objects.update(status=status)
        assert run() == []

    @pytest.mark.parametrize(("before", "mailed"), [(HOUR, True), (2 * DAY, False), (-HOUR, False)])
    def test_rows_of_old_releases_have_no_date_and_count_from_when_they_were_made(self, before, mailed):
        row = approved(None, made=MIDNIGHT - before - config.validity)
        assert run() == (addresses_of(row) if mailed else [])

    def test_nobody_hears_of_the_stamps(self):
        row = ended()
        before = row.updated_at
        run()
        row.refresh_from_db()
        assert (row.updated_at, row.status, row.expiry_mailed_at) == (before, "approved", MORNING)


class TestWeaknessW65:
    def test_weakness_w65_days_without_a_run_lose_nobody(self):
        run()
        missed = [ended(-days * DAY - HOUR) for days in (0, 1, 2)]
        assert run(3) == addresses_of(*missed)
        assert run(4) == []

    def test_weakness_w65_it_goes_back_as_far_as_learners_are_written_to(self):
        run()
        inside, _ = ended(-10 * DAY), ended(SECOND - 10 * DAY)
        assert run(40) == addresses_of(inside)

    def test_a_first_run_does_not_go_back(self):
        ended(5 * DAY)
        assert run() == []

    def test_weakness_w65_a_run_that_was_broken_off_does_not_count(self):
        run()
        first, second = ended(-HOUR), ended(-2 * HOUR)
        with morning(1):
            next(iter(reminders.send(reminders.begin_expired(), 1)))
        assert written_to() == addresses_of(first)
        assert MailedThrough.objects.get().until == MIDNIGHT
        assert run(3) == addresses_of(second)

    def test_a_look_does_not_count(self):
        with morning():
            list(reminders.look(reminders.begin_expired(), 10))
        assert not MailedThrough.objects.exists()

    def test_a_clock_that_was_wrong_takes_nothing_back(self):
        run(5)
        run(3)
        assert MailedThrough.objects.get().until == MIDNIGHT + 5 * DAY


class TestAgain:
    def test_after_fifteen_days_and_then_no_more(self):
        row = ended()
        assert run_on(40) == [0, 15]
        assert state(row) is None

    def test_who_is_in_a_live_verified_course_is_told_again_until_it_ends(self, host):
        row = ended()
        host.courses.verified.add(row.user_id)
        assert run_on(40) == [0, 15, 30]
        host.courses.verified.clear()
        assert [day for day in range(40, 70) if run(day)] == [45]
        assert state(row) is None

    def test_without_a_host_that_can_say_it_is_over_too(self, host):
        lms.services.register("courses", None)
        row = ended()
        assert run_on(20) == [0, 15]
        assert state(row) is None

    @pytest.mark.parametrize(("emails", "days"), [(1, [0]), (2, [0, 7]), (3, [0, 7, 14])])
    def test_how_often_and_how_many_are_the_sites(self, settings, emails, days):
        settings.VERIFICATION_EXPIRY_EMAIL = {"RESEND_DAYS": 7, "DEFAULT_EMAILS": emails}
        ended()
        assert run_on(30) == days

    @pytest.mark.parametrize("emails", [1, 2])
    def test_two_runs_a_day_write_once(self, settings, emails):
        settings.VERIFICATION_EXPIRY_EMAIL = {"DEFAULT_EMAILS": emails, "DAYS_RANGE": 3}
        row = ended()
        assert [run(0), run(0, 9), run(1), run(2, 5)] == [addresses_of(row), [], [], []]

    def test_who_enrols_is_told_in_the_next_run(self, host):
        row = ended(100 * DAY)
        with morning():
            reminders.rearm(row.user, config.expiry_email)
        host.courses.verified.add(row.user_id)
        assert run_on(20) == [0, 15]

    def test_who_enrols_often_is_not_told_often(self):
        row = ended(100 * DAY)
        days = []
        for day in range(20):
            with morning(day):
                reminders.rearm(row.user, config.expiry_email)
            days += [day] if run(day) else []
        assert days == [0, 15]

    def test_a_row_that_was_approved_anew_begins_anew(self):
        row = ended()
        run()
        type(row).objects.update(expiration_date=MIDNIGHT + 30 * DAY - HOUR, expiry_email_date=None)
        assert [day for day in range(1, 60) if run(day)] == [30, 45]


class TestWeaknessW66:
    @pytest.mark.parametrize("kind", [ManualFactory, SSOFactory])
    def test_who_is_vouched_for_or_signed_in_is_not_told(self, kind):
        row = ended()
        other = kind(user=row.user, expiration_date=MIDNIGHT + 100 * DAY)
        assert run() == []
        assert state(row) is None
        type(other).objects.update(expiration_date=MIDNIGHT - 100 * DAY)
        assert run() == addresses_of(row)

    def test_weakness_w66_nor_who_has_newer_photos(self):
        row = ended()
        approved(MIDNIGHT + 300 * DAY, user=row.user)
        assert run() == []

    @pytest.mark.parametrize("until", [None, MIDNIGHT + DAY])
    def test_weakness_w66_nor_whom_a_plug_in_knows(self, until):
        row = ended()
        AttemptFactory(user=row.user, status="approved", expiration_datetime=until)
        assert run() == []

    def test_what_does_not_count_is_nothing(self):
        row = ended()
        AttemptFactory(user=row.user, status="pending", expiration_datetime=None)
        ManualFactory(user=row.user, status="denied")
        approved(MIDNIGHT - 90 * DAY, user=row.user)
        assert run() == addresses_of(row)

    def test_of_several_that_ended_the_last_one_speaks(self):
        last = ended(HOUR)
        earlier = ended(2 * HOUR, user=last.user, expiry_email_date=MIDNIGHT - 20 * DAY)
        assert run() == addresses_of(last)
        assert state(earlier) == MIDNIGHT - 20 * DAY

    def test_who_is_verified_while_the_mail_waits_is_not_told(self):
        row = ended()
        approved(MIDNIGHT + 300 * DAY, user=row.user)
        OutboxMessage.objects.create(
            kind="mail.expired", destination="mail", payload={"verification_id": row.pk}, state="dead"
        )
        type(row).objects.filter(pk=row.pk).update(expiry_mailed_at=MIDNIGHT, expiry_email_date=MIDNIGHT)
        assert run() == []
        assert OutboxMessage.objects.get().state == "done"


class TestAccounts:
    def test_nobody_who_cannot_read_it_is_written_to(self, host):
        rows = [ended(user=UserFactory(**fields)) for fields in ({"email": ""}, {"is_active": False}, {}, {})]
        host.people.retired.add(rows[2].user_id)
        with morning():
            counts = done(reminders.begin_expired())
        assert counts == {"without an account to write to": 3, "sent": 1}
        assert written_to() == addresses_of(rows[3])


@pytest.mark.parametrize("key", ["RESEND_DAYS", "DAYS_RANGE", "DEFAULT_EMAILS"])
@pytest.mark.parametrize("value", [0, -1, "often", None])
def test_weakness_w67_numbers_that_make_no_sense_are_told_as_what_they_are(settings, key, value):
    settings.VERIFICATION_EXPIRY_EMAIL = {key: value}
    with pytest.raises(ImproperlyConfigured, match=f'{key}"\\] has to be 1 or more') as caught:
        reminders.begin_expired()
    assert "dry" not in str(caught.value)
