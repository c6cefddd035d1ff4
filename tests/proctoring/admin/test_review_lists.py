"""The list of reviews, and of former ones: filters, search, and what it asks the database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import AttemptFactory, ExamFactory, ReviewFactory, UserFactory
from tests.proctoring.admin.conftest import Screens
from tests.proctoring.admin.reviewing import FORMER, REVIEW, former


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"clean", "failure", "judged"}),
        ({"reviewed_by": "all_unreviewed"}, {"clean", "failure"}),
        ({"reviewed_by": "all_unreviewed_failures"}, {"failure"}),
        ({"review_status": "Clean"}, {"clean"}),
        ({"q": "judged"}, {"judged"}),
        ({"q": "code-clean"}, {"clean"}),
    ],
)
@pytest.mark.parametrize("model", [REVIEW, FORMER])
def test_reviews_are_filtered_and_searched(
    screens: Screens, model: str, query: dict[str, str], expected: set[str]
) -> None:
    make = ReviewFactory if model == REVIEW else former
    for name, fields in {
        "clean": {},
        "failure": {"suspicious": True},
        "judged": {"suspicious": True, "reviewed_by": UserFactory(staff=True)},
    }.items():
        attempt = AttemptFactory(submitted=True, attempt_code=f"code-{name}", user=UserFactory(username=name))
        make(attempt=attempt, **fields)

    assert {review.student.username for review in screens.found(model, **query)} == expected


def exam_due_in(days: int | None, **fields: Any) -> Any:
    due = None if days is None else timezone.now() + timedelta(days=days)
    return ExamFactory(due_date=due, course_id=f"course-v1:Org+Due{days}+1", **fields)


def filter_choices(screens: Screens, title: str) -> set[str]:
    (spec,) = (spec for spec in screens.rows(REVIEW).context["cl"].filter_specs if str(spec.title) == title)
    return {label for _, label in spec.lookup_choices}


def test_the_exams_and_courses_on_offer_are_current(screens: Screens) -> None:
    for days in (-31, -29, 6, 8, None):
        exam_due_in(days, exam_name="Exam")
    exam_due_in(1, is_active=False)
    exam_due_in(2, practice=True)
    exam_due_in(3, timed=True)

    assert filter_choices(screens, "active proctored exams") == {
        "Org Due-29 1: Exam",
        "Org Due6 1: Exam",
        "Org DueNone 1: Exam",
    }
    assert filter_choices(screens, "courses with active proctored exams") == {"Org Due-29 1", "Org Due6 1"}


def test_reviews_of_one_exam_even_of_an_old_one(screens: Screens) -> None:
    wanted = ReviewFactory(attempt=AttemptFactory(proctored_exam=exam_due_in(-400)))
    ReviewFactory(attempt=AttemptFactory(proctored_exam=exam_due_in(-400)))

    assert screens.found(REVIEW, exam__id=wanted.exam_id) == [wanted]
    assert screens.rows(REVIEW, exam__id="x").url.endswith("?e=1")
    assert screens.rows(REVIEW, exam__id="9" * 40).url.endswith("?e=1")
    assert screens.found(REVIEW, exam__id="9" * 18) == []


def test_reviews_of_a_courses_active_proctored_exams(screens: Screens) -> None:
    wanted = ReviewFactory()
    ReviewFactory(attempt=AttemptFactory(proctored_exam=ExamFactory(practice=True)))
    ReviewFactory(attempt=AttemptFactory(proctored_exam=exam_due_in(1)))

    assert screens.found(REVIEW, exam__course_id=wanted.exam.course_id) == [wanted]


@pytest.mark.parametrize("deleted", [False, True])
def test_an_old_review_is_listed_under_its_attempts_course_exam_and_learner(screens: Screens, deleted: bool) -> None:
    attempt = AttemptFactory(user=UserFactory(username="alice"))
    exam = attempt.proctored_exam
    ReviewFactory(attempt=attempt, student=None, exam=None)
    if deleted:
        attempt.delete()

    page = screens.rows(REVIEW).content.decode()

    assert f'<td class="field-exam_name">{exam.exam_name}</td>' in page
    assert exam.course_id in page
    assert "alice" in page


def test_old_reviews_take_one_statement_more_of_live_attempts_and_one_of_deleted_ones(screens: Screens) -> None:
    def old(*deleted: bool) -> None:
        for gone in deleted:
            attempt = AttemptFactory(submitted=True)
            ReviewFactory(attempt=attempt, student=None, exam=None)
            if gone:
                attempt.delete()

    ReviewFactory()
    before = screens.queries(REVIEW)
    old(False, False, True)
    few = screens.queries(REVIEW)
    old(*[False, True] * 10)

    assert (few - before, screens.queries(REVIEW) - few) == (2, 0)


def test_what_vendors_said_is_not_read_for_a_list(screens: Screens) -> None:
    ReviewFactory()

    (row,) = screens.rows(REVIEW).context["cl"].result_list

    assert {"raw_data", "encrypted_video_url"} <= row.get_deferred_fields()


def test_an_attempt_code_is_found_whole_only(screens: Screens) -> None:
    review = ReviewFactory()

    assert screens.found(REVIEW, q=review.attempt_code) == [review]
    assert screens.found(REVIEW, q=review.attempt_code[:-1]) == []


def test_reviews_of_a_year(screens: Screens) -> None:
    review = ReviewFactory()
    year = timezone.localtime(review.modified).year

    assert screens.found(REVIEW, modified__year=year) == [review]
    assert screens.found(REVIEW, modified__year=year - 1) == []


@pytest.mark.parametrize("model", [REVIEW, FORMER])
def test_twelve_and_sixty_rows_take_the_same_statements(
    screens: Screens, query_budget: Callable[..., Any], model: str
) -> None:
    make = ReviewFactory if model == REVIEW else former
    for _ in range(12):
        make(reviewed_by=UserFactory(), suspicious=True)
    few = screens.queries(model)
    for _ in range(48):
        make(reviewed_by=UserFactory(), suspicious=True)

    assert screens.queries(model) == few
    with query_budget("admin.reviews"):
        screens.rows(model)


def test_the_list_offers_nothing_in_bulk(screens: Screens) -> None:
    review = ReviewFactory()

    actions = screens.rows(REVIEW).context["cl"].model_admin.get_actions
    chosen = {"action": "delete_selected", "_selected_action": [review.pk], "post": "yes"}
    screens.client.post(reverse(f"admin:proctoring_{REVIEW}_changelist"), chosen)

    assert actions(screens.rows(REVIEW).wsgi_request) == {}
    assert screens.found(REVIEW) == [review]
    assert screens.delete(REVIEW, review.pk).status_code == 302
    assert screens.found(REVIEW) == []
