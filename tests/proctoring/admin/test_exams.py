"""The screens of exams and review policies (contract vendors_admin_screens.md §4.1-4.2)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from proctoring.models import (
    AuditEntry,
    OutboxMessage,
    ProctoredExam,
    ProctoredExamReviewPolicy,
    ProctoredExamReviewPolicyHistory,
)
from proctoring.services import holds
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, ReviewPolicyFactory, UserFactory
from tests.proctoring.admin.conftest import Screens

EXAM, POLICY = "proctoredexam", "proctoredexamreviewpolicy"
FORMER = "proctoredexamreviewpolicyhistory"


def values_of(exam: ProctoredExam, **changes: Any) -> dict[str, Any]:
    names = ["course_id", "content_id", "external_id", "exam_name", "time_limit_mins", "backend"]
    values = {name: getattr(exam, name) or "" for name in names}
    flags = {name: "on" for name in ("is_proctored", "is_active") if getattr(exam, name)}
    return values | flags | changes


@pytest.mark.parametrize("text", ["Wanted", "Wanted+C+1"])
def test_exams_are_searched_by_course_and_name(screens: Screens, text: str) -> None:
    wanted = ExamFactory(course_id="course-v1:Wanted+C+1", exam_name="Wanted exam")
    ExamFactory()

    assert screens.found(EXAM, q=text) == [wanted]


def test_an_exam_is_edited(screens: Screens) -> None:
    exam = ExamFactory()

    response = screens.save(EXAM, exam.pk, **values_of(exam, time_limit_mins=45, backend="mock"))

    assert response.status_code == 302
    exam.refresh_from_db()
    assert (exam.time_limit_mins, exam.backend) == (45, "mock")


def test_vendor_and_due_date_may_be_empty(screens: Screens) -> None:
    exam = ExamFactory(due_date=timezone.now())

    response = screens.save(EXAM, exam.pk, **values_of(exam, backend=""))

    assert response.status_code == 302
    exam.refresh_from_db()
    assert (exam.backend, exam.due_date) == (None, None)


def test_the_vendor_is_chosen_from_those_that_are_configured(screens: Screens) -> None:
    exam = ExamFactory()

    choices = screens.row(EXAM, exam.pk).context["adminform"].form.fields["backend"].choices
    response = screens.save(EXAM, exam.pk, **values_of(exam, backend="mcok"))

    assert {name for name, _ in choices} == {"", "null", "mock"}
    assert "backend" in response.context["adminform"].form.errors
    exam.refresh_from_db()
    assert exam.backend == "null"


def test_a_vendor_that_was_removed_survives_another_edit(screens: Screens) -> None:
    exam = ExamFactory(backend="retired")

    assert screens.save(EXAM, exam.pk, **values_of(exam, exam_name="Renamed")).status_code == 302

    exam.refresh_from_db()
    assert (exam.exam_name, exam.backend) == ("Renamed", "retired")


def test_an_exam_can_be_added(screens: Screens) -> None:
    draft = ExamFactory.build(backend="mock")

    assert screens.add(EXAM, **values_of(draft)).status_code == 302

    assert ProctoredExam.objects.get().backend == "mock"


def test_who_may_only_look_sees_the_exam(screens_with: Callable[..., Screens]) -> None:
    exam = ExamFactory()
    screens = screens_with("view_proctoredexam")

    assert exam.exam_name in screens.row(EXAM, exam.pk).content.decode()
    assert screens.save(EXAM, exam.pk, **values_of(exam)).status_code == 403


def test_a_policys_author_is_whoever_saves_it(screens: Screens) -> None:
    policy = ReviewPolicyFactory()

    response = screens.save(POLICY, policy.pk, proctored_exam=policy.proctored_exam_id, review_policy="Open book")

    assert response.status_code == 302
    policy.refresh_from_db()
    assert (policy.review_policy, policy.set_by_user) == ("Open book", screens.user)


def test_a_policy_is_added_by_whoever_adds_it(screens: Screens) -> None:
    exam = ExamFactory()

    screens.add(POLICY, proctored_exam=exam.pk, review_policy="Open book")

    policy = ProctoredExamReviewPolicy.objects.get()
    assert (policy.proctored_exam, policy.set_by_user) == (exam, screens.user)


def test_an_exam_has_one_policy(screens: Screens) -> None:
    policy = ReviewPolicyFactory()

    response = screens.add(POLICY, proctored_exam=policy.proctored_exam_id, review_policy="Open book")

    assert "proctored_exam" in response.context["adminform"].form.errors


def test_what_becomes_of_policies_is_on_record(screens: Screens) -> None:
    exam, other = ExamFactory(), ExamFactory()
    screens.add(POLICY, proctored_exam=exam.pk, review_policy="Open book")
    policy = ProctoredExamReviewPolicy.objects.get()
    screens.save(POLICY, policy.pk, proctored_exam=exam.pk, review_policy="Closed book")
    screens.save(POLICY, policy.pk, proctored_exam=other.pk, review_policy="Closed book")
    screens.delete(POLICY, policy.pk)
    recorded = AuditEntry.objects.order_by("id").values_list("event", "subject_kind", "subject_id", "actor_id")
    assert list(recorded) == [
        (event, EXAM, str(about.pk), screens.user.pk)
        for event, about in [
            ("review_policy.set", exam),
            ("review_policy.set", exam),
            ("review_policy.set", other),
            ("review_policy.removed", exam),
            ("review_policy.removed", other),
        ]
    ]


def test_policies_that_go_together_are_on_record_one_by_one(screens: Screens) -> None:
    policies = ReviewPolicyFactory.create_batch(3)
    keys = [str(policy.pk) for policy in policies]
    data = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    screens.client.post(reverse(f"admin:proctoring_{POLICY}_changelist"), data)
    assert not ProctoredExamReviewPolicy.objects.exists()
    recorded = AuditEntry.objects.filter(event="review_policy.removed", actor_id=screens.user.pk)
    assert {int(entry.subject_id) for entry in recorded} == {policy.proctored_exam_id for policy in policies}


@pytest.mark.parametrize("text", ["Wanted", "Wanted+C+1"])
def test_policies_are_searched_by_course_and_exam(screens: Screens, text: str) -> None:
    exam = ExamFactory(course_id="course-v1:Wanted+C+1", exam_name="Wanted exam")
    wanted = ReviewPolicyFactory(proctored_exam=exam)
    ReviewPolicyFactory()

    assert screens.found(POLICY, q=text) == [wanted]


@pytest.mark.parametrize("rows", [12, 60])
def test_a_longer_list_takes_no_more_queries(
    screens: Screens, query_budget: Callable[[str], AbstractContextManager[Any]], rows: int
) -> None:
    ReviewPolicyFactory.create_batch(rows)

    with query_budget("admin.exams"):
        assert screens.rows(EXAM).status_code == 200
    with query_budget("admin.policies"):
        assert screens.rows(POLICY).status_code == 200


def test_an_exam_is_found_by_its_whole_content_id(screens: Screens) -> None:
    wanted = ExamFactory()
    ExamFactory()

    assert screens.found(EXAM, q=wanted.content_id) == [wanted]


@pytest.mark.parametrize(
    "query",
    [
        {"is_active__exact": "0"},
        {"is_proctored__exact": "0"},
        {"is_practice_exam__exact": "1"},
        {"backend": "mock"},
    ],
)
def test_exams_are_filtered(screens: Screens, query: dict[str, str]) -> None:
    wanted = ExamFactory(is_active=False, is_proctored=False, is_practice_exam=True, backend="mock")
    ExamFactory()

    assert screens.found(EXAM, **query) == [wanted]


def test_exams_at_the_default_vendor_are_a_choice_of_their_own(screens: Screens) -> None:
    wanted = ExamFactory(backend=None)
    ExamFactory()

    assert screens.found(EXAM, backend="-") == [wanted]


def test_the_list_says_what_an_exam_is(screens: Screens) -> None:
    exam = ExamFactory(backend=None, time_limit_mins=77, practice=True)
    ExamFactory(is_proctored=False, backend="mock")

    page = screens.rows(EXAM).content.decode()

    assert all(text in page for text in (exam.course_id, exam.exam_name, "77", "null", "Practice"))


def test_saving_an_exam_brings_its_vendor_up_to_date(screens: Screens, committed: Any) -> None:
    exam = ExamFactory()
    OutboxMessage.objects.all().delete()

    screens.save(EXAM, exam.pk, **values_of(exam, time_limit_mins=45))

    assert [message.kind for message in OutboxMessage.objects.all()] == ["vendor.exam"]


def test_an_exam_with_attempts_stays(screens: Screens) -> None:
    exam = AttemptFactory().proctored_exam
    AttemptFactory(proctored_exam=exam)

    page = screens.row(EXAM, exam.pk, view="delete").content.decode()
    screens.delete(EXAM, exam.pk)
    screens.act(EXAM, "delete_selected", [exam.pk])

    assert "2 attempts" in page
    assert ProctoredExam.objects.get() == exam


def test_an_exam_that_a_hold_keeps_stays(screens: Screens) -> None:
    exam = AllowanceFactory().proctored_exam
    holds.place(UserFactory(), "An audit", course_id=exam.course_id)

    page = screens.row(EXAM, exam.pk, view="delete").content.decode()
    screens.delete(EXAM, exam.pk)
    screens.act(EXAM, "delete_selected", [exam.pk])

    assert "legal hold" in page
    assert ProctoredExam.objects.get() == exam


def test_an_exam_without_attempts_goes_with_its_archives(screens: Screens) -> None:
    exam = ReviewPolicyFactory().proctored_exam
    screens.save(POLICY, 1, proctored_exam=exam.pk, review_policy="Open book")
    AllowanceFactory(proctored_exam=exam).delete()

    assert screens.delete(EXAM, exam.pk).status_code == 302

    assert not ProctoredExam.objects.exists()


def test_former_policies_are_read(screens: Screens, screens_with: Callable[..., Screens]) -> None:
    policy = ReviewPolicyFactory(review_policy="A pocket calculator.")
    screens.save(POLICY, policy.pk, proctored_exam=policy.proctored_exam_id, review_policy="Open book")
    former = ProctoredExamReviewPolicyHistory.objects.get()

    assert screens.found(FORMER) == [former]
    assert "A pocket calculator." in screens.row(FORMER, former.pk).content.decode()
    assert screens.save(FORMER, former.pk, review_policy="No").status_code == 403
    assert screens.delete(FORMER, former.pk).status_code == 403
    assert screens_with("view_proctoredexamreviewpolicy").rows(FORMER).status_code == 403
