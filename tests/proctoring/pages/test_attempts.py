"""The attempts of a course, for its staff."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt
LIST = reverse("edx_proctoring:pages.attempts", args=[COURSE_ID])


@pytest.fixture
def staff(client, lms):
    someone = UserFactory()
    lms.instructor.staff.add((someone.pk, COURSE_ID))
    client.force_login(someone)
    return someone


def listed(client, query=""):
    return [row.latest for row in client.get(f"{LIST}{query}").context["page"].rows]


def test_a_vendor_that_is_gone_is_missed_once_a_page(client, staff, caplog):
    for exam in ExamFactory.create_batch(2, backend="gone", practice=True):
        AttemptFactory.create_batch(2, proctored_exam=exam)
    assert client.get(LIST).content.decode().count("Practice,") == 4
    assert caplog.text.count("The vendor of an exam is not configured") == 1


def deed(name, attempt):
    return reverse(f"edx_proctoring:pages.{name}", args=[COURSE_ID, attempt.pk])


def made(*ages, **fields):
    """Attempts of learners of their own, so many minutes ago."""
    attempts = [AttemptFactory(**fields) for _ in ages]
    for attempt, age in zip(attempts, ages, strict=True):
        Attempt.objects.filter(pk=attempt.pk).update(created=timezone.now() - timedelta(minutes=age))
    return attempts


def test_one_row_for_each_learner_and_exam_with_the_earlier_attempts_in_it(client, staff):
    first = AttemptFactory(status=Status.error)
    second = AttemptFactory(user=first.user, proctored_exam=first.proctored_exam)
    other = AttemptFactory(user=first.user)
    rows = client.get(LIST).context["page"].rows
    assert [row.latest for row in rows] == [other, second]
    assert list(rows[1].earlier) == [first]


def test_attempts_of_other_courses_are_not_there(client, staff):
    AttemptFactory(proctored_exam__course_id="course-v1:Other+COURSE+2026")
    assert listed(client) == []


def test_newest_first_or_oldest_first(client, staff):
    old, new, middle = made(30, 10, 20)
    assert listed(client) == [new, middle, old]
    assert listed(client, "?sort=oldest") == [old, middle, new]


@pytest.mark.parametrize("order", ["", "oldest"])
@pytest.mark.parametrize("exams", [1, 3])
def test_pages_go_on_and_back_without_a_gap(client, staff, order, exams):
    chosen = [ExamFactory() for _ in range(exams)]
    for number in range(60):
        AttemptFactory(proctored_exam=chosen[number % exams])
    # Of the same instant: the id decides.
    Attempt.objects.update(created=timezone.now())
    expected = list(Attempt.objects.order_by("id" if order else "-id"))
    address, seen, back = f"?sort={order}", [], []
    while address:
        context = client.get(f"{LIST}{address}").context
        seen += [row.latest for row in context["page"].rows]
        address, last = context["next_url"], context["previous_url"]
    assert seen == expected
    while last:
        context = client.get(f"{LIST}{last}").context
        back = [row.latest for row in context["page"].rows] + back
        last = context["previous_url"]
    assert back == expected[:50]


def test_found_by_username_email_exam_and_status(client, staff):
    exam = ExamFactory()
    ada = AttemptFactory(user__username="ada", user__email="king@example.com", proctored_exam=exam)
    bob = AttemptFactory(user__username="bob", status=Status.error)
    assert listed(client, "?q=AD") == [ada]
    assert listed(client, "?q=king@") == [ada]
    assert listed(client, f"?exam={exam.pk}") == [ada]
    assert listed(client, "?status=error") == [bob]
    assert listed(client, "?status=error&q=ada") == []


def test_the_status_looked_for_is_that_of_the_latest_attempt(client, staff):
    past = AttemptFactory(status=Status.error)
    AttemptFactory(user=past.user, proctored_exam=past.proctored_exam)
    assert listed(client, "?status=error") == []


@pytest.mark.parametrize(
    "query", ["?q=%00", "?exam=x", "?exam=99999999999999999999", "?status=nothing", "?after=x~1", "?after=2026-13-01~1",
              "?after=2026-01-01T00:00:00~1", "?before=~", "?after=2026-01-01T00:00:00Z~99999999999999999999", "?q=%ff"]
)  # fmt: skip
def test_what_makes_no_sense_is_as_if_it_were_not_there(client, staff, query):
    attempt = AttemptFactory()
    assert listed(client, query) in ([attempt], [])


def test_an_attempt_whose_time_is_over_is_shown_as_handed_in(client, staff):
    AttemptFactory(started=True)
    assert client.get(LIST).context["page"].rows[0].status == Status.submitted


def test_names_are_escaped(client, staff):
    AttemptFactory(user__username="<script>x", proctored_exam__exam_name="<img src=x>")
    page = client.get(LIST).content.decode()
    assert "<script>x" not in page
    assert "<img" not in page


def test_a_review_is_linked_where_there_is_one(client, staff):
    reviewed = AttemptFactory(submitted=True)
    ReviewFactory(attempt=reviewed)
    AttemptFactory(submitted=True)
    page = client.get(LIST).content.decode()
    assert page.count("/review/") == 1
    assert deed("review", reviewed) in page


def test_htmx_gets_the_list_alone(client, staff):
    answer = client.get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 25])
def test_as_many_statements_at_any_size(client, staff, query_budget, rows):
    exams = [ExamFactory() for _ in range(3)]
    for number in range(rows):
        attempt = AttemptFactory(proctored_exam=exams[number % 3], submitted=True)
        AttemptFactory(user=attempt.user, proctored_exam=attempt.proctored_exam, submitted=True)
    with query_budget("pages.attempts"):
        client.get(LIST)


def test_a_reset_is_explained_before_it_is_done(client, staff):
    attempt = AttemptFactory(submitted=True, proctored_exam__backend="null")
    assert "1 attempt is removed" in client.get(deed("reset", attempt)).content.decode()
    assert Attempt.objects.count() == 1
    answer = client.post(deed("reset", attempt), follow=True)
    assert Attempt.objects.count() == 0
    assert "can begin the exam anew" in answer.content.decode()


def test_a_learner_may_go_on_once_staff_say_so(client, staff):
    attempt = AttemptFactory(status=Status.error, is_resumable=True, time_remaining_seconds=600)
    assert deed("resume", attempt) in client.get(LIST).content.decode()
    client.post(deed("resume", attempt))
    attempt.refresh_from_db()
    assert attempt.ready_to_resume
    assert deed("resume", attempt) not in client.get(LIST).content.decode()


def test_a_refusal_is_told_on_the_list(client, staff):
    attempt = AttemptFactory(submitted=True)
    answer = client.post(deed("resume", attempt), follow=True)
    assert 'role="status"' in answer.content.decode()
    attempt.refresh_from_db()
    assert not attempt.ready_to_resume


@pytest.mark.parametrize("name", ["reset", "resume", "review"])
def test_attempts_of_another_course_and_none_get_the_same_answer(client, staff, name):
    foreign = AttemptFactory(proctored_exam__course_id="course-v1:Other+COURSE+2026")
    answers = [client.post(deed(name, attempt)) for attempt in (foreign, Attempt(pk=10**9))]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert Attempt.objects.filter(pk=foreign.pk).exists()


def test_all_attempts_as_a_file_in_which_no_formula_is_one(client, staff):
    past = AttemptFactory(status=Status.error, user__username="=cmd")
    AttemptFactory(user=past.user, proctored_exam=past.proctored_exam, submitted=True)
    AttemptFactory(proctored_exam__course_id="course-v1:Other+COURSE+2026")
    answer = client.get(reverse("edx_proctoring:pages.attempts.export", args=[COURSE_ID]))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("attempt,username,exam,")
    assert len(lines) == 3
    assert all(",'=cmd," in line for line in lines[1:])
    assert "2026-03-02T09:00:00+00:00" in lines[2]
