"""The course pages, as learners and staff see them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import translation

from demo.lms.models import Answer, Enrollment, Question, Sequence, SubsectionGrade
from demo.lms.seeding.course import COURSE_ID, content_id
from demo.lms.seeding.people import COURSE_STAFF
from proctoring import lms
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import attempts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_site")]

SequenceNamed = Callable[[str], Sequence]
OUTLINE = f"/courses/{COURSE_ID}/"
PROGRESS = f"/courses/{COURSE_ID}/progress"


def page_of(name: str) -> str:
    return f"/courses/{COURSE_ID}/jump_to/{content_id(name)}"


def answer_url(name: str) -> str:
    return f"/courses/{COURSE_ID}/answer/{content_id(name)}"


def answers_to(sequence: Sequence, *texts: str) -> dict[str, str]:
    return {f"question-{question.pk}": text for question, text in zip(sequence.questions.all(), texts, strict=True)}


def text_of(answer: Any) -> str:
    """The page with every run of white space as one space, however its template is laid out."""
    return " ".join(answer.content.decode().split())


def started(user: Any, name: str) -> ProctoredExamStudentAttempt:
    exam = ProctoredExam.objects.get(content_id=content_id(name))
    return attempts.start(attempts.create(exam, user, proctored=exam.is_proctored))


def test_addresses_the_exam_app_asks_for() -> None:
    assert reverse("jump_to", args=[COURSE_ID, content_id("timed")]) == page_of("timed")
    assert reverse("progress", args=[COURSE_ID]) == PROGRESS
    assert reverse("jump_to", args=["org/course/run", "i4x://org/course/sequential/1"]) == (
        "/courses/org/course/run/jump_to/i4x://org/course/sequential/1"
    )


@pytest.mark.parametrize("url", ["/", OUTLINE, PROGRESS, page_of("timed"), "/demo/effects/amal/block"])
def test_pages_ask_for_a_sign_in(client: Client, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=")


def test_signing_in_and_out(client: Client, learner: Any) -> None:
    assert client.post("/accounts/login/", {"username": "amal", "password": "wrong"}).context["form"].errors
    answer = client.post("/accounts/login/?next=/help/", {"username": "amal", "password": "demo", "next": "/help/"})
    assert answer.headers["Location"] == "/help/"
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert client.get("/").status_code == 302


def test_the_list_shows_own_courses(signed_in: Client) -> None:
    assert OUTLINE in signed_in.get("/").content.decode()
    Enrollment.objects.all().delete()
    assert "not enrolled" in signed_in.get("/").content.decode()


def test_a_course_is_closed_to_strangers_and_unknown_ones_are_not_found(signed_in: Client) -> None:
    Enrollment.objects.update(is_active=False)
    assert signed_in.get(OUTLINE).status_code == 403
    assert signed_in.get("/courses/course-v1:No+SUCH+Course/").status_code == 404


@pytest.mark.usefixtures("exams")
def test_the_outline_tells_where_the_learner_stands(signed_in: Client, learner: Any) -> None:
    started(learner, "timed")
    page = text_of(signed_in.get(OUTLINE))
    assert f'data-content-id="{content_id("timed")}" data-attempt-status="started"' in page
    assert f'data-content-id="{content_id("proctored")}" data-attempt-status=""' in page
    assert 'data-completed="false"> Timed Exam </p>' in page
    assert 'data-completed="false"> Proctored Option Available </p>' in page
    assert 'data-completed="false"> Ungraded Practice Exam </p>' in page


def test_the_outline_of_a_right_to_left_language_is_right_to_left(signed_in: Client) -> None:
    with translation.override("en"):
        page = text_of(signed_in.get(OUTLINE, headers={"Accept-Language": "ar"}))
    assert '<html lang="ar" dir="rtl">' in page


@pytest.mark.usefixtures("exams", "staff")
def test_the_outline_has_a_place_for_the_learners_onboarding(signed_in: Client) -> None:
    panel = reverse("edx_proctoring:pages.my_onboarding", args=[COURSE_ID])
    assert f'hx-get="{panel}"' in signed_in.get(OUTLINE).content.decode()
    signed_in.force_login(get_user_model().objects.get(username=COURSE_STAFF))
    assert "my_onboarding" not in signed_in.get(OUTLINE).content.decode()


@pytest.mark.usefixtures("exams")
def test_an_exam_shows_its_screen_before_it_is_started(signed_in: Client) -> None:
    answer = signed_in.get(page_of("proctored"))
    assert 'data-proctoring-screen="proctored_exam/entrance"' in answer.content.decode()
    assert "data-exam-content" not in answer.content.decode()
    assert "csrftoken" in answer.cookies


@pytest.mark.usefixtures("exams")
def test_a_started_exam_shows_questions_and_clock(signed_in: Client, learner: Any) -> None:
    started(learner, "timed")
    page = signed_in.get(page_of("timed")).content.decode()
    assert "data-exam-content" in page
    assert "data-proctoring-timer" in page
    assert "What is 6 times 7?" in page


def test_a_lesson_needs_no_exam(signed_in: Client) -> None:
    page = signed_in.get(page_of("welcome")).content.decode()
    assert "data-exam-content" in page
    assert "data-proctoring-timer" not in page


def test_a_lesson_without_questions_says_so(signed_in: Client) -> None:
    Question.objects.all().delete()
    assert "nothing to answer" in signed_in.get(page_of("welcome")).content.decode()


@pytest.mark.usefixtures("exams", "staff")
@pytest.mark.parametrize("name", ["grace", COURSE_STAFF])
def test_teachers_see_the_content(client: Client, name: str) -> None:
    client.force_login(get_user_model().objects.get(username=name))
    assert "data-exam-content" in client.get(page_of("proctored")).content.decode()


def test_unknown_content_is_not_found(signed_in: Client) -> None:
    assert signed_in.get(page_of("nowhere")).status_code == 404


@pytest.mark.usefixtures("exams")
def test_answers_are_kept_and_earn_points(signed_in: Client, learner: Any, sequence: SequenceNamed) -> None:
    started(learner, "timed")
    answer = signed_in.post(answer_url("timed"), answers_to(sequence("timed"), " 42 ", "Cusco"), follow=True)
    assert answer.redirect_chain == [(page_of("timed"), 302)]
    assert 'value="Cusco"' in answer.content.decode()
    grade = SubsectionGrade.objects.get(user=learner)
    assert (grade.earned, grade.possible) == (1.0, 2.0)


@pytest.mark.usefixtures("exams")
def test_answers_not_sent_stay(signed_in: Client, learner: Any, sequence: SequenceNamed) -> None:
    started(learner, "timed")
    signed_in.post(answer_url("timed"), answers_to(sequence("timed"), "42", "lima"))
    signed_in.post(answer_url("timed"), {"something": "else"})
    assert list(Answer.objects.order_by("question").values_list("text", flat=True)) == ["42", "lima"]


@pytest.mark.usefixtures("exams")
def test_a_closed_exam_takes_no_answers(signed_in: Client, sequence: SequenceNamed) -> None:
    answer = signed_in.post(answer_url("timed"), answers_to(sequence("timed"), "42", "Lima"))
    assert answer.status_code == 403
    assert not Answer.objects.exists()


def test_answers_need_the_token_of_the_form(learner: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    assert strict.post(answer_url("welcome"), {}).status_code == 403


def test_progress_shows_points_credit_and_certificate(signed_in: Client, learner: Any, sequence: SequenceNamed) -> None:
    SubsectionGrade.objects.create(user=learner, sequence=sequence("proctored"), earned=2, possible=2)
    lms.credit().set_credit_requirement_status(
        user_id=learner.pk,
        course_key_or_id=COURSE_ID,
        req_namespace="proctored_exam",
        req_name=content_id("proctored"),
        status="satisfied",
    )
    page = text_of(signed_in.get(PROGRESS))
    assert f'data-content-id="{content_id("proctored")}" data-credit-status="satisfied" data-mails="0"' in " ".join(
        page.split()
    )
    assert f'data-content-id="{content_id("timed")}" data-credit-status="" data-mails="0"' in page
    assert "2 / 2" in page
    assert 'data-certificate="issued"' in page


def test_progress_shows_that_a_grade_was_replaced(signed_in: Client, learner: Any, sequence: SequenceNamed) -> None:
    SubsectionGrade.objects.create(user=learner, sequence=sequence("proctored"), earned=2, possible=2, overridden=True)
    page = text_of(signed_in.get(PROGRESS))
    assert "0 / 2" in page
    assert "replaced" in page


def test_the_help_page_has_what_the_exam_screens_link_to(client: Client, settings: Any) -> None:
    page = client.get("/help/").content.decode()
    for url in settings.PROCTORING_SETTINGS["LINK_URLS"].values():
        assert f'id="{url.partition("#")[2]}"' in page


def test_healthz(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.usefixtures("learner", "staff")
@pytest.mark.parametrize(("username", "shown"), [(COURSE_STAFF, True), ("amal", False)])
def test_the_staff_of_the_course_find_their_pages(client: Client, username: str, shown: bool) -> None:
    client.force_login(get_user_model().objects.get(username=username))
    overview = reverse("edx_proctoring:pages.overview", args=[COURSE_ID])
    assert (overview in text_of(client.get(OUTLINE))) is shown
    assert client.get(overview).status_code == (200 if shown else 403)
