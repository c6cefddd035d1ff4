"""Who looks at what a machine finds suspicious."""

import pytest

from proctoring.backends.types import ReviewEvent
from proctoring.models import OutboxMessage, ProctoredExamSoftwareSecureReview
from proctoring.services import reviews, support
from proctoring.statuses import ReviewStatus
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db
S = ReviewStatus


@pytest.fixture(autouse=True)
def _platform(settings):
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"SITE_NAME": "lms.example.org"}
    settings.HTTPS = "on"


@pytest.fixture
def attempt():
    exam = ExamFactory(backend="watcher", exam_name="Final")
    return AttemptFactory(proctored_exam=exam, submitted=True, external_id="theirs/1 & 2")


def say(attempt, *statuses):
    for status in statuses:
        reviews.record(attempt, ReviewEvent(status=status), {})


def waiting():
    return list(OutboxMessage.objects.filter(destination="support", state="pending"))


def test_support_hears_of_a_suspicious_review(lms, vendor, committed, attempt):
    with committed():
        say(attempt, S.suspicious)
        assert lms.instructor.notified == [], "not while the vendor waits"

    assert lms.instructor.notified == [
        {
            "course_id": attempt.proctored_exam.course_id,
            "exam_name": "Final",
            "student_username": attempt.user.username,
            "review_status": "Suspicious",
            "review_url": "https://lms.example.org/api/edx_proctoring/v1/instructor/course-v1:Test+EXAMS+2026/"
            f"{attempt.proctored_exam_id}?attempt=theirs%2F1%20%26%202",
        }
    ]


@pytest.mark.parametrize("status", [S.passed, S.violation, S.not_reviewed])
def test_other_reviews_need_nobody(attempt, status):
    say(attempt, status)

    assert waiting() == []


def test_a_review_that_comes_again_is_no_news(attempt):
    say(attempt, S.suspicious, S.suspicious)

    assert len(waiting()) == 1


def test_a_review_that_becomes_suspicious_is_news(attempt):
    say(attempt, S.not_reviewed, S.suspicious)

    assert len(waiting()) == 1


@pytest.mark.parametrize("status", ["", "Sus", "Suspicious ", "suspicious", "Clean"])
def test_weakness_29_only_the_whole_word_is_suspicious(attempt, status):
    review = ProctoredExamSoftwareSecureReview(pk=1, attempt_code="code", review_status=status)

    assert list(support.notification(review, attempt)) == []


def test_what_a_person_has_seen_needs_no_other(lms, attempt):
    say(attempt, S.suspicious)
    [message] = waiting()
    review = ProctoredExamSoftwareSecureReview.objects.get()
    reviews.decide(review, reviewer=UserFactory(staff=True), review_status="Suspicious")

    support.notify(message.payload)

    assert lms.instructor.notified == []


def test_reviews_that_are_gone_or_about_nobody_are_nothing(lms, attempt):
    nobodys = ReviewFactory(attempt=attempt, suspicious=True, student=None)

    support.notify({"review_id": nobodys.pk, "attempt": "theirs"})
    support.notify({"review_id": 10**6, "attempt": "theirs"})

    assert lms.instructor.notified == []


def test_without_a_service_nobody_is_told_and_nothing_fails(committed, attempt, vendor):
    with committed():
        say(attempt, S.suspicious)

    assert OutboxMessage.objects.get(destination="support").state == "done"


def test_a_desk_that_is_away_is_told_later(lms, committed, vendor, attempt):
    class Away:
        def send_support_notification(self, **notification: object) -> None:
            raise OSError("secret detail")

    lms.instructor.send_support_notification = Away().send_support_notification

    with committed():
        say(attempt, S.suspicious)

    message = OutboxMessage.objects.get(destination="support")
    assert (message.state, message.error_code) == ("pending", "OSError")


@pytest.mark.parametrize(
    ("course_id", "external_id", "address"),
    [
        ("Org/Course/Run", "a", "Org/Course/Run/7?attempt=a"),
        ("course-v1:Örg+C+1", "a+b", "course-v1:%C3%96rg+C+1/7?attempt=a%2Bb"),
        ("course-v1:O+C+1?x#y", "", "course-v1:O+C+1%3Fx%23y/7?attempt="),
    ],
)
def test_the_address_is_quoted(course_id, external_id, address):
    prefix = "https://lms.example.org/api/edx_proctoring/v1/instructor/"
    assert support.review_url(course_id, 7, external_id) == prefix + address
