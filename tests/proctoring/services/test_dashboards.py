"""Where vendors show course staff their exams (contract rest.md §5.22, vendors_admin_screens.md §3.8)."""

import logging

import pytest
from django.core.exceptions import ImproperlyConfigured

from demo.lms.models import UserProfile
from proctoring.backends import provider_named
from proctoring.conf import REDS_API_REDIRECT
from proctoring.exceptions import DashboardNotFound, DashboardUnavailable, SeveralProctoringServices
from proctoring.models import AuditEntry
from proctoring.services import dashboards
from proctoring.services.vendors import obscured_user_id
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, ReviewFactory, UserFactory
from tests.proctoring.dashboard_fakes import BACKENDS

pytestmark = pytest.mark.django_db

OTHER_COURSE = "course-v1:Other+C+1"
URL = "https://vendor.example/dashboard"


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = BACKENDS


@pytest.fixture
def vendor():
    provider = provider_named("shower")
    provider.forget()
    yield provider
    provider.forget()


@pytest.fixture
def viewer():
    user = UserFactory(first_name="Grace", last_name="Hopper", email="grace@example.org")
    UserProfile.objects.create(user=user, name="Rear Admiral")
    return user


@pytest.fixture
def exam():
    return ExamFactory(backend="shower")


def introduced(viewer, backend="shower", name="Rear Admiral"):
    return {"id": obscured_user_id(viewer.pk, backend), "full_name": name, "email": "grace@example.org"}


class TestCourse:
    def address(self, viewer):
        return dashboards.address_for_course(COURSE_ID, viewer)

    def test_the_vendors_address(self, exam, viewer, vendor):
        assert self.address(viewer) == URL
        assert vendor.calls == [("dashboard", (COURSE_ID, introduced(viewer)), {})]

    def test_an_account_without_a_profile_has_a_name_all_the_same(self, exam, viewer, vendor):
        viewer.profile.delete()
        viewer.refresh_from_db()
        self.address(viewer)
        assert vendor.calls == [("dashboard", (COURSE_ID, introduced(viewer, name="Grace Hopper")), {})]

    def test_weakness_d10_exams_without_a_vendor_of_their_own_are_the_defaults(self, exam, viewer, vendor):
        ExamFactory(backend=None)
        ExamFactory(timed=True, backend="other")
        assert self.address(viewer) == URL
        assert vendor.calls == [("dashboard", (COURSE_ID, introduced(viewer)), {})]
        ExamFactory(backend="other")
        with pytest.raises(SeveralProctoringServices) as refusal:
            self.address(viewer)
        assert "other, shower" in refusal.value.detail

    @pytest.mark.parametrize(
        "fields", [{"is_active": False}, {"timed": True}, {"course_id": OTHER_COURSE}, {"backend": "null"}]
    )
    def test_nothing_to_show(self, viewer, vendor, fields):
        ExamFactory(**{"backend": "shower"} | fields)
        with pytest.raises(DashboardNotFound):
            self.address(viewer)

    def test_a_vendor_that_is_gone_has_nothing_to_show(self, viewer):
        ExamFactory(backend="gone")
        with pytest.raises(DashboardNotFound):
            self.address(viewer)

    @pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "data:text/html,x", "http://[", 7])
    def test_what_is_no_web_address_is_nothing_to_show(self, exam, viewer, vendor, url):
        vendor.url = url
        with pytest.raises(DashboardNotFound) as refusal:
            self.address(viewer)
        assert "Shower" in refusal.value.detail

    def test_a_page_of_the_hosts_own_will_do(self, exam, viewer, vendor):
        vendor.url = "/dashboards/7"
        assert self.address(viewer) == "/dashboards/7"

    def test_a_vendor_in_trouble(self, exam, viewer, vendor, caplog):
        vendor.fail_with = ImproperlyConfigured("the secret is hunter2")
        with caplog.at_level(logging.ERROR), pytest.raises(DashboardUnavailable) as refusal:
            self.address(viewer)
        assert "hunter2" not in refusal.value.detail + caplog.text
        assert "ImproperlyConfigured" in caplog.text


class TestExam:
    def address(self, exam, viewer, course_id=COURSE_ID, **query):
        return dashboards.address_for_exam(course_id, exam.pk, viewer, **query)

    def told(self, vendor):
        [(_, _, about)] = vendor.calls
        return about

    def test_what_the_vendor_is_told(self, exam, viewer, vendor):
        assert self.address(exam, viewer) == URL
        assert self.told(vendor) == {
            "exam_id": exam.external_id,
            "attempt_id": None,
            "show_configuration_dashboard": False,
            "encrypted_video_review_url": None,
        }

    def test_an_inactive_exam_and_its_configuration(self, viewer, vendor):
        self.address(ExamFactory(backend="shower", is_active=False), viewer, configuration=True)
        assert self.told(vendor)["show_configuration_dashboard"] is True

    def test_weakness_s12_exams_of_another_course_are_not_found(self, viewer, vendor):
        elsewhere = ExamFactory(backend="shower", course_id=OTHER_COURSE)
        with pytest.raises(DashboardNotFound):
            self.address(elsewhere, viewer)
        assert self.address(elsewhere, viewer, course_id=OTHER_COURSE) == URL

    @pytest.mark.parametrize("exam_id", ["0", "999", "9" * 30, "٣", "x"])
    def test_unknown_exams(self, exam, viewer, vendor, exam_id):
        with pytest.raises(DashboardNotFound):
            dashboards.address_for_exam(COURSE_ID, exam_id, viewer)

    def test_timed_exams_have_none(self, viewer, vendor):
        with pytest.raises(DashboardNotFound):
            self.address(ExamFactory(timed=True), viewer)

    def test_weakness_s12_attempts_at_another_exam_are_not_found(self, exam, viewer, vendor):
        attempt = AttemptFactory(proctored_exam=exam)
        elsewhere = AttemptFactory(proctored_exam__backend="shower")
        gone = AttemptFactory(proctored_exam=exam)
        gone.delete()
        for external_id in (elsewhere.external_id, gone.external_id, "unknown"):
            with pytest.raises(DashboardNotFound):
                self.address(exam, viewer, attempt=external_id)
        self.address(exam, viewer, attempt=attempt.external_id)
        assert self.told(vendor)["attempt_id"] == attempt.external_id

    def test_an_opened_recording_is_on_record_and_one_that_cannot_be_shown_is_not(self, exam, viewer, vendor):
        attempt = AttemptFactory(proctored_exam=exam, submitted=True)
        before = AuditEntry.objects.count()
        vendor.url = "javascript:alert(1)"
        with pytest.raises(DashboardNotFound):
            self.address(exam, viewer, attempt=attempt.external_id)
        assert AuditEntry.objects.count() == before
        vendor.forget()
        self.address(exam, viewer, attempt=attempt.external_id)
        entry = AuditEntry.objects.latest("id")
        assert (entry.event, entry.subject_id, entry.actor_id) == ("recording.opened", str(attempt.pk), viewer.pk)

    def test_the_stored_recording_is_handed_over_where_the_switch_says_so(self, exam, viewer, vendor, lms):
        attempt = AttemptFactory(proctored_exam=exam, submitted=True)
        bare = AttemptFactory(proctored_exam=exam, submitted=True)
        ReviewFactory(attempt=attempt, encrypted_video_url=b"sealed")
        for on, about, link in [(False, attempt, None), (True, attempt, b"sealed"), (True, bare, None)]:
            vendor.forget()
            lms.switches.on = {REDS_API_REDIRECT} if on else set()
            self.address(exam, viewer, attempt=about.external_id)
            assert self.told(vendor)["encrypted_video_review_url"] == link
