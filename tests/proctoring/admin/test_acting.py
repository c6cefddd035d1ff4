"""Verbs on attempts in the admin: a look beforehand, a reason, row by row, a record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.urls import reverse
from pytest_django import Settings

from proctoring.common.http import VendorUnreachable
from proctoring.models import ProctoredExamStudentAttempt, StaffAction
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory
from tests.fakes import WatchingBackend
from tests.proctoring.admin.conftest import BACKENDS, Screens, told

ATTEMPT = "proctoredexamstudentattempt"
VIEW = f"view_{ATTEMPT}"
CHANGE = f"change_{ATTEMPT}"
LIST = f"admin:proctoring_{ATTEMPT}_changelist"


@pytest.fixture(autouse=True)
def _watched(settings: Settings, _vendors: None, lms: Any) -> None:
    settings.PROCTORING_BACKENDS = BACKENDS | {"watcher": {"class": "tests.fakes.WatchingBackend"}}


def url_of(attempt: ProctoredExamStudentAttempt, verb: str) -> str:
    return reverse(f"admin:proctoring_{ATTEMPT}_act", args=[attempt.pk, verb])


def do(screens: Screens, attempt: ProctoredExamStudentAttempt, verb: str, reason: str = "because") -> HttpResponse:
    return screens.do(ATTEMPT, attempt.pk, verb, reason)


def watched(**values: Any) -> ProctoredExamStudentAttempt:
    return AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), external_id="theirs", **values)


@pytest.mark.django_db(transaction=True)
def test_one_row(screens: Screens) -> None:
    attempt = AttemptFactory(status="error", is_resumable=True)
    url = url_of(attempt, "resume-attempt")
    page = screens.client.get(url)
    assert "The learner may go on" in page.content.decode()
    seen = {"seen": "error"}
    assert 'name="seen" value="error"' in page.content.decode()
    assert screens.client.post(url, seen | {"reason": " "}).status_code == 400
    answer = screens.client.post(url, seen | {"reason": "the network broke"})
    assert answer.status_code == 302, answer.content
    attempt.refresh_from_db()
    assert attempt.ready_to_resume
    assert "the network broke" in LogEntry.objects.get().change_message
    assert screens.client.get(answer["Location"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_many_rows(screens: Screens) -> None:
    attempts = [AttemptFactory(status="error", is_resumable=True) for _ in range(12)]
    attempts.append(AttemptFactory(status="submitted"))
    answer = screens.act(ATTEMPT, "resume-attempt", [attempt.pk for attempt in attempts])
    assert answer.status_code == 302
    look = answer["Location"]
    assert "13 rows" in screens.client.get(look).content.decode()
    assert screens.client.post(look, {"reason": "outage"}).status_code == 302
    action = StaffAction.objects.get()
    assert (action.state, action.done, action.refused) == ("done", 12, 1)
    assert ProctoredExamStudentAttempt.objects.filter(ready_to_resume=True).count() == 12
    assert "12" in screens.client.get(look).content.decode()
    assert screens.client.get(reverse("admin:proctoring_staffaction_changelist")).status_code == 200
    assert screens.client.get(reverse(LIST) + "?q=" + attempts[0].user.username[:3]).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("verb", "permission", "source", "target"),
    [
        ("approve-attempt", "review_attempts", Status.second_review_required, Status.verified),
        ("deny-attempt", "review_attempts", Status.second_review_required, Status.rejected),
        ("second-review-attempt", "review_attempts", Status.submitted, Status.second_review_required),
        ("force-error", CHANGE, Status.started, Status.error),
        ("hand-in", CHANGE, Status.started, Status.submitted),
    ],
)
def test_who_may_do_one_thing_does_it(
    screens_with: Callable[..., Screens], verb: str, permission: str, source: Status, target: Status
) -> None:
    screens, attempt = screens_with(permission, VIEW), watched(status=source)

    assert do(screens, attempt, verb).status_code == 302

    attempt.refresh_from_db()
    assert attempt.status == target
    assert attempt.history.first().history_user == screens.user
    action = StaffAction.objects.get()
    assert (action.by, action.reason, action.done, action.refused) == (screens.user, "because", 1, 0)
    assert LogEntry.objects.get().user == screens.user


@pytest.mark.django_db(transaction=True)
def test_what_follows_is_told_before_and_done_after(screens: Screens, lms: Any, vendor: WatchingBackend) -> None:
    attempt = watched(status=Status.submitted)

    page = screens.client.get(url_of(attempt, "deny-attempt")).content.decode()

    assert all(text in page for text in ("grade of the exam becomes zero", "certificate", "gets mail", "For credit"))
    assert lms.grades.overrides == []
    do(screens, attempt, "deny-attempt")
    assert [override["user_id"] for override in lms.grades.overrides] == [attempt.user_id]
    assert lms.credit.statuses == [(attempt.user_id, attempt.proctored_exam.content_id, "failed")]


@pytest.mark.django_db(transaction=True)
def test_a_second_time_is_refused_with_a_sentence(screens: Screens) -> None:
    attempt = watched(status=Status.submitted)
    do(screens, attempt, "approve-attempt")

    page = screens.client.get(url_of(attempt, "approve-attempt")).content.decode()
    answer = do(screens, attempt, "approve-attempt")

    assert "has this status already" in page
    assert ("error", "The attempt has this status already.") in told(answer)
    assert attempt.history.filter(status=Status.verified).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_illegal_move_is_refused_with_a_sentence(screens: Screens) -> None:
    attempt = watched(status=Status.expired)

    assert "cannot get the status" in screens.client.get(url_of(attempt, "approve-attempt")).content.decode()
    answer = do(screens, attempt, "approve-attempt")

    attempt.refresh_from_db()
    assert attempt.status == Status.expired
    assert [level for level, _ in told(answer)] == ["error"]
    assert not LogEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_reset_asks_the_vendor_first(screens: Screens, vendor: WatchingBackend) -> None:
    attempt = watched(status=Status.rejected)
    vendor.forget()
    vendor.fail_with = VendorUnreachable("watcher")

    answer = do(screens, attempt, "reset-attempt")

    assert ProctoredExamStudentAttempt.objects.get() == attempt
    assert ("error", "could not remove" in told(answer)[0][1]) == ("error", True)
    vendor.forget()
    answer = do(screens, attempt, "reset-attempt", "a second chance")
    assert answer.url == reverse(LIST)
    assert [(call[0], call[-1]) for call in vendor.calls] == [("remove", "theirs")]
    assert not ProctoredExamStudentAttempt.objects.exists()
    assert LogEntry.objects.get().object_id == str(attempt.pk)


@pytest.mark.django_db(transaction=True)
def test_many_rows_of_all_sorts_are_moved_where_that_is_possible(screens: Screens) -> None:
    attempts = [watched(status=status) for status in (Status.submitted, Status.expired, Status.verified)]
    attempts += [watched(status=Status.submitted) for _ in range(9)]

    look = screens.act(ATTEMPT, "approve-attempt", [attempt.pk for attempt in attempts])["Location"]
    page = screens.client.get(look).content.decode()
    screens.client.post(look, {"reason": "the service was wrong"})

    assert page.count("cannot get the status") == page.count("has this status already") == 1
    action = StaffAction.objects.get()
    assert (action.done, action.refused, len(action.refusals)) == (10, 2, 2)
    assert ProctoredExamStudentAttempt.objects.filter(status=Status.verified).count() == 11


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [12, 60])
def test_a_look_takes_few_statements_a_row(
    screens: Screens, query_budget: Callable[[str], AbstractContextManager[Any]], rows: int
) -> None:
    keys = [attempt.pk for attempt in AttemptFactory.create_batch(rows, submitted=True)]
    approval, reset = (screens.act(ATTEMPT, verb, keys)["Location"] for verb in ("approve-attempt", "reset-attempt"))

    with query_budget("admin.attempts.approval"):
        assert screens.client.get(approval).status_code == 200
    with query_budget("admin.attempts.reset"):
        assert screens.client.get(reset).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_changed_between_look_and_confirmation_is_left_as_it_is(screens: Screens) -> None:
    one, many = watched(status=Status.submitted), [watched(status=Status.submitted) for _ in range(2)]
    url = url_of(one, "approve-attempt")
    seen = screens.client.get(url).context["seen"]
    look = screens.act(ATTEMPT, "approve-attempt", [attempt.pk for attempt in many])["Location"]
    ProctoredExamStudentAttempt.objects.filter(pk__in=[one.pk, many[0].pk]).update(status=Status.rejected)

    answer = screens.client.post(url, {"reason": "looked fine", "seen": seen})
    screens.client.post(look, {"reason": "looked fine"})

    assert answer.status_code == 409
    assert "has changed since you looked at it" in answer.content.decode()
    assert "looked fine" in answer.content.decode()
    assert list(ProctoredExamStudentAttempt.objects.order_by("pk").values_list("status", flat=True)) == [
        Status.rejected,
        Status.rejected,
        Status.verified,
    ]
    action = StaffAction.objects.get()
    assert (action.done, action.refused) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_reset_that_is_half_done_is_on_record(screens: Screens, vendor: WatchingBackend) -> None:
    first = watched(status=Status.error)
    second = AttemptFactory(
        user=first.user, proctored_exam=first.proctored_exam, external_id="other", status=Status.submitted
    )
    vendor.forget()
    vendor.before_answering = lambda: setattr(vendor, "confirms_removal", len(vendor.answered) == 1)

    answer = do(screens, first, "reset-attempt")

    assert ProctoredExamStudentAttempt.objects.get() == second
    assert "1 of 2 attempts were removed" in told(answer)[0][1]
    assert "1 of 2 attempts were removed" in StaffAction.objects.get().refusals[0][1]
    assert LogEntry.objects.get().object_id == str(first.pk)
