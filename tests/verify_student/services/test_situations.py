"""Where a learner stands, as the screens are told."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import (
    AttemptFactory,
    DeadlineFactory,
    ManualFactory,
    SSOFactory,
    VerificationFactory,
)
from verify_student.screens import Renewal
from verify_student.services import situations, verifications

pytestmark = pytest.mark.django_db

COURSE = "course-v1:Test+SITUATIONS+2026"


def in_days(days):
    return timezone.now() + timedelta(days=days)


def made(factory, days_ago=0, **values):
    with time_machine.travel(in_days(-days_ago), tick=False):
        return factory(**values)


@pytest.fixture
def user():
    return UserFactory()


def denied(user, *codes, **values):
    return VerificationFactory(
        user=user, status="denied", error_msg=verifications.denial_reasons(*codes) if codes else "", **values
    )


class TestWhoMayHandIn:
    def test_whoever_has_nothing(self, user):
        found = situations.snapshot(user)
        assert (found.status, found.may_hand_in, found.ends) == ("none", True, None)

    @pytest.mark.parametrize(
        ("values", "may"),
        [
            ({"status": "created"}, True),
            ({"status": "ready"}, True),
            ({"status": "ready", "queued_at": in_days(0)}, False),
            ({"status": "submitted"}, False),
            # The provider did not take it.
            ({"status": "must_retry"}, True),
            ({"status": "denied"}, True),
            ({"status": "approved"}, False),
            ({"status": "approved", "expiration_date": in_days(10)}, True),
            ({"status": "approved", "expiration_date": in_days(-10)}, True),
            # Nobody has answered for as long as an answer would count.
            ({"status": "submitted", "expiration_date": in_days(-10)}, True),
        ],
    )
    def test_by_photos(self, user, values, may):
        VerificationFactory(user=user, **values)
        assert situations.snapshot(user).may_hand_in is may

    def test_not_while_a_renewal_is_under_way(self, user):
        made(VerificationFactory, 3, user=user, status="approved", expiration_date=in_days(10))
        VerificationFactory(user=user, status="submitted")
        found = situations.snapshot(user)
        assert (found.status, found.renewal, found.may_hand_in) == ("approved", Renewal.PENDING, False)

    def test_also_while_a_plug_in_is_at_work(self, user):
        AttemptFactory(user=user, status="pending")
        found = situations.snapshot(user)
        assert (found.status, found.may_hand_in) == ("pending", True)

    def test_not_whoever_is_verified_for_good(self, user):
        AttemptFactory(user=user, status="approved")
        found = situations.snapshot(user)
        assert (found.status, found.may_hand_in, found.ends, found.ends_soon) == ("approved", False, None, False)


class TestRenewal:
    def test_a_denied_one_tells_why_while_the_approval_speaks(self, user):
        made(VerificationFactory, 3, user=user, status="approved", expiration_date=in_days(10))
        denied(user, "id_invalid")
        found = situations.snapshot(user)
        assert (found.status, found.renewal, found.reasons) == ("approved", Renewal.DENIED, ["id_invalid"])
        assert found.may_hand_in

    def test_an_earlier_denial_is_none(self, user):
        made(denied, 3, user=user)
        VerificationFactory(user=user, status="approved")
        found = situations.snapshot(user)
        assert (found.renewal, found.reasons) == (Renewal.NOTHING, [])

    def test_what_is_hidden_is_none(self, user):
        made(VerificationFactory, 3, user=user, status="approved")
        AttemptFactory(user=user, status="denied", hide_status_from_user=True)
        assert situations.snapshot(user).renewal is Renewal.NOTHING

    def test_what_was_only_begun_is_none(self, user):
        made(VerificationFactory, 3, user=user, status="approved")
        VerificationFactory(user=user)
        assert situations.snapshot(user).renewal is Renewal.NOTHING


class TestReasons:
    def test_of_the_denial_that_speaks(self, user):
        made(denied, 3, user=user)
        denied(user, "name_mismatch", "user_image_missing")
        assert situations.snapshot(user).reasons == ["name_mismatch", "user_image_missing"]

    @pytest.mark.parametrize("error_msg", ["", "<h1>Bad gateway</h1>", "[]"])
    def test_none_where_none_can_be_read(self, user, error_msg):
        VerificationFactory(user=user, status="denied", error_msg=error_msg)
        assert situations.snapshot(user).reasons == []

    def test_of_a_plug_in_none(self, user):
        AttemptFactory(user=user, status="denied")
        assert situations.snapshot(user).reasons == []

    def test_errors_of_a_provider_that_did_not_take_it_are_none(self, user):
        VerificationFactory(user=user, status="must_retry", error_msg=verifications.denial_reasons("id_invalid"))
        assert situations.snapshot(user).reasons == []


@pytest.mark.parametrize("factory", [SSOFactory, ManualFactory])
def test_what_needs_no_photos_is_hidden(user, factory):
    factory(user=user)
    found = situations.snapshot(user)
    assert (found.is_shown, found.may_hand_in) == (False, False)


class TestCourse:
    def test_with_a_deadline(self, user, host):
        host.courses.names[COURSE] = "A course"
        deadline = DeadlineFactory(course_key=COURSE, deadline=in_days(3)).deadline
        found = situations.snapshot(user, COURSE).course
        assert (found.name, found.deadline, found.is_missed) == ("A course", deadline, False)

    def test_a_deadline_that_has_passed(self, user):
        DeadlineFactory(course_key=COURSE, deadline=in_days(-3))
        found = situations.snapshot(user, COURSE)
        assert (found.course.name, found.course.is_missed, found.may_begin) == (COURSE, True, False)

    @pytest.mark.parametrize("factory", [ManualFactory, VerificationFactory])
    def test_not_for_whoever_is_verified_or_waits(self, user, factory):
        DeadlineFactory(course_key=COURSE, deadline=in_days(-3))
        factory(user=user, status="submitted" if factory is VerificationFactory else "approved")
        assert not situations.snapshot(user, COURSE).course.is_missed

    @pytest.mark.parametrize("course_id", ["", "no course", "x" * 256, "course\0", "course\n"])
    def test_what_is_no_course(self, user, course_id):
        assert situations.snapshot(user, course_id).course is None

    def test_where_an_honour_code_has_replaced_it_no_course_waits(self, user, settings):
        settings.FEATURES = settings.FEATURES | {"ENABLE_INTEGRITY_SIGNATURE": True}
        DeadlineFactory(course_key=COURSE, deadline=in_days(-3))
        assert situations.snapshot(user, COURSE).course is None


class TestWords:
    def test_ways_back(self, user, host):
        host.courses.names[COURSE] = "A course"
        links = situations.words(situations.snapshot(user, COURSE))["links"]
        assert links["course"].endswith(f"/courses/{COURSE}/")
        assert situations.words(situations.snapshot(user))["links"]["course"] == ""
        assert links["dashboard"].endswith("/dashboard")

    def test_constant_queries(self, user, query_budget):
        DeadlineFactory(course_key=COURSE, deadline=in_days(-3))
        VerificationFactory.create_batch(5, user=user, status="denied")
        with query_budget("verify_student.situation"):
            situations.words(situations.snapshot(user, COURSE))
