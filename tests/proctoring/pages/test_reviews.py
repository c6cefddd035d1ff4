"""The review of an attempt: staff of the course look, reviewers decide."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from proctoring.models import AuditEntry, ProctoredExamSoftwareSecureReview, StaffAction
from proctoring.services import second_reviews
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus
from tests.factories import COURSE_ID, AttemptFactory, CommentFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db
Review = ProctoredExamSoftwareSecureReview


@pytest.fixture
def attempt():
    return AttemptFactory(submitted=True, proctored_exam__backend="watcher")


@pytest.fixture
def review(attempt):
    made = ReviewFactory(attempt=attempt, suspicious=True)
    CommentFactory(review=made, start_time=60, stop_time=90, comment="<b>phone</b>", status="Suspicious")
    attempt.refresh_from_db()
    return made


@pytest.fixture
def someone(client, lms):
    user = UserFactory()
    lms.instructor.staff.add((user.pk, COURSE_ID))
    client.force_login(user)
    return user


def address(attempt, course_id=COURSE_ID):
    return reverse("edx_proctoring:pages.review", args=[course_id, attempt.pk])


def decided(client, attempt, status, **changes):
    review = Review.get_review_by_attempt_code(attempt.attempt_code)
    seen = second_reviews.seen(review, attempt)
    data = {"decision": str(status), "seen": seen, "reason": "looked at it"} | changes
    answer = client.post(address(attempt), data, follow=True)
    attempt.refresh_from_db()
    return answer


def test_remarks_are_shown_in_words_and_escaped(client, someone, attempt, review):
    page = client.get(address(attempt)).content.decode()
    assert "0:01:00" in page
    assert "&lt;b&gt;phone&lt;/b&gt;" in page
    assert "<b>phone" not in page


def test_each_answer_says_what_will_follow(client, attempt, review):
    client.force_login(UserFactory(superuser=True))
    page = client.get(address(attempt))
    follows = {prospect.decision: prospect.target for prospect, _ in page.context["choices"]}
    assert "The learner gets mail about it." in page.content.decode()
    assert follows[SoftwareSecureReviewStatus.clean] == Status.verified
    assert follows[SoftwareSecureReviewStatus.suspicious] == Status.rejected
    review.refresh_from_db()
    assert review.reviewed_by is None


def test_staff_of_the_course_look_and_do_not_decide(client, someone, attempt, review):
    assert "Record my decision" not in client.get(address(attempt)).content.decode()
    before = attempt.status
    assert decided(client, attempt, "Clean").status_code == 403
    assert attempt.status == before


def test_each_look_is_on_record_also_after_a_refusal(client, attempt, review):
    looker = UserFactory(superuser=True)
    client.force_login(looker)
    for reason in ("", "looked at it"):
        client.post(address(attempt), {"decision": "Clean", "seen": "something else", "reason": reason})
    client.get(address(attempt))
    looks = AuditEntry.objects.filter(event="review.looked_at", subject_id=str(review.pk), actor_id=looker.pk)
    assert looks.count() == 3


def test_who_may_not_decide_has_looked_all_the_same(client, someone, attempt, review):
    client.post(address(attempt), {"decision": "Clean"})
    assert AuditEntry.objects.filter(event="review.looked_at", actor_id=someone.pk).count() == 1


def test_a_decision_that_leads_on_is_no_look(client, attempt, review):
    client.force_login(UserFactory(superuser=True))
    seen = second_reviews.seen(review, attempt)
    client.post(address(attempt), {"decision": "Clean", "seen": seen, "reason": "looked at it"})
    assert not AuditEntry.objects.filter(event="review.looked_at").exists()


@pytest.mark.parametrize("right", ["group", "permission"])
def test_who_may_review_decides(client, someone, attempt, review, right):
    if right == "group":
        someone.groups.add(Group.objects.create(name="watcher_review"))
    else:
        permission = Permission.objects.get(codename="review_attempts")
        someone.user_permissions.add(permission)
    answer = decided(client, attempt, "Clean")
    assert "Your decision is recorded" in answer.content.decode()
    assert attempt.status == Status.verified
    review.refresh_from_db()
    assert review.reviewed_by == someone


def test_a_reviewer_of_another_vendor_does_not(client, someone, attempt, review):
    someone.groups.add(Group.objects.create(name="other_review"))
    assert decided(client, attempt, "Clean").status_code == 403


@pytest.mark.parametrize("reason", ["", "  ", "\0", "x" * 501])
def test_a_decision_takes_a_reason(client, attempt, review, reason):
    client.force_login(UserFactory(superuser=True))
    before = attempt.status
    assert "Say why" in decided(client, attempt, "Clean", reason=reason).content.decode()
    assert attempt.status == before


def test_the_reason_is_kept(client, attempt, review):
    someone = UserFactory(superuser=True)
    client.force_login(someone)
    decided(client, attempt, "Clean", reason="the  phone was a book")
    kept = StaffAction.objects.get()
    assert (kept.by, kept.ids, kept.reason) == (someone, [review.pk], "the phone was a book")
    line = LogEntry.objects.get()
    assert (line.user, line.object_id) == (someone, str(review.pk))
    assert "Clean" in line.change_message
    assert "the phone was a book" in line.change_message


@pytest.mark.parametrize("status", ["", "verified", "Clean\0", "x" * 5000])
def test_a_decision_that_is_none_is_refused_in_words(client, attempt, review, status):
    client.force_login(UserFactory(superuser=True))
    before = attempt.status
    answer = decided(client, attempt, status)
    assert answer.status_code == 400
    assert attempt.status == before


def test_nobody_decides_on_what_they_have_not_seen(client, attempt, review):
    client.force_login(UserFactory(superuser=True))
    before = attempt.status
    assert "has changed" in decided(client, attempt, "Clean", seen="1.0").content.decode()
    assert attempt.status == before


def test_nobody_decides_on_themselves(client, attempt, review):
    before, own = attempt.status, "This is your own attempt: somebody else decides."
    attempt.user.is_staff = attempt.user.is_superuser = True
    attempt.user.save()
    client.force_login(attempt.user)
    assert own in client.get(address(attempt)).content.decode()
    assert own in decided(client, attempt, "Clean").content.decode()
    assert attempt.status == before
    assert not StaffAction.objects.exists()


def test_without_a_review_there_is_no_page(client, someone):
    assert client.get(address(AttemptFactory(submitted=True))).status_code == 404


def test_another_courses_review_is_not_there(client, lms, someone, attempt, review):
    lms.instructor.staff.add((someone.pk, "course-v1:Other+COURSE+2026"))
    assert client.get(address(attempt, "course-v1:Other+COURSE+2026")).status_code == 404


@pytest.mark.parametrize("remarks", [1, 30])
def test_as_many_statements_at_any_size(client, someone, attempt, review, query_budget, remarks):
    for _ in range(remarks):
        CommentFactory(review=review)
    with query_budget("pages.review"):
        client.get(address(attempt))


def test_global_staff_look_and_do_not_decide(client, attempt, review):
    client.force_login(UserFactory(staff=True))
    assert "Record my decision" not in client.get(address(attempt)).content.decode()
    assert decided(client, attempt, "Clean").status_code == 403


def test_what_was_typed_is_kept_where_the_review_has_changed(client, attempt, review):
    client.force_login(UserFactory(superuser=True))
    page = decided(client, attempt, "Clean", seen="long ago", reason="It was a book.")
    assert page.status_code == 400
    assert 'value="It was a book."' in page.content.decode()
    assert page.context["seen"] == second_reviews.seen(review, attempt)
