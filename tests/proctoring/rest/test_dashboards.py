"""The ways to vendors' dashboards over HTTP (contract rest.md §5.22)."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.urls import NoReverseMatch, reverse
from rest_framework.test import APIClient

from demo.lms.models import UserProfile
from proctoring.backends import provider_named
from proctoring.common.crypto import aes_cbc_encrypt
from proctoring.conf import REDS_API_REDIRECT
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, ReviewFactory, UserFactory
from tests.proctoring.backends.software_secure_vendor import CLASS, OPTIONS
from tests.proctoring.dashboard_fakes import BACKENDS

pytestmark = pytest.mark.django_db

OTHER_COURSE = "course-v1:Other+C+1"
COURSE = f"/api/edx_proctoring/v1/instructor/{COURSE_ID}"
URL = "https://vendor.example/dashboard"
SECRET = "a-secret-that-is-long-enough-for-signing-tokens"
REST = {
    "class": "proctoring.backends.rest.BaseRestProctoringProvider",
    "base_url": "https://proctor-x.example",
    "client_id": "lms",
    "client_secret": SECRET,
}
KEY = "00112233445566778899aabbccddeeff"


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = BACKENDS | {"rest": REST}


@pytest.fixture
def vendor():
    provider = provider_named("shower")
    provider.forget()
    yield provider
    provider.forget()


@pytest.fixture
def exam():
    return ExamFactory(backend="shower")


@pytest.fixture
def staff(lms):
    user = UserFactory()
    UserProfile.objects.create(user=user, name="Ada King")
    lms.instructor.staff.add((user.pk, COURSE_ID))
    return user


@pytest.fixture
def client(client_of, staff):
    return client_of(staff)


def of(exam, course_id=COURSE_ID):
    return f"/api/edx_proctoring/v1/instructor/{course_id}/{exam.pk if hasattr(exam, 'pk') else exam}"


def is_bare_text(answer, status, frame):
    return (
        answer.status_code == status
        and isinstance(answer.json(), str)
        and answer.headers["X-Frame-Options"].lower() == frame
    )


def test_routes_are_those_of_the_contract():
    assert reverse("edx_proctoring:instructor_dashboard_course", args=[COURSE_ID]) == COURSE
    assert reverse("edx_proctoring:instructor_dashboard_exam", args=[COURSE_ID, 7]) == f"{COURSE}/7"


class TestCourse:
    def test_to_the_vendor(self, client, exam, vendor, query_budget):
        with query_budget("instructor_dashboard"):
            answer = client.get(COURSE, {"config": "true", "attempt": "unknown"})
        assert (answer.status_code, answer.url) == (302, URL)
        [(_, (course_id, viewer), about)] = vendor.calls
        assert (course_id, viewer["full_name"], about) == (COURSE_ID, "Ada King", {})

    def test_nothing_to_show(self, client, vendor):
        assert is_bare_text(client.get(COURSE), 404, "sameorigin")
        ExamFactory(timed=True)
        assert is_bare_text(client.get(COURSE), 404, "sameorigin")
        ExamFactory(backend="shower")
        vendor.url = None
        assert is_bare_text(client.get(COURSE), 404, "sameorigin")

    def test_several_vendors_are_named(self, client, exam, vendor):
        ExamFactory(backend="other")
        answer = client.get(COURSE)
        assert is_bare_text(answer, 400, "deny")
        assert "other, shower" in answer.json()

    @pytest.mark.parametrize("backend", ["gone", "shower"])
    def test_a_vendor_that_is_gone_or_in_trouble_is_no_failure_of_ours(self, client, vendor, backend):
        ExamFactory(backend=backend)
        vendor.fail_with = OSError("secret")
        answer = client.get(COURSE)
        assert answer.status_code == {"gone": 404, "shower": 502}[backend]
        assert "secret" not in answer.content.decode()

    def test_staff_of_the_course_only(self, client, client_of, exam, vendor):
        assert APIClient().get(COURSE).status_code == 403
        refused = client_of(UserFactory()).get(COURSE)
        assert (refused.status_code, list(refused.json())) == (403, ["detail"])
        assert client_of(UserFactory(staff=True)).get(COURSE).status_code == 302
        ExamFactory(backend="shower", course_id=OTHER_COURSE)
        elsewhere = f"/api/edx_proctoring/v1/instructor/{OTHER_COURSE}"
        assert client.generic("GET", elsewhere, f'{{"course_id": "{COURSE_ID}"}}').status_code == 403
        assert client.post(COURSE).status_code == 405


class TestExam:
    def test_to_the_vendor(self, client, exam, vendor, query_budget):
        attempt = AttemptFactory(proctored_exam=exam)
        with query_budget("instructor_dashboard"):
            answer = client.get(of(exam), {"attempt": attempt.external_id})
        assert (answer.status_code, answer.url) == (302, URL)
        [(_, _, about)] = vendor.calls
        assert (about["exam_id"], about["attempt_id"]) == (exam.external_id, attempt.external_id)

    @pytest.mark.parametrize(("said", "meant"), [("true", True), ("TRUE", True), ("1", False), ("", False)])
    def test_the_configuration(self, client, vendor, said, meant):
        client.get(of(ExamFactory(backend="shower", is_active=False)), {"config": said, "attempt": ""})
        assert vendor.calls[0][2]["show_configuration_dashboard"] is meant

    def test_a_rest_vendors_token(self, client, lms):
        exam = ExamFactory(backend="rest")
        answer = client.get(of(exam), {"config": "true"})
        query = parse_qs(urlsplit(answer.url).query)
        claims = jwt.decode(query["jwt"][0], SECRET, algorithms=["HS256"])
        assert (claims["exam_id"], claims["config"], claims["course_id"]) == (exam.external_id, True, COURSE_ID)
        assert claims["user"]["full_name"] == "Ada King"

    def test_the_legacy_vendors_recording(self, client, lms, settings):
        legacy = OPTIONS | {"class": CLASS, "video_review_aes_key": KEY}
        settings.PROCTORING_BACKENDS = {"DEFAULT": "legacy", "legacy": legacy}
        attempt = AttemptFactory(proctored_exam__backend="legacy", submitted=True)
        link = aes_cbc_encrypt(bytes.fromhex(KEY), "https://video.example/DirectLink-Generic?rec=1")
        ReviewFactory(attempt=attempt, encrypted_video_url=link)
        address, query = of(attempt.proctored_exam), {"attempt": attempt.external_id}
        assert is_bare_text(client.get(address, query), 404, "sameorigin")
        lms.switches.on.add(REDS_API_REDIRECT)
        assert client.get(address, query).url == "https://video.example/DirectLink-HTML5?rec=1"
        assert is_bare_text(client.get(address), 404, "sameorigin")

    def test_weakness_s12_neither_exam_nor_attempt_of_another_place(self, client, exam, vendor):
        elsewhere = ExamFactory(backend="shower", course_id=OTHER_COURSE)
        attempt = AttemptFactory(proctored_exam=elsewhere)
        assert is_bare_text(client.get(of(elsewhere)), 404, "sameorigin")
        assert client.get(of(elsewhere, OTHER_COURSE)).status_code == 403
        assert is_bare_text(client.get(of(exam), {"attempt": attempt.external_id}), 404, "sameorigin")
        assert vendor.calls == []

    @pytest.mark.parametrize("exam_id", ["0", "999999", "9" * 40, "٣"])
    def test_unknown_exams_are_404(self, client, exam_id):
        assert is_bare_text(client.get(of(exam_id)), 404, "sameorigin")

    @pytest.mark.parametrize("attempt", ["a\0b", "x" * 256])
    def test_what_cannot_be_meant_is_400(self, client, exam, attempt):
        answer = client.get(of(exam), {"attempt": attempt})
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    def test_staff_of_the_course_only(self, client_of, exam, vendor):
        assert APIClient().get(of(exam)).status_code == 403
        refused = client_of(UserFactory()).get(of(exam))
        assert (refused.status_code, list(refused.json())) == (403, ["detail"])

    def test_in_a_process_that_has_no_other_route(self, client_of, exam, vendor, settings):
        settings.ROOT_URLCONF = "tests.proctoring.dashboard_fakes"
        staff = UserFactory(staff=True)
        assert client_of(staff).get(of(exam)).url == URL
        assert is_bare_text(client_of(staff).get(of(ExamFactory(timed=True))), 404, "sameorigin")
        with pytest.raises(NoReverseMatch):
            reverse("edx_proctoring:instructor_dashboard_course", args=[COURSE_ID])
