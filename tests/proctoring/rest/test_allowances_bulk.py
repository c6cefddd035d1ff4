"""The same for many learners at many exams, over HTTP."""

import json

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.models import ProctoredExamStudentAllowance
from proctoring.rest.allowances import MAX_PAIRS
from tests.factories import COURSE_ID, ExamFactory, UserFactory
from tests.proctoring.rest.test_allowances import ELSEWHERE, JSON_AND_FORMS, nothing_said, refused, sent, stored

pytestmark = pytest.mark.django_db
TIME = "additional_time_granted"
MULTIPLE = "time_multiplier"
NOTE = "review_policy_exception"
BASE = "/api/edx_proctoring/v1/proctored_exam"
ANYWHERE, IN_COURSE = f"{BASE}/bulk_allowance", f"{BASE}/{COURSE_ID}/bulk_allowance"
BOTH = pytest.mark.parametrize("url", [ANYWHERE, IN_COURSE], ids=["14", "15"])


def shown_under(answer, field):
    body = answer.json()
    return answer.status_code == 400 and set(body) == {"detail", "field"} and body["field"] == field


@pytest.fixture
def staff(lms):
    """Staff of the course."""
    user = UserFactory()
    lms.instructor.staff.add((user.pk, COURSE_ID))
    return user


@pytest.fixture
def client(client_of, staff):
    return client_of(staff)


@pytest.fixture
def exams():
    return ExamFactory.create_batch(2)


@pytest.fixture
def users():
    return UserFactory.create_batch(2)


@pytest.fixture
def body(exams, users):
    """What the panel sends."""
    return {
        "course_id": COURSE_ID,
        "exam_ids": f"{exams[0].pk},{exams[1].pk},",
        "user_ids": f" {users[0].username} ,, {users[1].email},{users[0].username}\n",
        "allowance_type": TIME,
        "value": "15",
    }


def test_routes_are_those_of_the_contract():
    assert reverse("edx_proctoring:proctored_exam.bulk_allowance") == ANYWHERE
    assert reverse("edx_proctoring:proctored_exam.bulk_allowance", args=[COURSE_ID]) == IN_COURSE


@BOTH
class TestEverybody:
    @JSON_AND_FORMS
    def test_what_the_panel_sends(self, client, url, body, exams, users, how):
        assert nothing_said(client.put(url, **sent(how, body)))
        assert stored() == [(exam.pk, user.pk, TIME, "15") for exam in exams for user in users]

    def test_weakness_9_3_lists_and_numbers(self, client, url, body, exams, users):
        body |= {"exam_ids": [exams[0].pk, str(exams[1].pk)], "user_ids": [users[0].pk, users[1].username], "value": 15}
        assert nothing_said(client.put(url, body, format="json"))
        assert stored() == [(exam.pk, user.pk, TIME, "15") for exam in exams for user in users]

    def test_digits_in_a_text_are_a_username(self, client, url, body, users):
        digits = str(users[0].pk)
        for named in (digits, [digits]):
            assert shown_under(client.put(url, body | {"user_ids": named}, format="json"), "user_info")
        named = UserFactory(username=digits)
        assert nothing_said(client.put(url, body | {"user_ids": [digits]}, format="json"))
        assert {row[1] for row in stored()} == {named.pk}

    @pytest.mark.parametrize("value", ["1.5", 1.5, " 1.5 "])
    def test_a_multiple_is_minutes_of_each_exam(self, client, url, body, users, value):
        exams = [ExamFactory(time_limit_mins=limit) for limit in (90, 7)]
        wanted = {"exam_ids": [exam.pk for exam in exams], "user_ids": users[0].username}
        wanted |= {"allowance_type": MULTIPLE, "value": value}
        assert nothing_said(client.put(url, body | wanted, format="json"))
        assert [row[2:] for row in stored()] == [(TIME, "45"), (TIME, "4")]

    @pytest.mark.parametrize(("kind", "value", "text"), [(NOTE, "", ""), (NOTE, 5, "5"), ("of_our_own", 1.5, "1.5")])
    def test_other_kinds_hold_texts_and_numbers(self, client, url, body, kind, value, text):
        assert nothing_said(client.put(url, body | {"allowance_type": kind, "value": value}, format="json"))
        assert {row[2:] for row in stored()} == {(kind, text)}

    @pytest.mark.parametrize("size", [1, 20])
    def test_the_statements_do_not_grow(self, client, url, body, query_budget, size):
        names = ",".join(user.username for user in UserFactory.create_batch(size))
        with query_budget("proctored_exam.bulk_allowance"):
            assert nothing_said(client.put(url, body | {"user_ids": names}))
        assert len(stored()) == 2 * size


@BOTH
class TestSomebody:
    def test_weakness_d3_each_pair_says_what_came_of_it_in_the_order_of_the_request(
        self, client, url, body, exams, users
    ):
        inactive = ExamFactory(is_active=False)
        known, name = str(exams[0].pk), users[0].username
        wanted = {"exam_ids": f"999999,{known},{inactive.pk}", "user_ids": f"nobody,{name}"}
        answer = client.put(url, body | wanted)
        assert answer.status_code == 207
        told = answer.json()
        pairs = [(exam, user) for exam in ("999999", known, str(inactive.pk)) for user in ("nobody", name)]
        assert [(one["exam_id"], one["user_id"]) for one in told] == pairs
        assert [one["success"] for one in told] == [False, False, False, True, False, False]
        assert all(bool(one.get("detail")) is not one["success"] for one in told)
        assert stored() == [(exams[0].pk, users[0].pk, TIME, "15")]

    def test_ids_in_the_answer_are_texts(self, client, url, body, exams, users):
        wanted = {"exam_ids": [exams[0].pk], "user_ids": [users[0].pk, 999_999]}
        told = client.put(url, body | wanted, format="json").json()
        ids = [{"exam_id": str(exams[0].pk), "user_id": user_id} for user_id in (str(users[0].pk), "999999")]
        assert [{name: one[name] for name in ("exam_id", "user_id")} for one in told] == ids


@BOTH
class TestNobody:
    @pytest.mark.parametrize("people", ["nobody", "", " , ", [], None, [10**30]])
    def test_unknown_and_no_learners(self, client, url, body, people):
        answer = client.put(url, body | {"user_ids": people}, format="json")
        assert shown_under(answer, "user_info")
        assert "username" in answer.json()["detail"]

    def test_weakness_d3_the_learners_are_not_blamed_for_the_exams(self, client, url, body):
        inactive = ExamFactory(is_active=False)
        answer = client.put(url, body | {"exam_ids": str(inactive.pk)})
        assert shown_under(answer, "user_info")
        assert "active" in answer.json()["detail"]

    def test_nor_for_both_at_once(self, client, url, body, users):
        wanted = {"exam_ids": f"{ExamFactory(is_active=False).pk}", "user_ids": f"nobody,{users[0].username}"}
        answer = client.put(url, body | wanted)
        assert shown_under(answer, "user_info")
        assert "exams" in answer.json()["detail"]

    @pytest.mark.parametrize("exam_ids", ["", "999999", " , ", [], None, [999_999]])
    def test_without_an_exam(self, client_of, url, body, exam_ids):
        site = client_of(UserFactory(staff=True))
        answer = site.put(url, body | {"exam_ids": exam_ids}, format="json")
        assert shown_under(answer, "user_info")
        assert "exam" in answer.json()["detail"]
        assert stored() == []


@BOTH
class TestBadInput:
    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            *[(TIME, value) for value in ("-5", "five", "1.5", "", -5, 1.5, True, None, [], {}, "\u0663")],
            *[(MULTIPLE, value) for value in ("0.9", "-2", "nan", "inf", "two", "", None, [], True, 1e400, 10**400)],
            (NOTE, None),
            (NOTE, []),
            (NOTE, "v" * 256),
        ],
    )
    def test_weakness_9_3_values(self, client, url, body, kind, value):
        wanted = json.dumps(body | {"allowance_type": kind, "value": value})
        answer = client.put(url, wanted, content_type="application/json")
        # The framework's parser takes no infinite numbers.
        assert shown_under(answer, "allowance_value") or (value == 1e400 and refused(answer))
        assert ("number" in answer.json()["detail"]) == (kind != NOTE) or value == 1e400
        assert stored() == []

    @pytest.mark.parametrize("name", ["exam_ids", "user_ids"])
    @pytest.mark.parametrize("value", [7, True, [[1]], [None], [True], ["a\x00b"], [1.5], "1,\ud800", ["1", "\ud800"]])
    def test_weakness_9_3_what_is_no_list(self, client, url, body, name, value):
        wanted = json.dumps(body | {name: value})
        assert refused(client.put(url, wanted, content_type="application/json"))
        assert stored() == []

    @pytest.mark.parametrize("word", ["seven", "1.5", "-1", "0", "\u0663", "9" * 30])
    def test_weakness_9_3_words_for_exams(self, client, url, body, exams, word):
        for exam_ids in (f"{exams[0].pk},{word}", [exams[0].pk, word]):
            assert refused(client.put(url, body | {"exam_ids": exam_ids}, format="json"))
        assert stored() == []

    @pytest.mark.parametrize("kind", [None, "", [], "k" * 256, True, "\ud800"])
    def test_weakness_9_3_kinds(self, client, url, body, kind):
        wanted = body | {"allowance_type": kind}
        answer = client.put(url, json.dumps(wanted), content_type="application/json")
        assert answer.status_code == 400
        assert stored() == []

    @pytest.mark.parametrize("whole", [[], "text", None, 5])
    def test_weakness_9_3_bodies_that_are_no_objects(self, client, url, whole):
        assert refused(client.put(url, json.dumps(whole), content_type="application/json"))

    def test_too_many_at_once(self, client, url, body, exams):
        many = [f"u{number}" for number in range(MAX_PAIRS // 2 + 1)]
        assert refused(client.put(url, body | {"user_ids": many}, format="json"))
        nobody = {"exam_ids": list(range(1, MAX_PAIRS + 2)), "user_ids": []}
        assert refused(client.put(url, body | nobody, format="json"))


class TestWhoMay:
    @pytest.fixture
    def elsewhere(self, lms):
        user = UserFactory()
        lms.instructor.staff.add((user.pk, ELSEWHERE))
        return user

    @BOTH
    @pytest.mark.parametrize("course_id", [None, ELSEWHERE, COURSE_ID])
    def test_weakness_s1_not_staff_of_another_course_nor_learners(self, client_of, elsewhere, url, body, course_id):
        body |= {"course_id": course_id}
        for user in (elsewhere, UserFactory()):
            assert refused(client_of(user).put(url, body, format="json"), 403)
            for exam_ids in ("", "999999", "seven"):
                assert refused(client_of(user).put(url, body | {"exam_ids": exam_ids}, format="json"), 403)
        assert refused(APIClient().put(url, body, format="json"), 403)
        assert stored() == []

    def test_weakness_s1_one_exam_of_another_course_refuses_all(self, client, body, exams):
        foreign = ExamFactory(course_id=ELSEWHERE)
        assert refused(client.put(ANYWHERE, body | {"exam_ids": f"{exams[0].pk},{foreign.pk}"}), 403)
        assert stored() == []

    def test_weakness_s1_in_a_course_exams_of_others_are_not_there(self, client_of, client, body, exams, users):
        foreign = ExamFactory(course_id=ELSEWHERE)
        for caller in (client, client_of(UserFactory(staff=True))):
            answer = caller.put(IN_COURSE, body | {"exam_ids": f"{foreign.pk},{exams[0].pk}"})
            told = answer.json()
            assert (answer.status_code, [one["success"] for one in told]) == (207, [False, False, True, True])
            assert shown_under(caller.put(IN_COURSE, body | {"exam_ids": str(foreign.pk)}), "user_info")
        assert {row[0] for row in stored()} == {exams[0].pk}

    def test_staff_of_two_courses_grant_in_both_at_once(self, client_of, lms, elsewhere, body, exams):
        lms.instructor.staff.add((elsewhere.pk, COURSE_ID))
        foreign = ExamFactory(course_id=ELSEWHERE)
        wanted = body | {"exam_ids": [exams[0].pk, foreign.pk], "course_id": "of no matter"}
        assert nothing_said(client_of(elsewhere).put(ANYWHERE, wanted, format="json"))
        assert {row[0] for row in stored()} == {exams[0].pk, foreign.pk}

    @BOTH
    def test_other_methods_are_405(self, client, url):
        answers = [client.get(url), client.post(url, {}), client.delete(url), client.patch(url, {})]
        assert [answer.status_code for answer in answers] == [405] * 4


def test_what_is_there_is_replaced(client, body, exams, users):
    for value in ("15", "20", "20"):
        assert nothing_said(client.put(ANYWHERE, body | {"value": value}))
    assert {row[3] for row in stored()} == {"20"}
    assert ProctoredExamStudentAllowance.objects.count() == 4
