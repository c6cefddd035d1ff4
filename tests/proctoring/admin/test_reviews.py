"""The second review by staff, and former reviews (contract vendors_admin_screens.md §4.3-4.4)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from proctoring.admin.reviews import redacted
from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamSoftwareSecureReviewHistory
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus as Result
from tests.factories import AttemptFactory, CommentFactory, ExamFactory, ReviewFactory, UserFactory
from tests.proctoring.admin.conftest import Screens, told

REVIEW = "proctoredexamsoftwaresecurereview"
FORMER = "proctoredexamsoftwaresecurereviewhistory"
NO_COMMENTS = {
    "proctoredexamsoftwaresecurecomment_set-TOTAL_FORMS": "0",
    "proctoredexamsoftwaresecurecomment_set-INITIAL_FORMS": "0",
}


def former(**fields: Any) -> ProctoredExamSoftwareSecureReviewHistory:
    archived = ReviewFactory(**fields).archived()
    archived.save()
    return archived


def decide(screens: Screens, review: ProctoredExamSoftwareSecureReview, result: str, **more: Any) -> Any:
    return screens.save(REVIEW, review.pk, review_status=result, **NO_COMMENTS, **more)


def test_saving_makes_the_person_the_reviewer_and_decides_the_attempt(screens: Screens) -> None:
    attempt = AttemptFactory(submitted=True)
    review = ReviewFactory(attempt=attempt, suspicious=True)

    response = decide(screens, review, Result.suspicious)

    review.refresh_from_db()
    attempt.refresh_from_db()
    assert review.reviewed_by == screens.user
    assert attempt.status == Status.rejected
    assert [level for level, _ in told(response)] == ["success"]


def test_a_person_may_overrule_the_vendor(screens: Screens) -> None:
    attempt = AttemptFactory(submitted=True)
    review = ReviewFactory(attempt=attempt, suspicious=True)

    decide(screens, review, Result.clean)

    review.refresh_from_db()
    attempt.refresh_from_db()
    assert (review.review_status, attempt.status) == (Result.clean, Status.verified)


def test_the_result_is_one_of_four(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)

    response = decide(screens, review, "Splendid")

    assert "review_status" in response.context["adminform"].form.errors
    choices = response.context["adminform"].form.fields["review_status"].choices
    assert [value for value, _ in choices] == list(Result)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("field", ["raw_data", "attempt_code", "is_attempt_active"])
def test_nothing_but_the_result_can_be_edited(screens: Screens, field: str) -> None:
    review = ReviewFactory(suspicious=True)
    before = getattr(review, field)

    decide(screens, review, Result.clean, **{field: "forged"})

    review.refresh_from_db()
    assert getattr(review, field) == before


def test_the_vendors_message_is_shown_without_personal_data(screens: Screens) -> None:
    message = {"reviewStatus": "Suspicious", "examTakerEmail": "alice@example.com", "overAllComments": "<b>secret</b>"}
    review = ReviewFactory(raw_data=json.dumps(message), suspicious=True)

    page = screens.row(REVIEW, review.pk).content.decode()

    assert "reviewStatus" in page
    assert "examTakerEmail" in page
    assert "alice@example.com" not in page
    assert "secret" not in page


def test_free_text_in_place_of_a_message_is_not_shown(screens: Screens) -> None:
    review = ReviewFactory(raw_data="Alice was ill.")

    assert "Alice was ill." not in screens.row(REVIEW, review.pk).content.decode()


def test_redaction_keeps_the_shape_and_what_is_known_to_be_harmless() -> None:
    message = {
        "status": "suspicious",
        "reviewed_by": "grader@example.org",
        "comments": [{"start": 1, "comment": "phone", "extra": {"status": "x", "who": None}}],
        "frames": [1, 2],
    }

    assert redacted(message) == {
        "status": "suspicious",
        "reviewed_by": "[hidden]",
        "comments": [{"start": 1, "comment": "[hidden]", "extra": {"status": "x", "who": "[hidden]"}}],
        "frames": ["[hidden]", "[hidden]"],
    }


def test_redaction_ends_at_a_depth_no_vendor_reaches() -> None:
    message: Any = "deep"
    for _ in range(500):
        message = {"status": message}

    assert "deep" not in json.dumps(redacted(message))


def test_comments_are_read_with_the_review(screens_with: Callable[..., Screens]) -> None:
    comment = CommentFactory(comment="Looks away.")
    screens = screens_with("change_proctoredexamsoftwaresecurereview")

    page = screens.row(REVIEW, comment.review_id)

    assert "Looks away." in page.content.decode()
    (inline,) = page.context["inline_admin_formsets"]
    permissions = (inline.has_add_permission, inline.has_change_permission, inline.has_delete_permission)
    assert permissions == (False, False, False)


def test_reviews_are_not_added(screens: Screens) -> None:
    assert screens.add(REVIEW, review_status=Result.clean).status_code == 403


def test_deleting_takes_the_permission_to_delete(screens_with: Callable[..., Screens]) -> None:
    review = ReviewFactory()
    editor = screens_with("change_proctoredexamsoftwaresecurereview")
    remover = screens_with("view_proctoredexamsoftwaresecurereview", "delete_proctoredexamsoftwaresecurereview")

    assert editor.delete(REVIEW, review.pk).status_code == 403
    assert remover.delete(REVIEW, review.pk).status_code == 302
    assert not ProctoredExamSoftwareSecureReview.objects.exists()


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


@pytest.mark.parametrize(("model", "factory"), [(REVIEW, ReviewFactory), (FORMER, former)])
def test_a_longer_list_takes_no_more_queries(screens: Screens, model: str, factory: Callable[..., Any]) -> None:
    for _ in range(3):
        factory(reviewed_by=UserFactory())
    few = screens.queries(model)
    for _ in range(27):
        factory(reviewed_by=UserFactory())

    assert screens.queries(model) == few


def test_former_reviews_are_only_read(screens: Screens) -> None:
    archived = former()

    assert screens.row(FORMER, archived.pk).status_code == 200
    assert screens.save(FORMER, archived.pk, review_status=Result.clean).status_code == 403
    assert screens.delete(FORMER, archived.pk).status_code == 403
    assert screens.add(FORMER).status_code == 403
