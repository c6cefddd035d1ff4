"""What learners are granted, over HTTP: one at a time, and the lists of a course."""

import json

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.models import ProctoredExamStudentAllowance, ProctoredExamStudentAllowanceHistory
from tests.factories import COURSE_ID, AllowanceFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Allowance = ProctoredExamStudentAllowance
TIME = "additional_time_granted"
NOTE = "review_policy_exception"
ELSEWHERE = "course-v1:Other+COURSE+2026"
BASE = "/api/edx_proctoring/v1/proctored_exam"
ONE = f"{BASE}/allowance"
LIST = f"{BASE}/{COURSE_ID}/allowance"
GROUPED = f"{BASE}/{COURSE_ID}/grouped/allowance"
JSON_AND_FORMS = pytest.mark.parametrize(
    "how",
    [{"format": "json"}, {"format": "multipart"}, {"content_type": "application/x-www-form-urlencoded"}],
    ids=["json", "multipart", "form"],
)


def sent(how, body):
    """The body as the client's ``format`` or ``content_type`` wants it."""
    if "content_type" in how:
        return {"data": "&".join(f"{name}={value}" for name, value in body.items()), **how}
    return {"data": body, **how}


def stored():
    rows = Allowance.objects.order_by("proctored_exam", "user", "key")
    return list(rows.values_list("proctored_exam_id", "user_id", "key", "value"))


def nothing_said(answer):
    return (answer.status_code, answer.content, answer.headers.get("Content-Type")) == (200, b"", None)


def refused(answer, status=400):
    return answer.status_code == status and set(answer.json()) == {"detail"} and bool(answer.json()["detail"])


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
def site(client_of, lms):
    return client_of(UserFactory(staff=True))


def test_routes_are_those_of_the_contract():
    assert reverse("edx_proctoring:proctored_exam.allowance") == ONE
    assert reverse("edx_proctoring:proctored_exam.allowance", args=[COURSE_ID]) == LIST
    assert reverse("edx_proctoring:proctored_exam.allowance.grouped.course", args=[COURSE_ID]) == GROUPED


class TestGrant:
    @JSON_AND_FORMS
    @pytest.mark.parametrize("called", ["username", "email"])
    def test_a_learner_called_by_name_or_address(self, client, how, called):
        exam, user = ExamFactory(), UserFactory()
        body = {"exam_id": exam.pk, "user_info": getattr(user, called), "key": TIME, "value": "30"}
        assert nothing_said(client.put(ONE, **sent(how, body)))
        assert stored() == [(exam.pk, user.pk, TIME, "30")]

    def test_a_number_is_a_primary_key_and_digits_are_a_username(self, client):
        exam, user = ExamFactory(), UserFactory()
        body = {"exam_id": f" {exam.pk} ", "key": TIME, "value": "30"}
        assert nothing_said(client.put(ONE, {**body, "user_info": user.pk}, format="json"))
        assert refused(client.put(ONE, {**body, "user_info": str(user.pk)}, format="json"))
        named = UserFactory(username=str(user.pk))
        assert nothing_said(client.put(ONE, {**body, "user_info": str(user.pk)}, format="json"))
        assert [row[1] for row in stored()] == [user.pk, named.pk]

    def test_the_second_replaces_the_first_which_is_kept(self, client):
        exam, user = ExamFactory(), UserFactory()
        for value in ("30", "45"):
            body = {"exam_id": exam.pk, "user_info": user.username, "key": TIME, "value": value}
            assert nothing_said(client.put(ONE, body))
        assert stored() == [(exam.pk, user.pk, TIME, "45")]
        assert ProctoredExamStudentAllowanceHistory.objects.get().value == "30"

    @pytest.mark.parametrize(("key", "value", "text"), [(TIME, 15, "15"), (TIME, 0, "0"), (NOTE, 1.5, "1.5")])
    def test_weakness_9_3_json_numbers_are_values(self, client, key, value, text):
        body = {"exam_id": ExamFactory().pk, "user_info": UserFactory().username, "key": key, "value": value}
        assert nothing_said(client.put(ONE, body, format="json"))
        assert stored()[0][2:] == (key, text)

    @pytest.mark.parametrize("value", ["", "May leave the desk.", "Ünïcode ✓"])
    def test_other_kinds_hold_any_text(self, client, value):
        body = {"exam_id": ExamFactory().pk, "user_info": UserFactory().username, "key": "of_our_own", "value": value}
        assert nothing_said(client.put(ONE, body))
        assert stored()[0][2:] == ("of_our_own", value)

    @pytest.mark.parametrize(
        "value", ["-5", "1.5", "five", "", -5, 1.5, True, None, [], {}, "9" * 256, "\u0663", "5\x00"]
    )
    def test_values_that_are_no_time(self, client, value):
        body = {"exam_id": ExamFactory().pk, "user_info": UserFactory().username, "key": TIME, "value": value}
        assert refused(client.put(ONE, body, format="json"))
        assert stored() == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {"user_info": "nobody"},
            {"user_info": 999_999},
            {"user_info": -1},
            {"user_info": 10**30},
            {"user_info": None},
            {"user_info": True},
            {"user_info": []},
            {"user_info": ""},
            {"user_info": "a\x00b"},
            {"user_info": "\ud800"},
            {"key": None},
            {"key": ""},
            {"key": ["a"]},
            {"key": "k" * 256},
            {"key": "\ud800"},
            {"value": None},
            {"key": NOTE, "value": {}},
            {"key": NOTE, "value": "v" * 256},
            {"key": NOTE, "value": "\udfff"},
        ],
        ids=repr,
    )
    def test_weakness_9_3_bad_input_is_400_and_writes_nothing(self, client, wrong):
        right = {"exam_id": ExamFactory().pk, "user_info": UserFactory().username, "key": TIME, "value": "30"}
        assert refused(client.put(ONE, json.dumps(right | wrong), content_type="application/json"))
        for name in set(wrong) - {"value"}:
            missing = {given: value for given, value in right.items() if given != name}
            assert refused(client.put(ONE, missing, format="json"))
        assert stored() == []

    @pytest.mark.parametrize("exam_id", [999_999, "seven", "", None, True, -1, 10**30, [1], {}, 1.5, "\u0663"])
    @pytest.mark.parametrize("method", ["put", "delete"])
    def test_weakness_9_3_without_an_exam_only_staff_of_the_site_are_told_so(self, client, site, method, exam_id):
        body = {"exam_id": exam_id, "user_info": "x", "user_id": 1, "key": TIME, "value": "30"}
        body = {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(site, method)(ONE, **body)
        if (method, exam_id) == ("delete", 999_999):
            assert nothing_said(answer)
        else:
            assert refused(answer)
        assert refused(getattr(client, method)(ONE, **body), 403)

    @pytest.mark.parametrize("body", [[], "text", 5, None])
    def test_weakness_9_3_bodies_that_are_no_objects(self, client, body):
        for method in (client.put, client.delete):
            assert refused(method(ONE, json.dumps(body), content_type="application/json"))

    def test_weakness_d3_an_inactive_exam_is_refused_with_a_sentence(self, client):
        exam = ExamFactory(is_active=False)
        body = {"exam_id": exam.pk, "user_info": UserFactory().username, "key": TIME, "value": "30"}
        assert refused(client.put(ONE, body))
        assert stored() == []


class TestTakingBack:
    @JSON_AND_FORMS
    @pytest.mark.parametrize("active", [True, False])
    def test_whether_or_not_it_is_there_and_the_exam_active(self, client, how, active):
        allowance = AllowanceFactory(proctored_exam__is_active=active)
        other = AllowanceFactory(user=allowance.user, proctored_exam=allowance.proctored_exam, exception=True)
        body = {"exam_id": allowance.proctored_exam_id, "user_id": allowance.user_id, "key": TIME}
        assert nothing_said(client.delete(ONE, **sent(how, body)))
        assert list(Allowance.objects.all()) == [other]
        assert ProctoredExamStudentAllowanceHistory.objects.get().value == "30"
        assert nothing_said(client.delete(ONE, **sent(how, body)))

    @pytest.mark.parametrize(
        "wrong", [{"user_id": "x"}, {"user_id": None}, {"user_id": [1]}, {"key": None}, {"key": ""}]
    )
    def test_weakness_9_3_bad_input_is_400_and_loses_nothing(self, client, wrong):
        allowance = AllowanceFactory()
        body = {"exam_id": allowance.proctored_exam_id, "user_id": allowance.user_id, "key": TIME}
        assert refused(client.delete(ONE, body | wrong, format="json"))
        assert len(stored()) == 1


class TestWhoMay:
    """Staff of the exam's course; the rest of the answer is the same for exams that exist and exams that do not."""

    @pytest.fixture
    def strangers(self, client_of, lms):
        elsewhere = UserFactory()
        lms.instructor.staff.add((elsewhere.pk, ELSEWHERE))
        return [client_of(UserFactory()), client_of(elsewhere)]

    @pytest.mark.parametrize("course_id", [None, ELSEWHERE, COURSE_ID])
    def test_weakness_s1_the_exams_own_course_counts_whatever_the_body_says(self, strangers, course_id):
        allowance = AllowanceFactory()
        user = allowance.user
        body = {"exam_id": allowance.proctored_exam_id, "user_info": user.username, "user_id": user.pk}
        body |= {"key": TIME, "value": "1", "course_id": course_id}
        for stranger in strangers:
            assert refused(stranger.put(ONE, body, format="json"), 403)
            assert refused(stranger.delete(ONE, body, format="json"), 403)
        assert [row[3] for row in stored()] == ["30"]

    @pytest.mark.parametrize("body", [{}, {"course_id": ELSEWHERE}, {"exam_id": 1}])
    def test_weakness_s1_lists_are_for_staff_of_the_course_in_the_path(self, strangers, body):
        AllowanceFactory()
        for stranger in strangers:
            for url in (LIST, GROUPED):
                assert refused(stranger.generic("GET", url, json.dumps(body), content_type="application/json"), 403)

    def test_staff_of_the_site_may_everything(self, site):
        allowance = AllowanceFactory()
        body = {"exam_id": allowance.proctored_exam_id, "user_info": allowance.user.email, "key": TIME, "value": "5"}
        assert nothing_said(site.put(ONE, body))
        assert [site.get(url).status_code for url in (LIST, GROUPED)] == [200, 200]

    def test_nobody_is_403(self):
        nobody = APIClient()
        answers = [nobody.put(ONE), nobody.delete(ONE), nobody.get(ONE), nobody.get(LIST), nobody.get(GROUPED)]
        assert all(refused(answer, 403) for answer in answers)

    def test_weakness_9_3_other_methods_are_405(self, client, site):
        for caller in (client, site):
            answers = [
                caller.get(ONE),
                caller.post(ONE),
                caller.put(LIST, {}),
                caller.delete(LIST),
                caller.post(GROUPED),
            ]
            assert [answer.status_code for answer in answers] == [405] * 5


class TestLists:
    def test_everything_in_the_course(self, client):
        first = AllowanceFactory(proctored_exam=ExamFactory(is_active=False))
        second = AllowanceFactory(proctored_exam=ExamFactory(timed=True), exception=True)
        AllowanceFactory(proctored_exam=ExamFactory(course_id=ELSEWHERE))
        body = client.get(LIST).json()
        assert [allowance["id"] for allowance in body] == [first.pk, second.pk]
        assert set(body[0]) == {"id", "created", "modified", "user", "key", "value", "proctored_exam"}
        assert body[0]["user"] == {"id": first.user_id, "username": first.user.username, "email": first.user.email}
        assert (body[1]["key"], body[1]["value"]) == (NOTE, "May leave the desk.")
        assert body[1]["proctored_exam"]["id"] == second.proctored_exam_id

    def test_by_learner_in_the_order_of_usernames(self, client):
        late, early = UserFactory(username="zoe"), UserFactory(username="ann")
        of_late = [AllowanceFactory(user=late).pk, AllowanceFactory(user=late).pk]
        of_early = AllowanceFactory(user=early).pk
        AllowanceFactory(user=early, proctored_exam=ExamFactory(course_id=ELSEWHERE))
        body = client.get(GROUPED).json()
        assert list(body) == ["ann", "zoe"]
        assert {name: [one["id"] for one in granted] for name, granted in body.items()} == {
            "ann": [of_early],
            "zoe": of_late,
        }
        assert body["ann"][0] == client.get(LIST).json()[2]

    def test_nothing(self, client):
        assert (client.get(LIST).json(), client.get(GROUPED).json()) == ([], {})

    @pytest.mark.parametrize("size", [2, 12])
    def test_weakness_p2_the_statements_do_not_grow(self, client, query_budget, size):
        for user in UserFactory.create_batch(size):
            AllowanceFactory.create_batch(2, user=user)
        for url in (LIST, GROUPED):
            with query_budget("proctored_exam.allowance"):
                assert client.get(url).status_code == 200
            with query_budget("proctored_exam.allowance.page"):
                assert client.get(url, {"page_size": 5}).status_code == 200

    def test_weakness_p2_pages_for_those_who_ask(self, client):
        granted = AllowanceFactory.create_batch(3)
        body = client.get(LIST, {"page_size": 2, "page": 2}).json()
        assert ([one["id"] for one in body["results"]], body["count"]) == ([granted[2].pk], 3)

    def test_weakness_p2_a_page_of_learners_has_all_they_have(self, client):
        users = [UserFactory(username=name) for name in ("ann", "bob", "cyd")]
        for user in users:
            AllowanceFactory.create_batch(2, user=user)
        body = client.get(GROUPED, {"page_size": 2}).json()
        assert {name: len(granted) for name, granted in body["results"].items()} == {"ann": 2, "bob": 2}
        info = {"has_previous": False, "has_next": True, "current_page": 1, "total_pages": 2}
        assert (body["count"], body["pagination_info"]) == (3, info)
        assert list(client.get(GROUPED, {"page_size": 2, "page": 9}).json()["results"]) == ["cyd"]

    @pytest.mark.parametrize("size", ["0", "501", "x", "", "-1"])
    def test_pages_have_a_size(self, client, size):
        assert all(refused(client.get(url, {"page_size": size})) for url in (LIST, GROUPED))


@pytest.mark.parametrize("url", [LIST, GROUPED], ids=["list", "grouped"])
class TestLongLists:
    """Longer than a batch of 500 rows: sent while they are read."""

    @pytest.fixture(params=[500, 1203])
    def granted(self, request):
        exams = ExamFactory.create_batch(3)
        users = UserFactory.create_batch(request.param // 3 + 1)
        pairs = [(exam, user) for exam in exams for user in users][: request.param]
        rows = [Allowance(proctored_exam=exam, user=user, key=TIME, value="5") for exam, user in pairs]
        Allowance.objects.bulk_create(rows)
        return request.param

    def test_weakness_p2_everything_arrives_once_in_batches(self, client, url, granted, query_budget):
        answer = client.get(url)
        assert (answer.streaming, answer.headers["Content-Type"]) == (True, "application/json")
        with query_budget("proctored_exam.allowance.rest_of_a_long_list"):
            body = json.loads(b"".join(answer.streaming_content))
        rows = body if url == LIST else [row for granted in body.values() for row in granted]
        assert len({row["id"] for row in rows}) == len(rows) == granted
        if url == GROUPED:
            assert list(body) == sorted(body)
            assert all({row["user"]["username"] for row in granted} == {name} for name, granted in body.items())
