"""All exams of a course, registered at once over HTTP."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.models import OutboxMessage, ProctoredExam
from tests.factories import COURSE_ID, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
FLAGS = ["is_proctored", "is_practice_exam", "is_active", "hide_after_due"]
NEEDED = ["content_id", "exam_name", "time_limit_mins", *FLAGS]


def address(course_id=COURSE_ID):
    return reverse("edx_proctoring:proctored_exam.register_exams_by_course_id", args=[course_id])


def item(content_id, **fields):
    return {
        "course_id": COURSE_ID,
        "content_id": content_id,
        "exam_name": "Final",
        "time_limit_mins": 90,
        "is_proctored": True,
        "is_practice_exam": False,
        "is_active": True,
        "hide_after_due": False,
    } | fields


def without(name):
    return {key: value for key, value in item("bad").items() if key != name}


def stored(*columns):
    return list(ProctoredExam.objects.order_by("pk").values_list("content_id", *columns))


@pytest.fixture
def client(client_of):
    return client_of(UserFactory(staff=True))


@pytest.fixture
def patch(client):
    return lambda body, course_id=COURSE_ID: client.patch(address(course_id), body, format="json")


def test_the_route_is_the_contracts():
    assert address() == f"/api/edx_proctoring/v1/proctored_exam/exam_registration/course_id/{COURSE_ID}"


class TestCarriedOut:
    def test_ids_come_in_the_order_of_the_request(self, patch):
        old = ExamFactory(content_id="old", is_active=False)
        answer = patch([item("new"), item("old", exam_name="Renamed"), item("newer", backend="other")])
        new, newer = (ProctoredExam.objects.get(content_id=name) for name in ("new", "newer"))
        assert answer.status_code == 200
        assert answer.json() == [{"exam_id": new.pk}, {"exam_id": old.pk}, {"exam_id": newer.pk}]
        assert stored("exam_name", "is_active", "backend") == [
            ("old", "Renamed", True, "null"),
            ("new", "Final", True, "watcher"),
            ("newer", "Final", True, "other"),
        ]

    def test_what_is_not_mentioned_is_neither_active_nor_proctored(self, patch):
        ExamFactory(content_id="old"), ExamFactory(content_id="other", course_id="course-v1:Other+C+1")
        assert patch([item("new")]).json() == [{"exam_id": ProctoredExam.objects.get(content_id="new").pk}]
        assert stored("is_active", "is_proctored") == [
            ("old", False, False),
            ("other", True, True),
            ("new", True, True),
        ]

    def test_an_empty_list_ends_everything(self, patch):
        ExamFactory.create_batch(2)
        answer = patch([])
        assert (answer.status_code, answer.json()) == (200, [])
        assert not ProctoredExam.objects.filter(is_active=True).exists()

    def test_what_is_not_said_stays_but_for_the_due_date(self, patch):
        ExamFactory(content_id="old", backend="other", external_id="theirs", due_date=DUE)
        patch([item("old", backend=None, external_id=None)])
        assert stored("backend", "external_id", "due_date") == [("old", "other", "theirs", None)]

    def test_what_is_said_counts(self, patch):
        ExamFactory(content_id="old")
        fields = {"external_id": "new id", "due_date": "2026-05-04T11:00:00+02:00", "hide_after_due": True}
        patch([item("old", **fields, time_limit_mins="30", is_practice_exam="true")])
        columns = "external_id", "due_date", "hide_after_due", "time_limit_mins", "is_practice_exam"
        assert stored(*columns) == [("old", "new id", DUE, True, 30, True)]

    def test_weakness_d5_what_can_be_read_can_be_sent_back(self, client, patch):
        for fields in ({"backend": None}, {"timed": True}, {"practice": True, "due_date": DUE}):
            ExamFactory(**fields)
        course = reverse("edx_proctoring:proctored_exam.exams_by_course_id", args=[COURSE_ID])
        read = client.get(course).json()
        answer = patch(read)
        assert answer.json() == [{"exam_id": exam["id"]} for exam in read]
        assert client.get(course).json() == read

    @pytest.mark.parametrize("course_id", ["course-v1:Other+C+1", None])
    def test_weakness_d5_the_course_is_the_addresses(self, patch, course_id):
        patch([item("new", course_id=course_id), without("course_id")])
        assert stored("course_id") == [("new", COURSE_ID), ("bad", COURSE_ID)]

    def test_vendors_hear_of_it_after_commit(self, patch, vendor, committed):
        ExamFactory(content_id="old", backend="watcher")
        vendor.forget()
        OutboxMessage.objects.all().delete()
        with committed():
            patch([item("new"), item("timed", is_proctored=False)])
        ids = dict(stored("pk"))
        assert sorted(vendor.calls) == sorted([("exam", ids["old"], False), ("exam", ids["new"], True)])

    def test_statements(self, client, query_budget):
        with query_budget("proctored_exam.registration.of_nothing"):
            client.patch(address(), [], format="json")
        ExamFactory.create_batch(10)
        items = [item(exam.content_id) for exam in ProctoredExam.objects.all()]
        with query_budget("proctored_exam.registration.of_ten"):
            client.patch(address(), items, format="json")
        ProctoredExam.objects.exclude(content_id=items[0]["content_id"]).update(is_active=False)
        with query_budget("proctored_exam.registration.of_one"):
            client.patch(address(), items[:1], format="json")


class TestRefused:
    @pytest.fixture(autouse=True)
    def _unchanged(self):
        ExamFactory(content_id="old", exam_name="As it was")
        before, messages = stored("exam_name", "is_active"), OutboxMessage.objects.count()
        yield
        assert (stored("exam_name", "is_active"), OutboxMessage.objects.count()) == (before, messages)

    @pytest.mark.parametrize("missing", NEEDED)
    def test_every_item_has_its_errors(self, patch, missing):
        answer = patch([item("old", exam_name="Changed"), without(missing), item("new")])
        assert answer.status_code == 422
        first, second, third = answer.json()
        assert (first, list(second), third) == ({}, [missing], {})
        assert isinstance(second[missing], list)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *[(name, value) for name in ("content_id", "exam_name", "external_id", "backend") for value in ("", [])],
            *[(name, "x" * 256) for name in ("content_id", "external_id", "backend")],
            *[("time_limit_mins", value) for value in ("soon", None, 2**31, 1.5)],
            *[(name, value) for name in FLAGS for value in ("perhaps", None)],
            ("due_date", "soon"),
            ("backend", "gone"),
            ("backend", "DEFAULT"),
            ("course_id", {}),
        ],
    )
    def test_values_that_cannot_be(self, patch, field, value):
        answer = patch([item("old", exam_name="Changed"), item("new") | {field: value}])
        assert (answer.status_code, answer.json()[0], list(answer.json()[1])) == (422, {}, [field])

    @pytest.mark.parametrize("bad", ["text", 7, [], None, True])
    def test_an_item_that_is_no_object(self, patch, bad):
        answer = patch([item("old", exam_name="Changed"), bad])
        assert (answer.status_code, answer.json()[0]) == (422, {})
        assert isinstance(answer.json()[1], dict)
        assert answer.json()[1]

    @pytest.mark.parametrize("body", ["{}", '"text"', "7", "null", "true", '{"0": {}}'])
    def test_a_body_that_is_no_list(self, client, body):
        answer = client.patch(address(), body, content_type="application/json")
        assert (answer.status_code, list(answer.json())) == (422, ["non_field_errors"])

    @pytest.mark.parametrize("format", ["multipart", None])
    @pytest.mark.parametrize("body", [{}, {"content_id": "old"}, {"[0]content_id": "old"}])
    def test_a_form_ends_no_exams(self, client, format, body):
        answer = client.patch(address(), body, format=format)
        assert (answer.status_code, list(answer.json())) == (422, ["non_field_errors"])

    def test_weakness_x5_the_same_part_of_the_course_twice(self, patch):
        answer = patch([item("new"), item("old"), item("new", exam_name="Again")])
        assert answer.status_code == 422
        assert [list(errors) for errors in answer.json()] == [["content_id"], [], ["content_id"]]

    def test_more_exams_than_a_course_has(self, patch):
        answer = patch([item(f"exam {number}") for number in range(1001)])
        assert (answer.status_code, list(answer.json())) == (422, ["non_field_errors"])

    def test_half_a_list_is_400(self, client):
        answer = client.patch(address(), "[{", content_type="application/json")
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    def test_a_course_no_database_can_hold(self, patch):
        answer = patch([item("new")], f"course-v1:Test+EXAMS+{'x' * 255}")
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])

    def test_only_for_staff_of_the_site(self, client_of, lms):
        staff, learner = UserFactory(), UserFactory()
        lms.instructor.staff.add((staff.pk, COURSE_ID))
        for client in (APIClient(), client_of(staff), client_of(learner)):
            for body in ([], [item("new")], {}):
                assert client.patch(address(), body, format="json").status_code == 403

    def test_other_methods_are_405(self, client):
        for method in (client.get, client.post, client.put, client.delete):
            assert method(address()).status_code == 405
