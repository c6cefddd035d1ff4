"""What learners of a course are granted, for its staff."""

import pytest
from django.urls import reverse

from proctoring.models import ProctoredExamStudentAllowance
from tests.factories import COURSE_ID, AllowanceFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Allowance = ProctoredExamStudentAllowance
LIST = reverse("edx_proctoring:pages.allowances", args=[COURSE_ID])
GRANT = reverse("edx_proctoring:pages.allowances.grant", args=[COURSE_ID])
MORE_TIME = Allowance.ADDITIONAL_TIME_GRANTED[0]


@pytest.fixture(autouse=True)
def staff(client, lms):
    someone = UserFactory()
    lms.instructor.staff.add((someone.pk, COURSE_ID))
    client.force_login(someone)
    return someone


def stored():
    return list(Allowance.objects.order_by("pk").values_list("user__username", "key", "value"))


def granting(client, **changes):
    data = {"kind": MORE_TIME, "value": "30"} | changes
    return client.post(GRANT, data)


def address(name, allowance, course_id=COURSE_ID):
    return reverse(f"edx_proctoring:pages.allowances.{name}", args=[course_id, allowance.pk])


def test_each_learner_with_what_was_granted(client):
    allowance = AllowanceFactory(user__username="ada", proctored_exam__exam_name="<b>Final")
    AllowanceFactory(user=allowance.user, exception=True)
    AllowanceFactory(proctored_exam__course_id="course-v1:Other+COURSE+2026")
    page = client.get(LIST)
    [(name, rows)] = page.context["granted"]
    assert (name, len(rows)) == ("ada", 2)
    assert "&lt;b&gt;Final" in page.content.decode()


def test_learners_are_found_and_paged(client):
    for number in range(30):
        AllowanceFactory(user__username=f"person{number:02}")
    first = client.get(LIST).context
    assert len(first["granted"]) == 25
    assert len(client.get(f"{LIST}{first['next_url']}").context["granted"]) == 5
    assert [name for name, _ in client.get(f"{LIST}?q=person07").context["granted"]] == ["person07"]
    assert "No learner with an allowance" in client.get(f"{LIST}?q=nobody%00").content.decode()


def test_many_learners_get_the_same_in_many_exams(client):
    exams = [ExamFactory(), ExamFactory()]
    for name in ("ada", "bob"):
        UserFactory(username=name)
    answer = granting(client, learners="ada, bob\nada", exams=[exam.pk for exam in exams])
    assert answer.status_code == 302
    assert sorted(stored()) == sorted([(name, MORE_TIME, "30") for name in ("ada", "bob")] * 2)


def test_a_multiple_of_the_exams_own_time(client):
    UserFactory(username="ada")
    granting(client, learners="ada", exams=[ExamFactory(time_limit_mins=60).pk], kind="time_multiplier", value="1.5")
    assert stored() == [("ada", MORE_TIME, "30")]


def test_who_cannot_be_found_is_named_and_the_rest_is_done(client):
    UserFactory(username="ada")
    answer = granting(client, learners="ada nobody", exams=[ExamFactory().pk])
    assert answer.status_code == 400
    assert [sentence.partition(":")[0] for sentence in answer.context["failed"]] == ["nobody"]
    assert "ada nobody" in answer.content.decode()
    assert stored() == [("ada", MORE_TIME, "30")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("learners", ""),
        ("learners", " , "),
        ("learners", "x " * 1001),
        ("learners", "a\0b"),
        ("exams", []),
        ("exams", ["x"]),
        ("exams", ["999999999999999999999"]),
        ("kind", "anything"),
        ("value", ""),
        ("value", "-5"),
        ("value", "x" * 256),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_is_granted(client, field, value):
    UserFactory(username="ada")
    good = {"learners": "ada", "exams": [ExamFactory().pk]}
    answer = granting(client, **good | {field: value})
    assert answer.status_code == 400
    assert "proctoring-error" in answer.content.decode()
    assert stored() == []


def test_exams_of_other_courses_cannot_be_chosen(client):
    UserFactory(username="ada")
    foreign = ExamFactory(course_id="course-v1:Other+COURSE+2026")
    assert granting(client, learners="ada", exams=[foreign.pk]).status_code == 400
    assert stored() == []


def test_a_value_is_changed(client):
    allowance = AllowanceFactory(user__username="ada")
    assert 'value="30"' in client.get(address("change", allowance)).content.decode()
    assert client.post(address("change", allowance), {"value": "45"}).status_code == 302
    assert stored() == [("ada", MORE_TIME, "45")]


@pytest.mark.parametrize("value", ["", "x", "-1"])
def test_a_value_that_cannot_be_is_told_at_its_field(client, value):
    allowance = AllowanceFactory(user__username="ada")
    answer = client.post(address("change", allowance), {"value": value})
    assert answer.status_code == 400
    assert "id_value_error" in answer.content.decode()
    assert stored() == [("ada", MORE_TIME, "30")]


def test_taking_back_is_explained_before_it_is_done(client):
    allowance = AllowanceFactory()
    assert "What will follow" in client.get(address("take_back", allowance)).content.decode()
    assert Allowance.objects.count() == 1
    assert client.post(address("take_back", allowance)).status_code == 302
    assert Allowance.objects.count() == 0


@pytest.mark.parametrize("name", ["change", "take_back"])
def test_allowances_of_another_course_and_none_get_the_same_answer(client, name):
    foreign = AllowanceFactory(proctored_exam__course_id="course-v1:Other+COURSE+2026")
    answers = [client.post(address(name, one), {"value": "1"}) for one in (foreign, Allowance(pk=10**9))]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert Allowance.objects.get().value == "30"


@pytest.mark.parametrize("rows", [1, 25])
def test_as_many_statements_at_any_size(client, query_budget, rows):
    for _ in range(rows):
        AllowanceFactory()
    with query_budget("pages.allowances"):
        client.get(LIST)
