"""The screen of attempts (contract vendors_admin_screens.md §4.5)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory, UserFactory
from tests.proctoring.admin.conftest import Screens

ATTEMPT = "proctoredexamstudentattempt"


def test_nothing_of_an_attempt_can_be_edited(screens: Screens) -> None:
    attempt = AttemptFactory(started=True)

    page = screens.row(ATTEMPT, attempt.pk)

    assert not page.context["adminform"].form.fields
    assert 'name="_save"' not in page.content.decode()
    assert screens.save(ATTEMPT, attempt.pk, status=Status.submitted, is_resumable="on").status_code == 403
    attempt.refresh_from_db()
    assert (attempt.status, attempt.is_resumable) == (Status.started, False)


def test_all_of_an_attempt_is_shown_whatever_its_status(screens: Screens) -> None:
    attempt = AttemptFactory(status="of old", attempt_code="CODE-1", external_id="their-1")

    page = screens.row(ATTEMPT, attempt.pk).content.decode()

    assert all(text in page for text in ("of old", "CODE-1", "their-1"))


def test_the_way_to_the_review_is_for_those_who_may_see_it(
    screens: Screens, screens_with: Callable[..., Screens]
) -> None:
    attempt = AttemptFactory(submitted=True)
    review = ReviewFactory(attempt_code=attempt.attempt_code)
    url = reverse("admin:proctoring_proctoredexamsoftwaresecurereview_change", args=[review.pk])

    assert url in screens.row(ATTEMPT, attempt.pk).content.decode()
    assert url not in screens_with("view_proctoredexamstudentattempt").row(ATTEMPT, attempt.pk).content.decode()


def test_attempts_are_neither_added_nor_deleted(screens: Screens) -> None:
    attempt = AttemptFactory()

    assert screens.add(ATTEMPT, status=Status.created).status_code == 403
    assert screens.delete(ATTEMPT, attempt.pk).status_code == 403
    assert ProctoredExamStudentAttempt.objects.get() == attempt


VERBS = ["approve-attempt", "deny-attempt", "second-review-attempt", "reset-attempt", "resume-attempt", "force-error"]
VERBS.append("hand-in")


@pytest.mark.parametrize(
    ("permissions", "offered"),
    [
        (["view_proctoredexamstudentattempt"], []),
        (["view_proctoredexamstudentattempt", "review_attempts"], VERBS[:3]),
        (["change_proctoredexamstudentattempt"], VERBS[3:]),
    ],
)
def test_verbs_are_offered_to_those_who_may(
    screens_with: Callable[..., Screens], permissions: list[str], offered: list[str]
) -> None:
    attempt = AttemptFactory(started=True)
    screens = screens_with(*permissions)

    page = screens.row(ATTEMPT, attempt.pk)
    form = screens.rows(ATTEMPT).context["action_form"]
    actions = [name for name, _ in form.fields["action"].choices if name] if form else []

    assert [verb.name for verb, _ in page.context.get("verbs", [])] == offered
    assert actions == offered
    for name in VERBS:
        url = reverse(f"admin:proctoring_{ATTEMPT}_act", args=[attempt.pk, name])
        assert screens.client.get(url).status_code == (200 if name in offered else 403)
        if name not in offered:
            assert screens.client.post(url, {"reason": "because"}).status_code == 403
    attempt.refresh_from_db()
    assert attempt.status == Status.started


@pytest.mark.parametrize("text", ["alice", "ali", "CODE-1", "their-1"])
def test_attempts_are_searched_by_learner_and_code(screens: Screens, text: str) -> None:
    wanted = AttemptFactory(user=UserFactory(username="alice"), attempt_code="CODE-1", external_id="their-1")
    AttemptFactory()

    assert screens.found(ATTEMPT, q=text) == [wanted]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "submitted"},
        {"taking_as_proctored__exact": "0"},
        {"is_sample_attempt__exact": "1"},
        {"proctored_exam__course_id": "course-v1:Wanted+C+1"},
    ],
)
def test_attempts_are_filtered(screens: Screens, query: dict[str, str]) -> None:
    wanted = AttemptFactory(
        submitted=True,
        taking_as_proctored=False,
        is_sample_attempt=True,
        proctored_exam=ExamFactory(course_id="course-v1:Wanted+C+1"),
    )
    AttemptFactory()

    assert screens.found(ATTEMPT, **query) == [wanted]


def test_the_courses_on_offer_are_those_with_attempts(screens: Screens) -> None:
    AttemptFactory(proctored_exam=ExamFactory(course_id="course-v1:Org+Demo+2026"))
    AttemptFactory(proctored_exam=ExamFactory(course_id="course-v1:Org+Demo+2026"))
    ExamFactory(course_id="course-v1:Never+Sat+2026")

    page = screens.rows(ATTEMPT).content.decode()

    assert page.count("Org Demo 2026") == 1
    assert "Never Sat 2026" not in page


@pytest.mark.parametrize("rows", [12, 60])
def test_a_longer_list_takes_no_more_queries(
    screens: Screens, query_budget: Callable[[str], AbstractContextManager[Any]], rows: int
) -> None:
    AttemptFactory.create_batch(rows)

    with query_budget("admin.attempts.list"):
        assert screens.rows(ATTEMPT).status_code == 200
    with query_budget("admin.attempts.list"):
        assert screens.rows(ATTEMPT, status="created").context["cl"].result_count == rows


def test_the_list_is_in_the_order_of_changes_and_cut_by_their_dates(screens: Screens) -> None:
    first, second = AttemptFactory.create_batch(2)
    first.save()
    year = first.modified.year

    assert screens.found(ATTEMPT) == [first, second]
    assert screens.found(ATTEMPT, modified__year=year) == [first, second]
    assert screens.found(ATTEMPT, modified__year=year - 1) == []


def version_url(attempt: ProctoredExamStudentAttempt) -> str:
    version = attempt.history.earliest().history_id
    return reverse(f"admin:proctoring_{ATTEMPT}_simple_history", args=[attempt.pk, version])


@pytest.fixture
def moved(db: None) -> Any:
    attempt = AttemptFactory(started=True)
    attempt.external_id = "changed"
    attempt.save()
    return attempt


def test_the_history_shows_each_states_status(screens: Screens, moved: ProctoredExamStudentAttempt) -> None:
    page = screens.row(ATTEMPT, moved.pk, view="history")

    assert page.status_code == 200
    assert Status.started in page.content.decode()
    assert screens.client.get(version_url(moved)).status_code == 200


def test_the_past_is_not_restored(screens: Screens, moved: ProctoredExamStudentAttempt) -> None:
    response = screens.client.post(version_url(moved), {"status": Status.submitted})

    assert response.status_code == 403
    moved.refresh_from_db()
    assert moved.status == Status.started


@pytest.mark.parametrize("key", ["1.", "'", "a_0Ab", "9" * 19, "²"])
def test_the_history_of_what_is_no_attempt_is_not_found(screens: Screens, key: str) -> None:
    attempt = AttemptFactory()
    base = f"/admin/proctoring/{ATTEMPT}"

    for address in (f"{key}/history/", f"{key}/history/1/", f"{attempt.pk}/history/{key}/"):
        assert screens.client.get(f"{base}/{address}").status_code == 404
