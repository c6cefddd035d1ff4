"""What the host's dashboard shows."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, DeadlineFactory, ManualFactory, VerificationFactory
from verify_student import api
from verify_student.services import verifications

pytestmark = pytest.mark.django_db

COURSE = "course-v1:Test+DASH+2026"


@dataclass
class Enrolled:
    course_id: str = COURSE
    mode: str = "verified"


def in_days(days):
    return timezone.now() + timedelta(days=days)


def words(html):
    return " ".join(html.split())


@pytest.fixture
def user():
    return UserFactory()


def panel_of(user):
    return words(api.get_dashboard_view(user)["panel"])


def note_of(user, *enrolled):
    return words(api.get_dashboard_view(user, enrolled or [Enrolled()])["courses"].get(COURSE, ""))


class TestPanel:
    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"status": "submitted"}, "Your photos are being reviewed"),
            ({"status": "approved"}, "You are verified"),
            ({"status": "approved", "expiration_date": in_days(10)}, "Your verification ends soon"),
            ({"status": "approved", "expiration_date": in_days(-10)}, "Your verification has ended"),
            ({"status": "denied"}, "Your photos could not be approved"),
        ],
    )
    def test_where_the_learner_stands(self, user, values, said):
        VerificationFactory(user=user, **values)
        panel = panel_of(user)
        assert said in panel
        assert '<link rel="stylesheet" href="/static/proctoring/css/proctoring.css">' in panel
        assert 'href="/id-verification"' in panel
        assert ('href="/id-verification/photos"' in panel) is (values["status"] == "denied" or len(values) > 1)

    def test_a_denial_says_why(self, user):
        VerificationFactory(user=user, status="denied", error_msg=verifications.denial_reasons("id_invalid"))
        assert "cannot be accepted as an ID" in panel_of(user)

    def test_nothing_of_whoever_has_not_begun_or_is_hidden(self, user):
        assert panel_of(user) == ""
        ManualFactory(user=user)
        assert panel_of(user) == ""

    def test_where_the_hosts_page_is_another_one(self, user, host):
        host.pages.instead = "https://other.test/verify"
        VerificationFactory(user=user, status="denied")
        assert panel_of(user).count('href="https://other.test/verify"') == 2

    def test_in_the_readers_language_and_zone(self, user, host):
        host.preferences.zones[user.pk] = "Asia/Shanghai"
        VerificationFactory(user=user, status="approved")
        with translation.override("de"):
            assert "(Asia/Shanghai)" in panel_of(user)


class TestCourses:
    def test_photos_are_wanted(self, user):
        assert "Almost there: your identity is not verified yet." in note_of(user)
        assert 'href="/id-verification?course_id=course-v1%3ATest%2BDASH%2B2026"' in note_of(user)

    @pytest.mark.parametrize(("days", "said"), [(1, "1 day is left"), (5, "5 days are left"), (0, "0 days are left")])
    def test_with_a_deadline(self, user, days, said):
        DeadlineFactory(course_key=COURSE, deadline=in_days(days) + timedelta(hours=1))
        assert said in note_of(user)

    def test_a_missed_deadline_leads_to_what_it_means(self, user):
        DeadlineFactory(course_key=COURSE, deadline=in_days(-1))
        assert "The deadline for verifying your identity has passed." in note_of(user)

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"status": "submitted"}, "Your photos are being reviewed"),
            ({"status": "approved"}, "Your identity is verified until"),
            ({"status": "approved", "expiration_date": in_days(10)}, "Renew it now"),
        ],
    )
    def test_photos_have_been_handed_in(self, user, values, said):
        VerificationFactory(user=user, **values)
        assert said in note_of(user)

    def test_a_renewal_has_been_handed_in(self, user):
        VerificationFactory(user=user, status="approved", expiration_date=in_days(10))
        VerificationFactory(user=user, status="submitted")
        assert "Your new photos are being reviewed" in note_of(user)

    @pytest.mark.parametrize(
        ("factory", "status", "said"),
        [(VerificationFactory, "submitted", "are being reviewed"), (AttemptFactory, "approved", "without an end")],
    )
    def test_handed_in_elsewhere_after_the_deadline(self, user, factory, status, said):
        DeadlineFactory(course_key=COURSE, deadline=in_days(-1))
        factory(user=user, status=status)
        assert said in note_of(user)

    def test_nothing_of_other_modes_denials_and_what_is_hidden(self, user):
        assert note_of(user, Enrolled(mode="audit")) == ""
        VerificationFactory(user=user, status="denied")
        assert note_of(user) == ""
        ManualFactory(user=user)
        assert note_of(user) == ""

    def test_keys_are_escaped(self, user):
        hostile = Enrolled(course_id='"><script>')
        assert "<script>" not in api.get_dashboard_view(user, [hostile])["courses"]['"><script>']

    @pytest.mark.parametrize("courses", [1, 30])
    def test_constant_queries(self, user, query_budget, courses):
        VerificationFactory.create_batch(3, user=user, status="denied")
        enrolled = [Enrolled(course_id=f"course-v1:A+B+{number}") for number in range(courses)]
        with query_budget("verify_student.dashboard"):
            api.get_dashboard_view(user, enrolled)
