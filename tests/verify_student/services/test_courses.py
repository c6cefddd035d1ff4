"""What courses' cards say, row by row of contract §5.5."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, DeadlineFactory, SSOFactory, VerificationFactory
from verify_student.services import courses

pytestmark = pytest.mark.django_db

COURSE = "course-v1:Test+CARD+2026"


def in_days(days):
    return timezone.now() + timedelta(days=days)


def enrolled(course=COURSE, mode="verified"):
    return SimpleNamespace(course_id=course, mode=mode)


def made(factory, days_ago, **values):
    with time_machine.travel(in_days(-days_ago), tick=False):
        return factory(**values)


@pytest.fixture
def user():
    return UserFactory()


def card(user):
    return courses.of_user(user, [enrolled()]).get(COURSE)


def word(user):
    entry = card(user)
    return entry and entry["status"]


def missed():
    DeadlineFactory(course_key=COURSE, deadline=in_days(-5))


def open_until(days):
    DeadlineFactory(course_key=COURSE, deadline=in_days(days))


class TestRelevantAttempt:
    def test_approved(self, user):
        row = VerificationFactory(user=user, status="approved")
        until = row.expiration_date.strftime("%m/%d/%Y")
        assert card(user) == {
            "status": "verify_approved",
            "days_until_deadline": None,
            "should_display": True,
            "verification_good_until": until,
        }

    def test_approved_and_ending_soon(self, user):
        VerificationFactory(user=user, status="approved", expiration_date=in_days(10))
        assert word(user) == "verify_need_to_reverify"

    def test_submitted(self, user):
        VerificationFactory(user=user, status="submitted")
        assert word(user) == "verify_submitted"

    def test_weakness_w9_on_its_way(self, user):
        VerificationFactory(user=user, status="ready", queued_at=timezone.now())
        assert word(user) == "verify_submitted"

    def test_submitted_again(self, user):
        made(VerificationFactory, 360, user=user, status="approved")
        VerificationFactory(user=user, status="submitted")
        assert word(user) == "re_verify_submitted"

    @pytest.mark.parametrize("status", ["must_retry", "denied"])
    def test_the_side_panel_speaks(self, user, status):
        VerificationFactory(user=user, status=status)
        assert card(user) is None

    def test_a_pending_attempt_of_a_plug_in(self, user):
        AttemptFactory(user=user, status="pending")
        assert card(user) is None

    def test_hidden(self, user):
        SSOFactory(user=user)
        assert card(user)["should_display"] is False

    def test_weakness_w42_an_approval_without_an_end(self, user):
        AttemptFactory(user=user, status="approved")
        DeadlineFactory(course_key="course-v1:Test+OTHER+2026", deadline=in_days(9))
        cards = courses.of_user(user, [enrolled(), enrolled("course-v1:Test+OTHER+2026", "masters")])
        assert {entry["status"] for entry in cards.values()} == {"verify_approved"}
        assert all("verification_good_until" not in entry for entry in cards.values())


class TestNothingRelevant:
    def test_open(self, user):
        open_until(3.5)
        assert card(user) == {"status": "verify_need_to_verify", "days_until_deadline": 3, "should_display": True}

    @pytest.mark.parametrize("status", ["created", "ready"])
    def test_begun(self, user, status):
        VerificationFactory(user=user, status=status)
        assert word(user) == "verify_need_to_verify"

    def test_begun_by_somebody_verified(self, user):
        made(VerificationFactory, 9, user=user, status="approved")
        VerificationFactory(user=user)
        assert card(user) is None

    def test_begun_by_somebody_whose_approval_ends_soon(self, user):
        made(VerificationFactory, 360, user=user, status="approved")
        VerificationFactory(user=user)
        assert word(user) == "verify_need_to_reverify"

    def test_missed(self, user):
        missed()
        assert card(user) == {"status": "verify_missed_deadline", "days_until_deadline": None, "should_display": True}

    def test_verified_after_the_deadline(self, user):
        missed()
        VerificationFactory(user=user, status="approved")
        assert word(user) == "verify_approved"

    def test_verified_before_the_deadline(self, user):
        missed()
        made(VerificationFactory, 9, user=user, status="approved")
        assert word(user) == "verify_approved"


class TestWhichCourses:
    def test_only_verified_modes(self, user):
        assert courses.of_user(user, [enrolled(mode="audit"), enrolled(mode="honor")]) == {}

    def test_none_where_an_honour_code_has_replaced_verification(self, user, settings):
        settings.FEATURES = {"ENABLE_INTEGRITY_SIGNATURE": True}
        assert courses.of_user(user, [enrolled()]) == {}

    def test_the_latest_end_is_on_every_card(self, user):
        early = made(VerificationFactory, 20, user=user, status="approved")
        late = made(VerificationFactory, 2, user=user, status="approved")
        DeadlineFactory(course_key="course-v1:Test+OLD+2026", deadline=in_days(-10))
        assert early.expiration_date < late.expiration_date
        cards = courses.of_user(user, [enrolled(), enrolled("course-v1:Test+OLD+2026")])
        until = late.expiration_date.strftime("%m/%d/%Y")
        assert [entry["verification_good_until"] for entry in cards.values()] == [until, until]

    def test_weakness_w52_the_number_of_courses_costs_no_queries(self, user, query_budget):
        VerificationFactory(user=user, status="approved")
        enrollments = [enrolled(f"course-v1:Test+C{number}+2026") for number in range(20)]
        with query_budget("verify_student.course_cards"):
            assert len(courses.of_user(user, enrollments)) == 20
