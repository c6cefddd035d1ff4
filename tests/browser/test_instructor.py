"""The pages of a course for its staff, in a browser."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import presence
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, CommentFactory, ExamFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
Attempt = ProctoredExamStudentAttempt


@pytest.fixture
def staff():
    return UserFactory(username="grace", staff=True)


def address(name, *args):
    return reverse(f"edx_proctoring:pages.{name}", args=[COURSE_ID, *args])


def many_attempts():
    exams = [ExamFactory(exam_name="Final exam"), ExamFactory(exam_name="Reading test", timed=True)]
    statuses = [Status.verified, Status.submitted, Status.rejected, Status.error, Status.started, Status.created]
    for number in range(40):
        attempt = AttemptFactory(proctored_exam=exams[number % 2], status=statuses[number % 6], is_resumable=True)
        ages = {"created": timezone.now() - timedelta(days=number % 25, hours=1)}
        Attempt.objects.filter(pk=attempt.pk).update(**ages)
    AttemptFactory(user=attempt.user, proctored_exam=attempt.proctored_exam, submitted=True)


def test_the_overview(open_as, inspect, staff):
    many_attempts()
    page = open_as(staff, address("overview"))
    page.get_by_text("The same as a table").click()
    assert page.get_by_role("row").count() > 20
    inspect(page, "instructor-overview")


def test_attempts_are_found_opened_and_reset_by_keyboard_alone(open_as, inspect, staff):
    many_attempts()
    AttemptFactory(user__username="zoe", status=Status.error, is_resumable=True, proctored_exam__exam_name="Oral exam")
    page = open_as(staff, address("attempts"))
    inspect(page, "instructor-attempts")
    page.get_by_label("Username or e-mail").focus()
    page.keyboard.type("zoe")
    page.wait_for_url("**q=zoe**")
    page.get_by_role("link", name="Let go on (zoe, Oral exam)").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Let this learner go on?").wait_for()
    inspect(page, "instructor-resume")
    page.get_by_role("button", name="Let the learner go on").press("Enter")
    page.get_by_text("The learner can go on with the exam").wait_for()
    page.goto(address("attempts") + "?q=zoe")
    assert page.get_by_text("May go on").is_visible()
    page.get_by_role("link", name="Reset (zoe, Oral exam)").press("Enter")
    page.get_by_role("heading", name="Reset this learner in this exam?").wait_for()
    inspect(page, "instructor-reset")
    page.get_by_role("button", name="Remove the attempts").press("Enter")
    page.get_by_text("The attempts have been removed").wait_for()
    assert not Attempt.objects.filter(user__username="zoe").exists()


def test_a_review_is_read_on_its_timeline_and_decided(open_as, inspect, staff):
    attempt = AttemptFactory(submitted=True, user__username="bruno", proctored_exam__exam_name="Final exam")
    review = ReviewFactory(attempt=attempt, suspicious=True)
    remarks = [(120, 300, "A second voice is heard."), (260, 420, "Looks at a phone."), (2400, 2405, "Face not seen.")]
    for start, stop, words in remarks:
        CommentFactory(review=review, start_time=start, stop_time=stop, comment=words)
    CommentFactory(review=review, start_time=3000, stop_time=3300, comment="Leaves the desk.", status="Rules Violation")
    staff.user_permissions.add(Permission.objects.get(codename="review_attempts"))
    page = open_as(staff, address("review", attempt.pk))
    assert page.locator(".proctoring-interval").count() == 4
    inspect(page, "instructor-review")
    page.get_by_label("Clean").press("Space")
    page.get_by_label("Why?").fill("The phone was a book.")
    page.get_by_role("button", name="Record my decision").press("Enter")
    page.get_by_text("Your decision is recorded").wait_for()
    attempt.refresh_from_db()
    assert attempt.status == Status.verified


def test_the_live_board_and_the_onboarding_roster(open_as, inspect, staff):
    now = timezone.now()
    times = {"started_at": now - timedelta(minutes=50), "allowed_time_limit_mins": 60}
    exam = ExamFactory(exam_name="Final exam")
    low = AttemptFactory(status=Status.started, proctored_exam=exam, deadline_at=now + timedelta(minutes=9), **times)
    presence.seen(low.pk)
    page = open_as(staff, address("live"))
    assert page.get_by_text("Little time left").is_visible()
    inspect(page, "instructor-live")
    page.goto(address("onboarding"))
    inspect(page, "instructor-onboarding-none")


def test_an_allowance_is_granted_changed_and_taken_back(open_as, inspect, staff):
    UserFactory(username="ada")
    ExamFactory(exam_name="Final exam")
    ExamFactory(exam_name="Reading test", timed=True)
    page = open_as(staff, address("allowances"))
    page.get_by_role("link", name="Grant something").press("Enter")
    page.get_by_label("Learners").fill("ada nobody")
    page.get_by_label("Final exam (Proctored)").check()
    page.get_by_label("How much").fill("30")
    page.expected_errors = ["400 (Bad Request)"]
    page.get_by_role("button", name="Grant it").press("Enter")
    page.get_by_text("This could not be granted").wait_for()
    inspect(page, "instructor-grant")
    page.get_by_role("link", name="Go back").press("Enter")
    page.get_by_role("link", name="Change (ada, Final exam)").wait_for()
    inspect(page, "instructor-allowances")
    page.get_by_role("link", name="Change (ada, Final exam)").press("Enter")
    page.get_by_label("New value").fill("45")
    inspect(page, "instructor-allowance-change")
    page.get_by_role("button", name="Change it").press("Enter")
    page.get_by_role("link", name="Take back (ada, Final exam)").press("Enter")
    page.get_by_role("button", name="Take it back").wait_for()
    inspect(page, "instructor-allowance-take-back")
    page.get_by_role("button", name="Take it back").press("Enter")
    page.get_by_text("Nobody in this course has been granted anything").wait_for()


def test_whoever_grants_too_often_is_told_when_to_go_on(open_as, inspect, staff, settings):
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"THROTTLE_RATES": {"staff": "1/hour"}}
    page = open_as(staff, address("allowances.grant"))
    page.expected_errors = ["400 (Bad Request)", "429 (Too Many Requests)"]
    page.get_by_role("button", name="Grant it").press("Enter")
    page.get_by_text("Nothing was granted.").wait_for()
    page.get_by_role("button", name="Grant it").press("Enter")
    page.get_by_role("heading", name="That did not work").wait_for()
    inspect(page, "instructor-too-often")
    page.get_by_role("link", name="Go back").press("Enter")
    page.get_by_role("heading", name="Grant something").wait_for()
