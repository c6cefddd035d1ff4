"""Exams as publishing makes and changes them."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from proctoring.exceptions import ProctoredExamAlreadyExists, ProctoredExamNotFoundException
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import attempts, exams, timing
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AllowanceFactory, AttemptFactory, ExamFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHERE = {"course_id": COURSE_ID, "content_id": "block-v1:Test+EXAMS+2026+type@sequential+block@final"}


def create(**fields):
    return exams.create(
        **WHERE | {"exam_name": "Final", "time_limit_mins": 90, "is_proctored": True, "is_active": True} | fields
    )


def running(exam, **fields):
    with time_machine.travel(NOW, tick=False):
        return attempts.start(AttemptFactory(proctored_exam=exam, status=Status.ready_to_start, **fields))


def end_of(attempt):
    return timing.deadline(ProctoredExamStudentAttempt.objects.get(pk=attempt.pk))


# Creating


def test_events_of_an_exam(lms, committed):
    with committed():
        exam = create(is_practice_exam=True)
    with committed():
        exams.update(exam.pk, is_practice_exam=False)
    assert lms.tracker.names == ["edx.special_exam.practice.created", "edx.special_exam.proctored.updated"]


@pytest.mark.parametrize("nobody", [0, -1, 10**6, 10**30, True, None, "x", "²", [1]])
def test_an_exam_nobody_knows(nobody):
    with pytest.raises(ProctoredExamNotFoundException):
        exams.by_id(nobody)
    with pytest.raises(ProctoredExamNotFoundException):
        exams.update(nobody, exam_name="Renamed")


def test_an_exam_is_known_by_the_text_of_its_id():
    exam = create()
    assert exams.by_id(str(exam.pk)) == exam


def test_weakness_41_the_slower_of_two_is_told_so():
    create()
    with pytest.raises(ProctoredExamAlreadyExists):
        create(exam_name="The same again")
    assert ProctoredExam.objects.get().exam_name == "Final"


def test_what_else_the_database_refuses_is_no_existing_exam():
    with pytest.raises(IntegrityError):
        create(exam_name=None)


def test_weakness_47_an_unconfigured_vendor_does_not_keep_an_exam_from_being_saved(committed):
    with committed():
        exam = create(backend="gone")
    assert exams.update(exam.pk, exam_name="Renamed").exam_name == "Renamed"


def test_weakness_49_a_new_exam_is_told_to_its_vendor_once(vendor, committed):
    with committed():
        exam = create()
    exam.refresh_from_db()
    assert vendor.calls == [("exam", exam.pk, True)]
    assert exam.external_id == f"exam-{exam.pk}"


def test_weakness_84_every_log_line_of_a_new_exam_can_be_written(caplog, committed):
    caplog.set_level(logging.DEBUG)
    with committed():
        create()
    assert all(record.getMessage() for record in caplog.records)


# Updating


def test_only_what_is_named_changes():
    exam = create(external_id="theirs")
    exams.update(exam.pk, exam_name="Renamed", is_active=False)
    exam.refresh_from_db()
    assert (exam.exam_name, exam.is_active) == ("Renamed", False)
    assert (exam.time_limit_mins, exam.external_id, exam.is_proctored) == (90, "theirs", True)
    assert [row.exam_name for row in exam.history.all()] == ["Renamed", "Final"]


def test_an_exam_nobody_proctors_any_more_is_inactive_for_its_vendor(vendor, committed):
    with committed():
        exam = create()
    vendor.forget()
    with committed():
        exams.update(exam.pk, is_proctored=False)
    assert vendor.calls == [("exam", exam.pk, False)]


def test_a_longer_exam_is_longer_for_those_who_sit_it():
    attempt = running(ExamFactory(time_limit_mins=60))
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        exams.update(attempt.proctored_exam_id, time_limit_mins=90)
    assert end_of(attempt) == NOW + timedelta(minutes=90)


def test_a_due_date_ends_running_attempts():
    attempt, due = running(ExamFactory()), NOW + timedelta(minutes=45)
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        exams.update(attempt.proctored_exam_id, due_date=due)
    assert end_of(attempt) == due


def test_another_name_moves_nobodys_deadline():
    attempt = running(ExamFactory(time_limit_mins=60))
    ProctoredExamStudentAttempt.objects.update(deadline_at=NOW + timedelta(minutes=61))
    exams.update(attempt.proctored_exam_id, exam_name="Renamed")
    assert end_of(attempt) == NOW + timedelta(minutes=61)


def test_a_multiple_of_the_exams_time_follows_it(lms, committed):
    exam = ExamFactory(time_limit_mins=60)
    multiplied = AllowanceFactory(proctored_exam=exam, value="30", multiplier="1.5")
    fixed = AllowanceFactory(proctored_exam=exam, value="30")
    elsewhere = AllowanceFactory(value="30", multiplier="1.5")
    attempt = running(exam, user=multiplied.user)
    with committed(), time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        exams.update(exam.pk, time_limit_mins=90)
    for allowance in (multiplied, fixed, elsewhere):
        allowance.refresh_from_db()
    assert (multiplied.value, fixed.value, elsewhere.value) == ("45", "30", "30")
    assert end_of(attempt) == NOW + timedelta(minutes=135)
    assert lms.tracker.names.count("edx.special_exam.proctored.allowance.updated") == 1


# Another vendor


@pytest.fixture
def moving(vendor, committed):
    with committed():
        exam = create(backend="watcher")
    exam.refresh_from_db()
    vendor.forget()
    return exam


def test_weakness_50_an_exam_moves_to_another_vendor(moving, vendor, committed):
    with committed():
        exams.update(moving.pk, backend="other")
    assert vendor.calls == [("exam", moving.pk, False)]
    moving.refresh_from_db()
    # What the new vendor calls it happens to be the same text.
    assert (moving.backend, moving.external_id) == ("other", f"exam-{moving.pk}")
    sent = OutboxMessage.objects.get(kind="vendor.exam_left")
    assert (sent.destination, sent.payload["exam"]["external_id"]) == ("watcher", f"exam-{moving.pk}")


def test_an_id_given_with_the_move_is_kept(moving):
    assert exams.update(moving.pk, backend="other", external_id="new").external_id == "new"


def test_the_old_vendors_id_goes_before_the_new_one_answers(moving):
    assert exams.update(moving.pk, backend="other").external_id is None


def test_naming_the_default_is_no_move(moving):
    ProctoredExam.objects.filter(pk=moving.pk).update(backend=None)
    exams.update(moving.pk, backend="watcher")
    assert not OutboxMessage.objects.filter(kind="vendor.exam_left").exists()


def test_a_timed_exam_leaves_nobody():
    exam = create(is_proctored=False, external_id="old", backend="watcher")
    assert exams.update(exam.pk, backend="other").external_id is None
    assert not OutboxMessage.objects.exists()


def test_an_exam_leaves_a_vendor_that_is_gone(committed):
    exam = create(backend="gone", external_id="theirs")
    with committed():
        exams.update(exam.pk, backend="watcher")
    assert OutboxMessage.objects.get(kind="vendor.exam_left").state == "done"


@pytest.mark.parametrize(("zone", "hours"), [("UTC", 0), ("Asia/Tokyo", 9)])
def test_weakness_72_a_due_date_without_a_time_zone_is_in_the_current_one(zone, hours):
    naive = datetime(2026, 5, 4, 9, 0)  # noqa: DTZ001 - what this is about
    meant = datetime(2026, 5, 4, 9, 0, tzinfo=UTC) - timedelta(hours=hours)
    with timezone.override(zone):
        exam = exams.create(
            course_id=COURSE_ID, content_id="naive", exam_name="Final", time_limit_mins=90, due_date=naive
        )
        assert exam.due_date == meant
        assert exams.update(exam.pk, due_date=naive + timedelta(days=1)).due_date == meant + timedelta(days=1)
    exam.refresh_from_db()
    assert exam.due_date == meant + timedelta(days=1)
    assert exams.update(exam.pk, due_date=None).due_date is None
