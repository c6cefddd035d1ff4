"""Exams by ids, as an LMS's code uses them."""

from datetime import UTC, datetime, timedelta
from inspect import signature

import pytest
import time_machine

from proctoring import api
from proctoring.api.exams import MINIMUM_TIME
from proctoring.exceptions import (
    BackendProviderNotConfigured,
    ProctoredExamAlreadyExists,
    ProctoredExamNotFoundException,
    ProctoredExamReviewPolicyAlreadyExists,
    ProctoredExamReviewPolicyNotFoundException,
)
from proctoring.services import attempts, timing
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AllowanceFactory, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=1)
WHERE = ("course-v1:Test+EXAMS+2026", "block-v1:Test+EXAMS+2026+type@sequential+block@final")


def test_an_exam_is_found_by_both_keys():
    exam_id = api.create_exam(*WHERE, "Final", 90)
    exam = api.get_exam_by_id(exam_id)
    assert api.get_exam_by_content_id(*WHERE) == exam
    assert exam == {
        "id": exam_id,
        "course_id": WHERE[0],
        "content_id": WHERE[1],
        "external_id": None,
        "exam_name": "Final",
        "time_limit_mins": 90,
        "is_proctored": True,
        "is_practice_exam": False,
        "is_active": True,
        "due_date": None,
        "hide_after_due": False,
        "backend": "watcher",
    }


def test_one_exam_for_one_part_of_a_course():
    api.create_exam(*WHERE, "Final", 90, backend="null")
    with pytest.raises(ProctoredExamAlreadyExists):
        api.create_exam(*WHERE, "Final again", 60)
    assert api.get_exam_by_content_id(*WHERE)["backend"] == "null"


def test_unknown_exams():
    with pytest.raises(ProctoredExamNotFoundException):
        api.get_exam_by_id(10**6)
    with pytest.raises(ProctoredExamNotFoundException):
        api.get_exam_by_content_id(*WHERE)


def test_a_courses_exams():
    first, inactive = ExamFactory(), ExamFactory(is_active=False)
    ExamFactory(course_id="course-v1:Other+C+1")
    assert [exam["id"] for exam in api.get_all_exams_for_course(COURSE_ID)] == [first.pk, inactive.pk]
    assert [exam["id"] for exam in api.get_all_exams_for_course(COURSE_ID, active_only=True)] == [first.pk]
    assert api.get_all_exams_for_course("course-v1:Nobody+Knows+It") == []


# Updating


def test_everything_but_the_place_can_be_changed():
    exam_id = api.create_exam(*WHERE, "Final", 90)
    changes = {
        "exam_name": "Rehearsal",
        "time_limit_mins": 30,
        "due_date": DUE,
        "is_proctored": False,
        "is_practice_exam": True,
        "external_id": "theirs",
        "is_active": False,
        "hide_after_due": True,
        "backend": "other",
    }
    assert api.update_exam(exam_id, **changes) == exam_id
    exam = api.get_exam_by_id(exam_id)
    assert exam == {"id": exam_id, "course_id": WHERE[0], "content_id": WHERE[1], **changes}
    assert list(signature(api.update_exam).parameters) == ["exam_id", *changes]


def test_none_leaves_a_column_as_it_is_but_clears_the_due_date():
    exam_id = api.create_exam(*WHERE, "Final", 90, due_date=DUE)
    before = api.get_exam_by_id(exam_id)
    nothing = dict.fromkeys(set(signature(api.update_exam).parameters) - {"exam_id", "due_date"})
    api.update_exam(exam_id, **nothing)
    assert api.get_exam_by_id(exam_id) == before
    api.update_exam(exam_id, due_date=None)
    assert api.get_exam_by_id(exam_id) == before | {"due_date": None}


def test_weakness_71_no_due_date_given_is_one_aware_instant_compared_by_identity():
    exam_id = api.create_exam(*WHERE, "Final", 90, due_date=DUE)
    api.update_exam(exam_id, due_date=MINIMUM_TIME)
    assert api.get_exam_by_id(exam_id)["due_date"] == DUE
    api.update_exam(exam_id, due_date=datetime(1970, 1, 1, tzinfo=UTC))
    assert api.get_exam_by_id(exam_id)["due_date"] == MINIMUM_TIME


def test_an_unknown_exam_is_not_updated():
    with pytest.raises(ProctoredExamNotFoundException):
        api.update_exam(10**6, exam_name="Renamed")


# Time


@pytest.mark.parametrize(("due", "passed"), [(NOW, True), (NOW + timedelta(seconds=1), False), (None, False)])
def test_whether_an_exam_is_past_due(lms, due, passed):
    exam = api.get_exam_by_id(ExamFactory(due_date=due).pk)
    with time_machine.travel(NOW, tick=False):
        assert api.is_exam_passed_due(exam) is passed
        # Callers add keys of their own.
        assert api.is_exam_passed_due(exam | {"attempt": None}, user=UserFactory().pk) is passed


def test_a_personal_due_date_counts_for_its_learner(lms):
    exam, user = api.get_exam_by_id(ExamFactory(due_date=NOW).pk), UserFactory()
    lms.dates.due[user.pk] = DUE
    with time_machine.travel(NOW, tick=False):
        assert not api.is_exam_passed_due(exam, user=user)
        assert not api.is_exam_passed_due(exam, user=user.pk)
        assert api.is_exam_passed_due(exam)


def test_a_timed_exam_ends_with_its_course(lms):
    timed, proctored = (api.get_exam_by_id(exam.pk) for exam in (ExamFactory(timed=True), ExamFactory()))
    lms.dates.course_end = NOW
    with time_machine.travel(NOW, tick=False):
        assert api.is_exam_passed_due(timed)
        assert not api.is_exam_passed_due(proctored)


def test_the_time_a_learner_has():
    allowance = AllowanceFactory(value="31")
    exam = api.get_exam_by_id(allowance.proctored_exam_id)
    assert api.get_total_allowed_time_for_exam(exam, UserFactory().pk) == "1 hour and 30 minutes"
    assert api.get_total_allowed_time_for_exam(exam, allowance.user_id) == "2 hours and 1 minute"
    assert api.get_total_allowed_time_for_exam(exam | {"time_limit_mins": 29}, allowance.user_id) == "1 hour"


def test_weakness_12_no_time_left_is_no_time():
    attempt = AttemptFactory(status=Status.error, time_remaining_seconds=0, ready_to_resume=True)
    exam = api.get_exam_by_id(attempt.proctored_exam_id)
    assert api.get_total_allowed_time_for_exam(exam, attempt.user_id) == "0 minutes"


def test_weakness_13_seconds_count():
    due = NOW + timedelta(minutes=10, seconds=50)
    for fields, seconds in (({"time_remaining_seconds": 50}, 50), ({"proctored_exam": ExamFactory(due_date=due)}, 650)):
        with time_machine.travel(NOW, tick=False):
            attempt = attempts.start(AttemptFactory(status=Status.ready_to_start, **fields))
            assert attempt.status == Status.started
            assert timing.time_remaining_seconds(attempt) == seconds


# The settings of the learning front end


def test_settings_around_a_timed_exam(settings):
    settings.PROCTORING_SETTINGS = {"LINK_URLS": {"faq": "https://faq.example"}}
    settings.PLATFORM_NAME, settings.CONTACT_EMAIL = "Platform", "contact@example.com"
    assert api.get_proctoring_settings_by_exam_id(ExamFactory(timed=True, backend="gone").pk) == {
        "platform_name": "Platform",
        "contact_us": "contact@example.com",
        "link_urls": {"faq": "https://faq.example"},
        "exam_proctoring_backend": {},
    }


def test_settings_around_a_proctored_exam(lms, settings):
    support = {"tech_support_email": "help@vendor.example", "tech_support_phone": "1"}
    watcher = {"class": "tests.fakes.WatchingBackend", "verbose_name": "Watcher", **support}
    settings.PROCTORING_BACKENDS = {"DEFAULT": "watcher", "watcher": watcher}
    settings.PROCTORING_SETTINGS = {}
    settings.CONTACT_EMAIL = "contact@example.com"
    lms.instructor.escalation_email = "team@example.com"
    found = api.get_proctoring_settings_by_exam_id(ExamFactory(backend=None).pk)
    assert {
        name: found[name] for name in sorted(found) if name.startswith(("provider", "learner", "integ", "proct"))
    } == {
        "integration_specific_email": "contact@example.com",
        "learner_notification_from_email": "",
        "proctoring_escalation_email": "team@example.com",
        "provider_name": "Watcher",
        "provider_tech_support_email": "help@vendor.example",
        "provider_tech_support_phone": "1",
    }
    # Of a vendor without a document of its own.
    assert found["exam_proctoring_backend"] is None


def test_weaknesses_82_and_83_settings_are_read_when_used_and_may_be_missing(settings):
    exam_id = ExamFactory(timed=True).pk
    settings.PROCTORING_SETTINGS = {}
    settings.CONTACT_EMAIL = "first@example.com"
    assert api.get_proctoring_settings_by_exam_id(exam_id)["contact_us"] == "first@example.com"
    settings.CONTACT_EMAIL = "second@example.com"
    assert api.get_proctoring_settings_by_exam_id(exam_id)["contact_us"] == "second@example.com"
    del settings.CONTACT_EMAIL
    settings.PROCTORING_SETTINGS = {"STATUS_EMAIL_FROM_ADDRESS": "from@example.com"}
    assert api.get_proctoring_settings_by_exam_id(exam_id)["contact_us"] == "from@example.com"


def test_settings_of_an_unknown_exam_or_vendor():
    with pytest.raises(ProctoredExamNotFoundException):
        api.get_proctoring_settings_by_exam_id(10**6)
    with pytest.raises(BackendProviderNotConfigured) as refusal:
        api.get_proctoring_settings_by_exam_id(ExamFactory(backend="gone").pk)
    assert refusal.value.http_status == 500


# Review policies


def test_a_policy_from_writing_to_removal():
    exam, author = ExamFactory(), UserFactory()
    policy_id = api.create_exam_review_policy(exam.pk, author.pk, "Closed book")
    with pytest.raises(ProctoredExamReviewPolicyAlreadyExists):
        api.create_exam_review_policy(exam.pk, author.pk, "Open book")
    policy = api.get_review_policy_by_exam_id(exam.pk)
    assert policy.pop("created") <= policy.pop("modified")
    assert policy == {
        "id": policy_id,
        "set_by_user": {"id": author.pk, "username": author.username, "email": author.email},
        "proctored_exam": api.get_exam_by_id(exam.pk),
        "review_policy": "Closed book",
    }
    assert api.update_review_policy(exam.pk, UserFactory().pk, "Open book") is None
    assert api.get_review_policy_by_exam_id(exam.pk)["review_policy"] == "Open book"
    assert api.remove_review_policy(exam.pk) is None
    with pytest.raises(ProctoredExamReviewPolicyNotFoundException):
        api.get_review_policy_by_exam_id(exam.pk)
