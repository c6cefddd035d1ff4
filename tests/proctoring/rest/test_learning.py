"""What a learner is sitting, and an exam for the learning micro-frontend, over HTTP (contract rest.md §5.11-5.13)."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.serializers import allowance_dict, attempt_dict, exam_dict
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AllowanceFactory, AttemptFactory, ExamFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms", "vendor")]

ELSEWHERE = "course-v1:Test+OTHER+2026"
ROUTES = "/api/edx_proctoring/v1/proctored_exam"
ACTIVE_EXAMS, ACTIVE_ATTEMPT = f"{ROUTES}/active_exams_for_user", f"{ROUTES}/active_attempt"
EXAM_ATTEMPTS = f"{ROUTES}/attempt/course_id/{COURSE_ID}"
NOTHING = {"exam": {}, "active_attempt": {}}
RUNNING = {"started": True, "deadline_at": timezone.now() + timedelta(days=9999)}


@pytest.fixture(autouse=True)
def _site(settings):
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "tests.proctoring.screen_fakes.EverybodyMay"]
    settings.LEARNING_MICROFRONTEND_URL = "https://learning.example"


@pytest.fixture
def learner():
    return UserFactory()


@pytest.fixture
def client(client_of, learner):
    return client_of(learner)


@pytest.fixture
def site_staff(client_of):
    return client_of(UserFactory(staff=True))


@pytest.fixture
def course_staff(client_of, lms):
    user = UserFactory()
    lms.instructor.staff.add((user.pk, COURSE_ID))
    return client_of(user)


def with_body(client, **body):
    return client.generic("GET", ACTIVE_EXAMS, json.dumps(body), "application/json")


def as_json(value):
    return json.loads(json.dumps(value, cls=JSONEncoder))


def test_routes_are_those_of_the_contract():
    name = "edx_proctoring:proctored_exam"
    assert reverse(f"{name}.active_exams_for_user") == ACTIVE_EXAMS
    assert reverse(f"{name}.active_attempt") == ACTIVE_ATTEMPT
    assert reverse(f"{name}.exam_attempts", kwargs={"course_id": COURSE_ID}) == EXAM_ATTEMPTS


class TestActiveExams:
    def test_ones_own_without_asking_for_anybody(self, client, learner):
        first = AttemptFactory(user=learner, proctored_exam__course_id=ELSEWHERE, **RUNNING)
        second = AttemptFactory(user=learner, **RUNNING)
        allowance = AllowanceFactory(user=learner, proctored_exam=second.proctored_exam)
        AttemptFactory(user=learner, submitted=True)
        AttemptFactory(**RUNNING)
        answer = client.get(ACTIVE_EXAMS)
        assert (answer.status_code, answer.json()) == (
            200,
            as_json(
                [
                    {
                        "exam": exam_dict(second.proctored_exam),
                        "attempt": attempt_dict(second),
                        "allowances": [allowance_dict(allowance)],
                    },
                    {"exam": exam_dict(first.proctored_exam), "attempt": attempt_dict(first), "allowances": []},
                ]
            ),
        )

    @pytest.mark.parametrize("as_text", [True, False])
    def test_in_the_query_or_in_the_body(self, client, learner, as_text):
        own = str(learner.pk) if as_text else learner.pk
        AttemptFactory(user=learner, proctored_exam__course_id=ELSEWHERE, **RUNNING)
        here = AttemptFactory(user=learner, **RUNNING)
        asked = {"user_id": own, "course_id": COURSE_ID}
        for answer in (client.get(ACTIVE_EXAMS, asked), with_body(client, **asked)):
            assert [one["attempt"]["id"] for one in answer.json()] == [here.pk]
        assert len(with_body(client, user_id=own).json()) == 2

    def test_staff_of_the_site_see_everybody(self, site_staff, learner):
        AttemptFactory(user=learner, **RUNNING)
        assert len(site_staff.get(ACTIVE_EXAMS, {"user_id": learner.pk}).json()) == 1
        answer = site_staff.get(ACTIVE_EXAMS, {"user_id": 999_999})
        assert (answer.status_code, answer.json()) == (200, [])

    def test_staff_of_a_course_see_its_learners_there(self, course_staff, learner):
        AttemptFactory(user=learner, **RUNNING)
        AttemptFactory(user=learner, proctored_exam__course_id=ELSEWHERE, **RUNNING)
        asked = {"user_id": learner.pk}
        assert len(course_staff.get(ACTIVE_EXAMS, asked | {"course_id": COURSE_ID}).json()) == 1
        assert course_staff.get(ACTIVE_EXAMS, asked | {"course_id": ELSEWHERE}).status_code == 403
        assert course_staff.get(ACTIVE_EXAMS, asked).status_code == 403
        assert course_staff.get(ACTIVE_EXAMS, {"user_id": 999_999, "course_id": COURSE_ID}).json() == []

    def test_weakness_s11_learners_see_nobody_else(self, client):
        other = AttemptFactory(**RUNNING)
        asked = {"user_id": other.user_id, "course_id": COURSE_ID}
        for answer in (client.get(ACTIVE_EXAMS, asked), with_body(client, **asked), with_body(client, user_id=999_999)):
            assert (answer.status_code, set(answer.json())) == (403, {"detail"})

    def test_the_query_wins_and_a_body_cannot_get_around_it(self, course_staff, learner):
        AttemptFactory(user=learner, proctored_exam__course_id=ELSEWHERE, **RUNNING)
        body = json.dumps({"course_id": COURSE_ID})
        address = f"{ACTIVE_EXAMS}?user_id={learner.pk}&course_id={quote(ELSEWHERE, safe='')}"
        assert course_staff.generic("GET", address, body, "application/json").status_code == 403

    @pytest.mark.parametrize(
        "body",
        [
            {"user_id": "nobody"},
            {"user_id": 1.5},
            {"user_id": True},
            {"user_id": [1]},
            {"user_id": -1},
            {"user_id": 10**30},
            {"course_id": 7 * [1]},
            {"course_id": {}},
            {"course_id": "x" * 300},
        ],
    )
    def test_bad_input_is_400(self, client, site_staff, body):
        for caller in (client, site_staff):
            answer = with_body(caller, **body)
            assert (answer.status_code, set(answer.json())) == (400, {"detail"})

    @pytest.mark.parametrize("body", ["[]", '"text"', "7", "{", '{"course_id": "\\u0000"}'])
    def test_bodies_that_are_none_are_400(self, client, body):
        answer = client.generic("GET", ACTIVE_EXAMS, body, "application/json")
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})

    def test_what_is_left_empty_is_not_given(self, client, learner):
        AttemptFactory(user=learner, **RUNNING)
        assert len(client.get(ACTIVE_EXAMS, {"user_id": "", "course_id": ""}).json()) == 1
        assert len(with_body(client, user_id=None, course_id=None).json()) == 1

    def test_a_page_for_whom_asks_for_one(self, client, learner):
        AttemptFactory.create_batch(3, user=learner, **RUNNING)
        answer = client.get(ACTIVE_EXAMS, {"page": 2, "page_size": 2}).json()
        assert (len(answer["results"]), answer["count"]) == (1, 3)
        assert answer["pagination_info"]["total_pages"] == 2
        assert client.get(ACTIVE_EXAMS, {"page_size": "many"}).status_code == 400

    @pytest.mark.parametrize("running", [1, 15])
    def test_as_many_statements_however_many_run(self, client, learner, query_budget, running):
        for attempt in AttemptFactory.create_batch(running, user=learner, **RUNNING):
            AllowanceFactory(user=learner, proctored_exam=attempt.proctored_exam)
        with query_budget("proctored_exam.active_exams_for_user"):
            assert len(client.get(ACTIVE_EXAMS).json()) == running

    def test_other_methods(self, client):
        assert {client.post(ACTIVE_EXAMS).status_code, client.put(ACTIVE_EXAMS).status_code} == {405}


class TestExamAttempts:
    def shown(self, client, content_id=None, **query):
        asked = query if content_id is None else {"content_id": content_id, **query}
        answer = client.get(EXAM_ATTEMPTS, asked)
        assert answer.status_code == 200
        return answer.json()

    def test_nothing_asked_for_and_nothing_there(self, client):
        assert self.shown(client) == self.shown(client, "") == self.shown(client, "unknown") == NOTHING

    @pytest.mark.parametrize(
        "content_id", ["%", "%zz", "☃", "a" * 5000, "block-v1:", "/", "\\", "' OR 1=1", "\x00", "%00"]
    )
    def test_what_is_no_usage_key_finds_nothing(self, client, content_id):
        for mfe in ("true", "false"):
            answer = client.get(EXAM_ATTEMPTS, {"content_id": content_id, "is_learning_mfe": mfe})
            assert answer.status_code in {200, 400}
            assert answer.json() == NOTHING if answer.status_code == 200 else set(answer.json()) == {"detail"}

    def test_an_exam_of_this_course_only(self, client):
        exam = ExamFactory(course_id=ELSEWHERE)
        assert self.shown(client, exam.content_id) == NOTHING

    def test_an_exam_that_has_not_been_begun(self, client, learner, lms):
        exam = ExamFactory(backend="watcher")
        AllowanceFactory(user=learner, proctored_exam=exam, value="10")
        shown = self.shown(client, exam.content_id)
        assert shown["active_attempt"] == {}
        assert set(shown["exam"]) == set(exam_dict(exam)) | {
            "attempt",
            "type",
            "passed_due_date",
            "use_legacy_attempt_api",
            "total_time",
            "prerequisite_status",
        }
        assert shown["exam"]["attempt"] == {}
        assert (shown["exam"]["type"], shown["exam"]["total_time"]) == ("proctored", "1 hour and 40 minutes")
        assert shown["exam"]["prerequisite_status"]["are_prerequisites_satisifed"] is True

    @pytest.mark.parametrize("quoted", [0, 1, 2])
    def test_usage_keys_however_often_they_are_quoted(self, client, quoted):
        exam, content_id = ExamFactory(timed=True), ""
        content_id = exam.content_id
        for _ in range(quoted):
            content_id = quote(content_id, safe="")
        assert self.shown(client, content_id)["exam"].get("id") == (exam.pk if quoted < 2 else None)

    @pytest.mark.parametrize(
        ("flag", "mfe"), [("1", True), ("true", True), ("True", True), ("yes", False), ("", False)]
    )
    def test_addresses_of_the_learning_micro_frontend(self, client, learner, flag, mfe):
        attempt = AttemptFactory(user=learner, **RUNNING)
        exam = attempt.proctored_exam
        shown = self.shown(client, exam.content_id, is_learning_mfe=flag)
        assert shown["exam"]["attempt"] == shown["active_attempt"]
        in_mfe = f"https://learning.example/course/{COURSE_ID}/{exam.content_id}"
        assert (shown["active_attempt"]["exam_url_path"] == in_mfe) is mfe

    def test_what_runs_elsewhere_beside_an_exam(self, client, learner):
        over = AttemptFactory(user=learner, submitted=True)
        running = AttemptFactory(user=learner, proctored_exam__course_id=ELSEWHERE, **RUNNING)
        shown = self.shown(client, over.proctored_exam.content_id)
        assert shown["active_attempt"]["attempt_id"] == running.pk
        assert shown["exam"]["attempt"]["attempt_id"] == over.pk
        assert not {"total_time", "prerequisite_status", "onboarding_link"} & set(shown["exam"])

    def test_for_another_learner_only_staff_of_the_site(self, client, course_staff, site_staff, learner):
        attempt = AttemptFactory(user=learner, **RUNNING)
        for caller in (client, course_staff):
            answer = caller.get(EXAM_ATTEMPTS, {"user_id": learner.pk})
            assert (answer.status_code, set(answer.json())) == (403, {"detail"})
        assert self.shown(site_staff, user_id=learner.pk)["active_attempt"]["attempt_id"] == attempt.pk
        assert self.shown(site_staff) == NOTHING

    @pytest.mark.parametrize("user_id", ["nobody", "999999", "-1", "1.0", "٣", str(10**30)])
    @pytest.mark.parametrize("found", [True, False])
    def test_who_is_nobody_is_400(self, site_staff, client, user_id, found):
        asked = {"user_id": user_id, "content_id": ExamFactory().content_id if found else "unknown"}
        answer = site_staff.get(EXAM_ATTEMPTS, asked)
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})
        assert client.get(EXAM_ATTEMPTS, asked).status_code == 403

    def test_weakness_d7_onboarding_is_where_the_learner_can_do_it(self, site_staff, lms, learner):
        refused = AttemptFactory(user=learner, proctored_exam__backend="watcher", status=Status.onboarding_missing)
        rehearsal = ExamFactory(practice=True, backend="watcher")
        asked = {"user_id": learner.pk, "is_learning_mfe": "true"}
        link = f"https://learning.example/course/{COURSE_ID}/{rehearsal.content_id}"
        assert self.shown(site_staff, refused.proctored_exam.content_id, **asked)["exam"]["onboarding_link"] == link
        lms.dates.due = {learner.pk: timezone.now() - timedelta(days=1)}
        assert self.shown(site_staff, refused.proctored_exam.content_id, **asked)["exam"]["onboarding_link"] == ""

    def test_weakness_d6_an_earlier_decline_is_carried_over_to_the_learner_and_shown(self, site_staff, learner, lms):
        exam = ExamFactory(backend="watcher")
        lms.credit.state["credit_requirement_status"] = [
            {"namespace": "proctored_exam", "name": "other", "order": 1, "status": "declined"}
        ]
        shown = self.shown(site_staff, exam.content_id, user_id=learner.pk)["exam"]
        attempt = ProctoredExamStudentAttempt.objects.get()
        assert (attempt.user, attempt.status) == (learner, Status.declined)
        assert (shown["attempt"]["attempt_id"], shown["attempt"]["attempt_status"]) == (attempt.pk, "declined")
        assert self.shown(site_staff, exam.content_id, user_id=learner.pk)["exam"] == shown
        assert ProctoredExamStudentAttempt.objects.count() == 1

    @pytest.mark.parametrize("error", [OSError("down"), ValueError("no JSON"), TypeError()])
    def test_a_vendor_that_fails_costs_the_download_and_nothing_else(self, client, learner, vendor, monkeypatch, error):
        attempt = AttemptFactory(user=learner, proctored_exam__backend="watcher")

        def fail(_):
            raise error

        monkeypatch.setattr(vendor, "get_attempt", fail)
        shown = self.shown(client, attempt.proctored_exam.content_id)["exam"]["attempt"]
        assert (shown["attempt_status"], shown["software_download_url"]) == ("created", None)

    @pytest.mark.parametrize("answer", [{"download_url": "http://[oops"}, {"instructions": 7}, None, []])
    def test_nor_does_one_that_talks_nonsense(self, client, learner, vendor, monkeypatch, answer):
        attempt = AttemptFactory(user=learner, proctored_exam__backend="watcher")
        monkeypatch.setattr(vendor, "get_attempt", lambda _: answer)
        shown = self.shown(client, attempt.proctored_exam.content_id)["exam"]["attempt"]
        assert (shown["attempt_status"], shown["software_download_url"]) == ("created", None)

    @pytest.mark.parametrize("status", [Status.created, Status.started, Status.onboarding_missing])
    def test_a_vendor_that_has_left_the_settings(self, client, learner, status):
        attempt = AttemptFactory(user=learner, proctored_exam__backend="gone", status=status)
        ExamFactory(practice=True, backend="gone")
        shown = self.shown(client, attempt.proctored_exam.content_id)
        assert shown["exam"]["attempt"]["attempt_status"] == status

    def test_other_methods(self, client):
        assert {client.post(EXAM_ATTEMPTS).status_code, client.delete(EXAM_ATTEMPTS).status_code} == {405}


class TestReaders:
    """Weakness S13: an exam is there for those who may take it, for staff, and for whoever has an attempt."""

    @pytest.fixture(autouse=True)
    def _not_everybody_may(self, settings):
        settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[:1]

    def exam_of(self, client, exam):
        return client.get(EXAM_ATTEMPTS, {"content_id": exam.content_id}).json()["exam"].get("id")

    def test_proctored(self, client, course_staff, site_staff, learner):
        exam = ExamFactory()
        assert [self.exam_of(one, exam) for one in (client, course_staff, site_staff)] == [None, exam.pk, exam.pk]
        AttemptFactory(user=learner, proctored_exam=exam)
        assert self.exam_of(client, exam) == exam.pk

    def test_timed_ones_are_there_for_everybody_while_they_are_active(self, client, course_staff):
        exam, inactive = ExamFactory(timed=True), ExamFactory(timed=True, is_active=False)
        assert (self.exam_of(client, exam), self.exam_of(client, inactive)) == (exam.pk, None)
        assert self.exam_of(course_staff, inactive) == inactive.pk


class TestActiveAttempt:
    def test_the_newest_with_addresses_of_the_learning_micro_frontend(self, client, learner):
        AttemptFactory(user=learner, **RUNNING)
        newest = AttemptFactory(user=learner, proctored_exam__course_id=ELSEWHERE, **RUNNING)
        body = client.get(ACTIVE_ATTEMPT, {"is_learning_mfe": "false"}).json()
        assert body["attempt_id"] == newest.pk
        assert (
            body["exam_url_path"] == f"https://learning.example/course/{ELSEWHERE}/{newest.proctored_exam.content_id}"
        )

    def test_empty_without_one(self, client):
        answer = client.get(ACTIVE_ATTEMPT)
        assert (answer.status_code, answer.json()) == (200, {})

    def test_for_another_learner_only_staff_of_the_site(self, client, course_staff, site_staff, learner):
        attempt = AttemptFactory(user=learner, **RUNNING)
        for caller in (client, course_staff):
            assert caller.get(ACTIVE_ATTEMPT, {"user_id": learner.pk}).status_code == 403
        assert site_staff.get(ACTIVE_ATTEMPT, {"user_id": learner.pk}).json()["attempt_id"] == attempt.pk
        assert site_staff.get(ACTIVE_ATTEMPT, {"user_id": 999_999}).json() == {}
        assert site_staff.get(ACTIVE_ATTEMPT, {"user_id": "nobody"}).status_code == 400

    @pytest.mark.parametrize("content_id", ["no key", "☃", "a/b?c#d"])
    def test_exams_whose_keys_cannot_be_read(self, client, learner, content_id):
        AttemptFactory(user=learner, proctored_exam__content_id=content_id, **RUNNING)
        assert client.get(ACTIVE_ATTEMPT).status_code == 200
        assert client.get(EXAM_ATTEMPTS, {"content_id": content_id, "is_learning_mfe": 1}).status_code == 200

    @pytest.mark.parametrize("path", [f"/x{ACTIVE_ATTEMPT}", f"{ACTIVE_ATTEMPT}x", f"{ROUTES}/xactive_attempt"])
    def test_weakness_d19_the_route_has_a_beginning_and_an_end(self, client, path):
        assert client.get(path).status_code == 404


class TestCost:
    """Weakness P5: a poll costs the same however many exams the learner has behind them, and running."""

    @pytest.fixture(params=[1, 20])
    def many(self, request, learner):
        AttemptFactory.create_batch(request.param, user=learner, submitted=True)
        AttemptFactory.create_batch(request.param, user=learner, **RUNNING)
        return request.param

    def test_what_runs(self, client, many, query_budget):
        with query_budget("proctored_exam.active_attempt"):
            assert client.get(ACTIVE_ATTEMPT).json()

    def test_an_exam_to_begin(self, client, many, query_budget):
        exam = ExamFactory(backend="watcher")
        with query_budget("proctored_exam.exam_attempts"):
            assert client.get(EXAM_ATTEMPTS, {"content_id": exam.content_id}).json()["exam"]["total_time"]

    @pytest.mark.parametrize("status", [Status.created, Status.submitted, Status.onboarding_missing])
    def test_an_exam_with_an_attempt(self, client, learner, many, query_budget, status):
        exam = ExamFactory(backend="watcher")
        AttemptFactory.create_batch(many, user=learner, proctored_exam=exam, status=status)
        ExamFactory.create_batch(many, practice=True, backend="watcher")
        with query_budget("proctored_exam.exam_attempts"):
            assert client.get(EXAM_ATTEMPTS, {"content_id": exam.content_id}).json()["exam"]["attempt"]
