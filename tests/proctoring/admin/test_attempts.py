"""The screen of attempts (contract vendors_admin_screens.md §4.5)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.admin.conftest import Screens, told

ATTEMPT = "proctoredexamstudentattempt"


def offered(screens: Screens, attempt: ProctoredExamStudentAttempt) -> list[str]:
    form = screens.row(ATTEMPT, attempt.pk).context["adminform"].form
    return [value for value, _ in form.fields["status"].choices]


def test_a_status_is_moved_by_staff_and_the_history_says_by_whom(screens: Screens) -> None:
    attempt = AttemptFactory(started=True)

    response = screens.save(ATTEMPT, attempt.pk, status=Status.submitted)

    attempt.refresh_from_db()
    assert attempt.status == Status.submitted
    assert attempt.completed_at is not None
    assert attempt.history.first().history_user == screens.user
    assert [level for level, _ in told(response)] == ["success"]


def test_a_refused_move_is_an_error_and_no_success(screens: Screens) -> None:
    attempt = AttemptFactory(submitted=True)

    response = screens.save(ATTEMPT, attempt.pk, status=Status.created)

    attempt.refresh_from_db()
    assert attempt.status == Status.submitted
    assert [level for level, _ in told(response)] == ["error"]
    assert response.url == reverse(f"admin:proctoring_{ATTEMPT}_change", args=[attempt.pk])
    assert not LogEntry.objects.exists()


def test_saving_without_a_move_writes_nothing(screens: Screens) -> None:
    attempt = AttemptFactory(submitted=True)

    screens.save(ATTEMPT, attempt.pk, status=Status.submitted)

    assert attempt.history.count() == 1


@pytest.mark.parametrize("field", ["is_resumable", "ready_to_resume", "resumed", "taking_as_proctored", "external_id"])
def test_only_the_status_can_be_edited(screens: Screens, field: str) -> None:
    attempt = AttemptFactory(started=True)
    before = getattr(attempt, field)

    screens.save(ATTEMPT, attempt.pk, status=Status.submitted, **{field: "on"})

    attempt.refresh_from_db()
    assert getattr(attempt, field) == before
    assert field not in screens.row(ATTEMPT, attempt.pk).context["adminform"].form.fields


def test_the_statuses_on_offer(screens: Screens) -> None:
    statuses = offered(screens, AttemptFactory())

    assert {Status.created, Status.timed_out, Status.second_review_required, Status.error} <= set(statuses)
    never = {Status.eligible, Status.expired, Status.onboarding_reset, Status.onboarding_missing}
    assert not never & set(statuses)


def test_a_status_that_is_not_on_offer_is_shown_as_it_is(screens: Screens) -> None:
    attempt = AttemptFactory(status=Status.onboarding_reset)

    assert offered(screens, attempt)[0] == Status.onboarding_reset
    screens.save(ATTEMPT, attempt.pk, status=Status.onboarding_reset)
    attempt.refresh_from_db()
    assert attempt.status == Status.onboarding_reset


def test_an_unknown_status_is_refused(screens: Screens) -> None:
    attempt = AttemptFactory()

    response = screens.save(ATTEMPT, attempt.pk, status="splendid")

    assert "status" in response.context["adminform"].form.errors


def test_attempts_are_neither_added_nor_deleted(screens: Screens) -> None:
    attempt = AttemptFactory()

    assert screens.add(ATTEMPT, status=Status.created).status_code == 403
    assert screens.delete(ATTEMPT, attempt.pk).status_code == 403
    assert ProctoredExamStudentAttempt.objects.get() == attempt


def test_who_may_only_look_moves_nothing(screens_with: Callable[..., Screens]) -> None:
    attempt = AttemptFactory(started=True)
    screens = screens_with("view_proctoredexamstudentattempt")

    assert screens.row(ATTEMPT, attempt.pk).status_code == 200
    assert screens.save(ATTEMPT, attempt.pk, status=Status.submitted).status_code == 403


@pytest.mark.parametrize("text", ["alice", "CODE-1"])
def test_attempts_are_searched_by_learner_and_code(screens: Screens, text: str) -> None:
    wanted = AttemptFactory(user=UserFactory(username="alice"), attempt_code="CODE-1")
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


def test_a_longer_list_takes_no_more_queries(screens: Screens) -> None:
    AttemptFactory.create_batch(3)
    few = screens.queries(ATTEMPT)
    AttemptFactory.create_batch(27)

    assert screens.queries(ATTEMPT) == few


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
