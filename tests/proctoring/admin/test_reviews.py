"""The second review by staff, and former reviews (contract vendors_admin_screens.md §4.3-4.4)."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE as CHANGED
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.html import strip_tags

from proctoring.admin.reviews import redacted
from proctoring.models import AuditEntry, ProctoredExamSoftwareSecureReview, StaffAction
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus as Result
from tests.factories import AttemptFactory, CommentFactory, ReviewFactory, UserFactory
from tests.proctoring.admin.conftest import Screens, told
from tests.proctoring.admin.reviewing import CHANGE, DECIDE, FORMER, NO_COMMENTS, REVIEW, VIEW, decide, former, seen

PAYLOAD = "view_review_payload"


def words(response: Any) -> str:
    """The page as it is read."""
    return re.sub(r"\s+", " ", unescape(strip_tags(response.content.decode())))


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
    screens = screens_with(CHANGE)

    page = screens.row(REVIEW, comment.review_id)

    assert "Looks away." in page.content.decode()
    (inline,) = page.context["inline_admin_formsets"]
    permissions = (inline.has_add_permission, inline.has_change_permission, inline.has_delete_permission)
    assert permissions == (False, False, False)


def test_reviews_are_not_added(screens: Screens) -> None:
    assert screens.add(REVIEW, review_status=Result.clean).status_code == 403


def test_deleting_takes_the_permission_to_delete(screens_with: Callable[..., Screens]) -> None:
    review = ReviewFactory()
    reviewer = screens_with(CHANGE, VIEW, DECIDE)
    remover = screens_with(VIEW, f"delete_{REVIEW}")

    assert reviewer.delete(REVIEW, review.pk).status_code == 403
    assert remover.delete(REVIEW, review.pk).status_code == 302
    assert not ProctoredExamSoftwareSecureReview.objects.exists()


def test_a_removal_is_on_record_with_who_removed_it(screens_with: Callable[..., Screens]) -> None:
    review, remover = ReviewFactory(), screens_with(VIEW, f"delete_{REVIEW}")
    remover.delete(REVIEW, review.pk)
    entry = AuditEntry.objects.get(event="review.removed")
    assert (entry.subject_id, entry.actor_id) == (str(review.pk), remover.user.pk)
    assert json.loads(entry.facts)["learner"] == review.student_id


@pytest.mark.parametrize("is_old", [True, False])
def test_nobody_removes_what_was_said_of_themselves(screens: Screens, is_old: bool) -> None:
    review = ReviewFactory(attempt=AttemptFactory(user=screens.user))
    if is_old:
        ProctoredExamSoftwareSecureReview.objects.update(student=None)
    assert screens.delete(REVIEW, review.pk).status_code == 403
    assert ProctoredExamSoftwareSecureReview.objects.exists()
    assert not AuditEntry.objects.filter(event="review.removed").exists()


# Who may do what


@pytest.mark.parametrize("only", [VIEW, CHANGE])
def test_without_the_permission_to_review_the_page_is_for_reading(
    screens_with: Callable[..., Screens], only: str
) -> None:
    review = ReviewFactory(suspicious=True)
    screens = screens_with(only)

    page = screens.row(REVIEW, review.pk)

    assert 'name="review_status"' not in page.content.decode()
    assert 'name="seen"' not in page.content.decode()
    assert "You may look at this review." in words(page)
    assert decide(screens, review, Result.clean).status_code == 403
    review.refresh_from_db()
    assert review.reviewed_by is None


def test_who_may_review_and_look_decides(screens_with: Callable[..., Screens]) -> None:
    review = ReviewFactory(suspicious=True)
    screens = screens_with(VIEW, DECIDE)

    assert decide(screens, review, Result.clean).status_code == 302

    review.refresh_from_db()
    assert (review.review_status, review.reviewed_by) == (Result.clean, screens.user)


@pytest.mark.parametrize("model", [REVIEW, FORMER])
@pytest.mark.parametrize("only", [DECIDE, PAYLOAD, "view_proctoredexamstudentattempt"])
def test_other_permissions_show_no_review(screens_with: Callable[..., Screens], only: str, model: str) -> None:
    row = ReviewFactory() if model == REVIEW else former()
    screens = screens_with(only)

    assert screens.row(model, row.pk).status_code == 403
    assert screens.rows(model).status_code == 403


@pytest.mark.parametrize("model", [REVIEW, FORMER])
def test_a_vendors_message_takes_a_permission_of_its_own(screens_with: Callable[..., Screens], model: str) -> None:
    fields = {"raw_data": json.dumps({"reviewStatus": "Suspicious"})}
    row = ReviewFactory(**fields) if model == REVIEW else former(**fields)

    looking = screens_with(f"view_{model}").row(model, row.pk)
    reading = screens_with(f"view_{model}", PAYLOAD).row(model, row.pk)

    assert "reviewStatus" not in looking.content.decode()
    assert "reviewStatus" in reading.content.decode()


def test_the_attempts_page_is_linked_for_who_may_see_it(screens_with: Callable[..., Screens]) -> None:
    review = ReviewFactory()
    link = "The attempt, with its history"

    assert link not in words(screens_with(VIEW).row(REVIEW, review.pk))
    assert link in words(screens_with(VIEW, "view_proctoredexamstudentattempt").row(REVIEW, review.pk))


# What is said beforehand


def test_the_page_says_what_each_decision_would_mean(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)

    page = words(screens.row(REVIEW, review.pk))

    passed = "The attempt becomes “Passed the review”. For credit, the learner has met the requirement of this exam."
    failed = "The attempt becomes “Did not pass the review”. For credit, the learner has not met the requirement"
    assert re.search(f"Clean {passed} The learner gets mail about it.", page)
    assert re.search(f"Suspicious {failed}.*grade of the exam becomes zero.*certificate.*mail", page)
    assert "The attempt becomes “Error”." in page


def test_the_page_says_what_the_vendor_said_and_links_the_timeline(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)
    CommentFactory(review=review, status="Suspicious")
    CommentFactory(review=review, status="Rules Violation")
    CommentFactory(review=review, status="Suspicious")

    page = screens.row(REVIEW, review.pk)

    assert "Suspicious, which is no pass" in words(page)
    assert re.search(r"Suspicious: 2, ?Rules Violation: 1", words(page))
    assert "/review/" in page.context["timeline_url"]
    assert screens.client.get(page.context["timeline_url"]).status_code == 200


def test_the_vendors_word_stays_known_after_a_decision(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)

    decide(screens, review, Result.clean)

    assert screens.row(REVIEW, review.pk).context["vendors_result"] == Result.suspicious


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": Status.onboarding_reset}, "the learner has started over"),
        ({"status": Status.eligible}, "a review cannot move it out of its status"),
        ({"status": Status.started}, "It cannot pass because the learner has never handed it in."),
    ],
)
def test_what_a_decision_cannot_do_is_said_beforehand_and_afterwards(
    screens: Screens, fields: dict[str, Any], sentence: str
) -> None:
    # Of an attempt that was moved on after its review.
    review = ReviewFactory(attempt=AttemptFactory(submitted=True), suspicious=True)
    attempt = AttemptFactory(**fields)
    ProctoredExamSoftwareSecureReview.objects.filter(pk=review.pk).update(attempt_code=attempt.attempt_code)

    assert sentence in words(screens.row(REVIEW, review.pk))
    response = decide(screens, review, Result.clean)

    ((_level, said),) = told(response)
    assert sentence in said
    review.refresh_from_db()
    assert review.reviewed_by == screens.user


def test_a_review_of_a_deleted_attempt_is_decided_without_effect(screens: Screens) -> None:
    attempt = AttemptFactory(submitted=True)
    review = ReviewFactory(attempt=attempt, suspicious=True)
    attempt.delete()

    assert "The attempt was deleted" in words(screens.row(REVIEW, review.pk))
    response = decide(screens, review, Result.clean)

    ((level, said),) = told(response)
    assert (level, "was deleted" in said) == ("warning", True)
    review.refresh_from_db()
    assert (review.review_status, review.reviewed_by) == (Result.clean, screens.user)


def test_a_code_of_several_attempts_decides_none_of_them(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)
    AttemptFactory(attempt_code=review.attempt_code, submitted=True)

    page = screens.row(REVIEW, review.pk)

    assert "Several attempts have this code" in words(page)
    response = screens.save(REVIEW, review.pk, review_status=Result.clean, reason="x", seen="", **NO_COMMENTS)
    assert [level for level, _ in told(response)] == ["error"]


# Deciding


def test_what_came_of_it_is_said(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)

    ((level, said),) = told(decide(screens, review, Result.suspicious))

    assert level == "success"
    assert said.startswith("The attempt is now “Did not pass the review”. For credit,")
    assert "grade of the exam becomes zero" in said


def test_the_same_again_is_said_to_change_nothing(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)
    decide(screens, review, Result.suspicious)

    page = words(screens.row(REVIEW, review.pk))

    assert "that is its status already" in page
    assert told(decide(screens, review, Result.suspicious))[-1][0] == "warning"


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501])
def test_a_decision_without_a_reason_is_no_decision(screens: Screens, reason: str) -> None:
    review = ReviewFactory(suspicious=True)

    response = decide(screens, review, Result.clean, reason=reason)

    assert response.status_code == 200
    assert "reason" in response.context["adminform"].form.errors
    # What the vendor said is shown, not what was chosen.
    assert response.context["vendors_result"] == Result.suspicious
    review.refresh_from_db()
    assert (review.review_status, review.reviewed_by) == (Result.suspicious, None)


def test_a_form_of_an_old_client_is_refused_without_effect(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)

    assert screens.save(REVIEW, review.pk, review_status=Result.clean).status_code == 200

    review.refresh_from_db()
    assert review.reviewed_by is None


def test_reasons_are_kept_and_shown(screens: Screens, screens_with: Callable[..., Screens]) -> None:
    review = ReviewFactory(suspicious=True)

    decide(screens, review, Result.suspicious, reason="A phone\n is seen.")
    decide(screens, review, Result.clean, reason="It was a <b>calculator</b>.")

    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Suspicious → Suspicious (second_review_required → rejected): A phone is seen.",
        "Suspicious → Clean (rejected → verified): It was a <b>calculator</b>.",
    ]
    actions = StaffAction.objects.order_by("pk")
    assert [(action.verb, action.by, action.ids, action.state) for action in actions] == [
        ("decide-review", screens.user, [review.pk], "done"),
    ] * 2
    assert actions[0].reason == "A phone is seen."
    page = screens_with(VIEW).row(REVIEW, review.pk).content.decode()
    assert page.index("&lt;b&gt;calculator&lt;/b&gt;") < page.index("A phone is seen.")
    assert screens.user.username in page


@pytest.mark.parametrize("meanwhile", ["review", "attempt", "unseen"])
def test_nobody_decides_on_what_they_have_not_seen(screens: Screens, meanwhile: str) -> None:
    attempt = AttemptFactory(submitted=True)
    review = ReviewFactory(attempt=attempt, suspicious=True)
    mark = seen(review)
    if meanwhile == "review":
        review.save()
    elif meanwhile == "attempt":
        type(attempt).objects.filter(pk=attempt.pk).update(status=Status.declined)

    response = decide(screens, review, Result.clean, seen="" if meanwhile == "unseen" else mark)

    page = response.content.decode()
    assert "has changed since you opened it" in page
    assert response.context["adminform"].form["reason"].value()
    review.refresh_from_db()
    assert review.reviewed_by is None
    assert not LogEntry.objects.exists()
    assert not StaffAction.objects.exists()


def test_a_vendors_new_comments_do_not_break_the_form(screens: Screens) -> None:
    review = CommentFactory(review=ReviewFactory(suspicious=True)).review
    page = screens.row(REVIEW, review.pk)
    formset = page.context["inline_admin_formsets"][0].formset
    sent = {f"{formset.prefix}-{name}": "1" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    sent[f"{formset.prefix}-0-id"] = str(formset.initial_forms[0].instance.pk)
    review.proctoredexamsoftwaresecurecomment_set.all().delete()

    response = decide(screens, review, Result.clean, **sent)

    assert response.status_code == 302
    review.refresh_from_db()
    assert review.reviewed_by == screens.user


def test_going_on_with_the_same_review(screens: Screens) -> None:
    review = ReviewFactory(suspicious=True)

    response = decide(screens, review, Result.clean, _continue="1")

    assert response.url == screens.row(REVIEW, review.pk).request["PATH_INFO"]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_takes_as_many_statements_at_any_size(
    screens: Screens, query_budget: Callable[..., Any], number: int
) -> None:
    review = ReviewFactory(suspicious=True)
    content_type = ContentType.objects.get_for_model(review)
    for _ in range(number):
        CommentFactory(review=review)
        LogEntry.objects.create(user=UserFactory(), content_type=content_type, object_id=review.pk, action_flag=CHANGED)

    with query_budget("admin.review"):
        page = screens.row(REVIEW, review.pk)

    assert len(page.context["logged"]) == number


def test_former_reviews_are_only_read(screens: Screens) -> None:
    archived = former()

    assert screens.row(FORMER, archived.pk).status_code == 200
    assert screens.save(FORMER, archived.pk, review_status=Result.clean).status_code == 403
    assert screens.delete(FORMER, archived.pk).status_code == 403
    assert screens.add(FORMER).status_code == 403
