"""Exams over HTTP."""

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.models import OutboxMessage, ProctoredExam
from tests.factories import COURSE_ID, ExamFactory, UserFactory
from tests.proctoring.screen_fakes import EVERYBODY

pytestmark = pytest.mark.django_db
SESSIONS = "django.contrib.auth.backends.ModelBackend"
ELSEWHERE = "course-v1:Other+COURSE+2026"
EXAM = {
    "course_id": COURSE_ID,
    "content_id": "block-v1:Test+EXAMS+2026+type@sequential+block@final",
    "external_id": "theirs",
    "exam_name": "Final",
    "time_limit_mins": 90,
    "is_proctored": True,
    "is_practice_exam": False,
    "is_active": True,
    "hide_after_due": False,
}
FLAGS = ["is_proctored", "is_practice_exam", "is_active", "hide_after_due"]
DUE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def url(name="exam", **place):
    return reverse(f"edx_proctoring:proctored_exam.{name}", kwargs=place)


def one(exam_id):
    return url("exam_by_id", exam_id=exam_id)


def of_course(course_id=COURSE_ID):
    return url("exams_by_course_id", course_id=course_id)


def without(name):
    return {key: value for key, value in EXAM.items() if key != name}


@pytest.fixture
def site_staff(client_of):
    return client_of(UserFactory(staff=True))


@pytest.fixture
def course_staff(client_of, lms):
    user = UserFactory()
    lms.instructor.staff.add((user.pk, COURSE_ID))
    return client_of(user)


@pytest.fixture
def learner(client_of, settings):
    """Somebody who may take proctored exams."""
    settings.AUTHENTICATION_BACKENDS = [SESSIONS, EVERYBODY]
    return client_of(UserFactory())


@pytest.fixture
def stranger(client_of, settings):
    """Somebody who may not."""
    settings.AUTHENTICATION_BACKENDS = [SESSIONS]
    return client_of(UserFactory())


def test_routes_are_those_of_the_contract():
    start = "/api/edx_proctoring/v1/proctored_exam/exam"
    assert url() == start
    assert one(7) == f"{start}/exam_id/7"
    assert of_course() == f"{start}/course_id/{COURSE_ID}"
    assert url("exam_by_content_id", course_id="o/c/r", content_id="abc") == f"{start}/course_id/o/c/r/content_id/abc"


class TestCreate:
    @pytest.mark.parametrize("format", ["json", "multipart"])
    def test_an_exam_is_made(self, site_staff, format):
        answer = site_staff.post(url(), EXAM, format=format)
        exam = ProctoredExam.objects.get()
        assert (answer.status_code, answer.json()) == (200, {"exam_id": exam.pk})
        assert {name: getattr(exam, name) for name in EXAM} == EXAM
        assert (exam.backend, exam.due_date) == ("watcher", None)

    @pytest.mark.parametrize("format", ["json", "multipart"])
    @pytest.mark.parametrize(("yes", "no"), [("true", "false"), ("True", "False"), ("yes", "no"), ("1", "0")])
    def test_booleans_may_be_texts(self, site_staff, format, yes, no):
        texts = {name: yes if EXAM[name] else no for name in FLAGS}
        assert site_staff.post(url(), EXAM | texts | {"time_limit_mins": "90"}, format=format).status_code == 200
        exam = ProctoredExam.objects.get()
        assert {name: getattr(exam, name) for name in EXAM} == EXAM

    def test_a_timed_exam_of_a_form_is_told_to_no_vendor(self, site_staff, committed):
        with committed():
            assert site_staff.post(url(), EXAM | {"is_proctored": "False"}, format="multipart").status_code == 200
        assert not ProctoredExam.objects.get().is_proctored
        assert not OutboxMessage.objects.exists()

    def test_a_proctored_one_is_told_after_commit(self, site_staff, vendor, committed):
        with committed():
            site_staff.post(url(), EXAM, format="json")
        assert vendor.calls == [("exam", ProctoredExam.objects.get().pk, True)]

    @pytest.mark.parametrize("omitted", FLAGS)
    def test_what_a_form_leaves_out_is_no(self, site_staff, omitted):
        assert site_staff.post(url(), without(omitted), format="multipart").status_code == 200
        assert getattr(ProctoredExam.objects.get(), omitted) is False

    def test_weakness_d4_due_date_and_vendor_count(self, site_staff):
        more = {"due_date": DUE.isoformat(), "backend": "other", "id": 7}
        answer = site_staff.post(url(), EXAM | more, format="json")
        exam = ProctoredExam.objects.get()
        assert (exam.pk, exam.due_date, exam.backend) == (answer.json()["exam_id"], DUE, "other")

    def test_neither_has_to_be_said(self, site_staff):
        assert site_staff.post(url(), EXAM | {"due_date": None, "backend": None}, format="json").status_code == 200
        assert ProctoredExam.objects.get().backend == "watcher"

    @pytest.mark.parametrize("missing", EXAM)
    def test_every_field_is_needed(self, site_staff, missing):
        answer = site_staff.post(url(), without(missing), format="json")
        assert (answer.status_code, list(answer.json())) == (400, [missing])
        assert isinstance(answer.json()[missing], list)
        assert not ProctoredExam.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *[
                (name, value)
                for name in ("course_id", "content_id", "exam_name", "external_id")
                for value in ("", None)
            ],
            *[(name, "x" * 256) for name in ("course_id", "content_id", "external_id", "backend")],
            ("exam_name", ["a", "list"]),
            ("exam_name", True),
            *[("time_limit_mins", value) for value in ("soon", None, True, 1.5, 2**31, -(2**31), 10**30, [])],
            *[(name, value) for name in FLAGS for value in ("perhaps", None, 2, [], {})],
            ("due_date", "tomorrow"),
            ("due_date", 7),
            ("due_date", "9999-12-31T23:59:59-14:00"),
            ("backend", "gone"),
            ("backend", "DEFAULT"),
            ("id", "one"),
        ],
    )
    def test_what_is_wrong_is_said_of_its_field(self, site_staff, field, value):
        answer = site_staff.post(url(), EXAM | {field: value}, format="json")
        assert (answer.status_code, list(answer.json())) == (400, [field])
        assert not ProctoredExam.objects.exists()

    @pytest.mark.parametrize("body", ["[]", "[{}]", '"text"', "7", "null"])
    def test_a_body_that_is_no_object(self, site_staff, body):
        answer = site_staff.post(url(), body, content_type="application/json")
        assert (answer.status_code, list(answer.json())) == (400, ["non_field_errors"])
        assert not ProctoredExam.objects.exists()

    def test_one_exam_for_one_part_of_a_course(self, site_staff):
        site_staff.post(url(), EXAM, format="json")
        answer = site_staff.post(url(), EXAM | {"exam_name": "Again"}, format="json")
        assert (answer.status_code, list(answer.json())) == (400, ["non_field_errors"])
        assert ProctoredExam.objects.get().exam_name == "Final"

    def test_only_for_staff_of_the_site(self, course_staff, learner):
        for client in (APIClient(), course_staff, learner):
            assert client.post(url(), EXAM, format="json").status_code == 403
        assert not ProctoredExam.objects.exists()


class TestChange:
    @pytest.mark.parametrize("format", ["json", "multipart"])
    @pytest.mark.parametrize("as_text", [True, False])
    def test_what_is_named_changes(self, site_staff, format, as_text):
        exam = ExamFactory(due_date=DUE)
        changes = {"exam_name": "Renamed", "time_limit_mins": "30", "is_active": "false", "hide_after_due": "True"}
        exam_id = str(exam.pk) if as_text else exam.pk
        answer = site_staff.put(url(), {"exam_id": exam_id} | changes, format=format)
        assert (answer.status_code, answer.json()) == (200, {"exam_id": exam.pk})
        before, after = exam.external_id, ProctoredExam.objects.get()
        assert (after.exam_name, after.time_limit_mins, after.is_active) == ("Renamed", 30, False)
        assert (after.hide_after_due, after.is_proctored, after.external_id, after.due_date) == (
            True,
            True,
            before,
            DUE,
        )

    def test_null_changes_nothing_and_neither_does_what_cannot_be_changed(self, site_staff):
        exam = ExamFactory()
        before = site_staff.get(one(exam.pk)).json()
        unchanged = dict.fromkeys(
            ["exam_name", "time_limit_mins", "is_proctored", "is_practice_exam", "external_id", *FLAGS]
        )
        fixed = {"course_id": ELSEWHERE, "content_id": "other", "backend": "other", "due_date": DUE.isoformat()}
        assert site_staff.put(url(), {"exam_id": exam.pk} | unchanged | fixed, format="json").status_code == 200
        assert site_staff.get(one(exam.pk)).json() == before

    @pytest.mark.parametrize("exam_id", [None, "", "seven", [], True, 0, -1, 999_999, 10**30])
    def test_an_exam_nobody_knows(self, site_staff, exam_id):
        answer = site_staff.put(url(), {"exam_id": exam_id}, format="json")
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("exam_name", ""),
            ("exam_name", {}),
            ("time_limit_mins", "soon"),
            ("time_limit_mins", 2**31),
            ("external_id", "x" * 256),
            *[(name, "perhaps") for name in FLAGS],
        ],
    )
    def test_one_wrong_value_and_nothing_is_changed(self, site_staff, field, value):
        exam = ExamFactory()
        before = site_staff.get(one(exam.pk)).json()
        body = {"exam_id": exam.pk, "exam_name": "Renamed", field: value}
        answer = site_staff.put(url(), body, format="json")
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])
        assert site_staff.get(one(exam.pk)).json() == before

    @pytest.mark.parametrize("body", [{}, [], "text", None])
    def test_a_body_that_names_no_exam(self, site_staff, body):
        answer = site_staff.put(url(), body, format="json")
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    def test_only_for_staff_of_the_site(self, course_staff, learner):
        exam = ExamFactory()
        body = {"exam_id": exam.pk, "exam_name": "Renamed", "course_id": COURSE_ID}
        for client in (APIClient(), course_staff, learner):
            assert client.put(url(), body, format="json").status_code == 403
        assert ProctoredExam.objects.get().exam_name == exam.exam_name


class TestRead:
    def ways(self, exam):
        """Every address of one exam."""
        place = {"course_id": exam.course_id, "content_id": exam.content_id}
        by_id, by_place = {"exam_id": exam.pk}, place
        return [
            (one(exam.pk), {}),
            (url("exam_by_content_id", **place), {}),
            (url(), by_id),
            (url(), by_place),
        ]

    def test_an_exam_as_the_contract_has_it(self, learner, query_budget):
        exam = ExamFactory(due_date=DUE)
        for address, query in self.ways(exam):
            with query_budget("proctored_exam.exam"):
                answer = learner.get(address, query)
            assert answer.status_code == 200
            assert answer.json() == {
                "id": exam.pk,
                "course_id": exam.course_id,
                "content_id": exam.content_id,
                "external_id": exam.external_id,
                "exam_name": exam.exam_name,
                "time_limit_mins": 90,
                "is_proctored": True,
                "is_practice_exam": False,
                "is_active": True,
                "due_date": "2026-05-04T09:00:00Z",
                "hide_after_due": False,
                "backend": "null",
            }

    def test_weakness_s13_staff_read_everything_and_learners_what_they_may_take(self, course_staff, stranger):
        timed, proctored = ExamFactory(timed=True), ExamFactory()
        inactive, elsewhere = ExamFactory(timed=True, is_active=False), ExamFactory(course_id=ELSEWHERE)
        for exam, for_staff, for_stranger in [
            (timed, 200, 200),
            (proctored, 200, 403),
            (inactive, 200, 403),
            (elsewhere, 403, 403),
        ]:
            for address, query in self.ways(exam):
                assert course_staff.get(address, query).status_code == for_staff
                assert stranger.get(address, query).status_code == for_stranger
                assert APIClient().get(address, query).status_code == 403

    def test_an_exam_nobody_knows_is_400(self, site_staff):
        place = {"course_id": COURSE_ID, "content_id": "nothing"}
        addresses = [(one(0), {}), (one(999_999), {}), (one(10**30), {})]
        addresses += [(url("exam_by_content_id", **place), {}), (url(), place), (url(), {"exam_id": 999_999})]
        addresses += [(url(), {}), (url(), {"exam_id": "seven"}), (url(), {"course_id": COURSE_ID})]
        for address, query in addresses:
            answer = site_staff.get(address, query)
            assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    def test_other_methods_are_405(self, site_staff):
        exam = ExamFactory()
        place = {"course_id": exam.course_id, "content_id": exam.content_id}
        for address in (one(exam.pk), url("exam_by_content_id", **place), of_course()):
            for method in (site_staff.put, site_staff.post, site_staff.delete):
                answer = method(address, EXAM, format="json")
                assert (answer.status_code, list(answer.json())) == (405, ["detail"])


class TestCourse:
    def test_the_active_exams_of_the_course_oldest_first(self, course_staff):
        exams = [ExamFactory(), ExamFactory(timed=True), ExamFactory(practice=True)]
        ExamFactory(is_active=False)
        ExamFactory(course_id=ELSEWHERE)
        found = course_staff.get(of_course()).json()
        assert [exam["id"] for exam in found] == [exam.pk for exam in exams]
        assert found[0] == course_staff.get(one(exams[0].pk)).json()

    def test_a_course_nobody_knows_has_none(self, learner):
        answer = learner.get(of_course("course-v1:Nobody+KNOWS+it"))
        assert (answer.status_code, answer.json()) == (200, [])

    def test_weakness_s13_learners_see_what_they_may_take(self, stranger, lms):
        timed, _ = ExamFactory(timed=True), ExamFactory()
        assert [exam["id"] for exam in stranger.get(of_course()).json()] == [timed.pk]

    def test_the_hosts_permission_is_about_each_exam(self, client_of, settings):
        settings.AUTHENTICATION_BACKENDS = [SESSIONS, "tests.proctoring.rest.test_exams.OddExamsOnly"]
        ExamFactory(exam_name="even")
        ExamFactory(exam_name="odd")
        client = client_of(UserFactory())
        assert [exam["exam_name"] for exam in client.get(of_course()).json()] == ["odd"]
        assert client.get(of_course(), {"page": 1}).json()["count"] == 1

    @pytest.mark.parametrize("exams", [1, 12])
    def test_as_many_statements_for_many_exams_as_for_one(self, learner, site_staff, lms, exams, query_budget):
        ExamFactory.create_batch(exams)
        ExamFactory.create_batch(exams, timed=True)
        with query_budget("proctored_exam.exams.learner"):
            assert len(learner.get(of_course()).json()) == exams * 2
        with query_budget("proctored_exam.exams.staff"):
            assert len(site_staff.get(of_course()).json()) == exams * 2

    def test_a_page_where_one_is_asked_for(self, site_staff):
        ExamFactory.create_batch(3)
        page = site_staff.get(of_course(), {"page": 2, "page_size": 2}).json()
        assert (len(page["results"]), page["count"], page["pagination_info"]["total_pages"]) == (1, 3, 2)
        assert site_staff.get(of_course(), {"page_size": "many"}).status_code == 400

    def test_a_long_list_is_complete(self, learner):
        ExamFactory.create_batch(501, timed=True)
        answer = learner.get(of_course())
        assert answer.streaming
        assert len(json.loads(answer.getvalue())) == 501

    def test_nobody_is_403(self):
        assert APIClient().get(of_course()).status_code == 403


class OddExamsOnly:
    """A host whose rule looks at more than the course."""

    def authenticate(self, request, **credentials):
        return None

    def has_perm(self, user, permission, exam=None):
        return exam is not None and exam["exam_name"] == "odd"
