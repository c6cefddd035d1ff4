"""Deadlines as a file: out, changed, looked at, and in again."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.verify_student.factories import DeadlineFactory
from verify_student.models import VerificationDeadline

pytestmark = pytest.mark.django_db

DEADLINE = "verificationdeadline"
EVERY = [f"{verb}_{DEADLINE}" for verb in ("view", "add", "change")]
WHEN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
TEXT = f"course_key,deadline\ncourse-v1:Test+A+1,{WHEN.isoformat()}\ncourse-v1:Test+B+1,tomorrow\n"


def send(screens, text):
    file = SimpleUploadedFile("deadlines.csv", text.encode(), content_type="text/csv")
    url = reverse(f"admin:verify_student_{DEADLINE}_import")
    return screens.client.post(url, {"import_file": file, "format": "0", "resource": "0"})


def confirm(screens, page):
    url = reverse(f"admin:verify_student_{DEADLINE}_process_import")
    return screens.client.post(url, page.context["confirm_form"].initial)


def export(screens):
    answer = screens.client.get(reverse(f"admin:verify_student_{DEADLINE}_export"))
    return b"".join(answer.streaming_content).decode() if answer.status_code == 200 else answer.status_code


def test_bad_lines_are_told_by_their_numbers(screens):
    page = send(screens, TEXT)
    [bad] = page.context["result"].invalid_rows
    assert (bad.number, "no moment with its time zone" in page.content.decode()) == (3, True)
    assert not VerificationDeadline.objects.exists()


def test_what_was_looked_at_is_set(screens):
    page = send(screens, TEXT.rsplit("\n", 2)[0])
    assert [row.import_type for row in page.context["result"].rows] == ["new"]
    assert confirm(screens, page).status_code == 302
    row = VerificationDeadline.objects.get()
    assert (row.course_key, row.deadline, row.deadline_is_explicit) == ("course-v1:Test+A+1", WHEN, True)
    assert "new: 1" in LogEntry.objects.get().change_message


def test_what_is_exported_can_be_imported(screens):
    DeadlineFactory(course_key="course-v1:Test+C+1", deadline=WHEN)
    text = export(screens)
    assert text == "course_key,deadline\r\ncourse-v1:Test+C+1,2030-01-02T03:04:05+00:00\r\n"
    confirm(screens, send(screens, text))
    assert not VerificationDeadline.objects.get().deadline_is_explicit


def test_a_file_of_something_else(screens):
    page = send(screens, "user,deadline\n").content.decode()
    assert "The first line has to name the columns course_key and deadline" in page


def test_a_file_in_another_encoding(screens):
    file = SimpleUploadedFile("deadlines.csv", "course_key,deadline\ncafé,2027\n".encode("latin-1"))
    url = reverse(f"admin:verify_student_{DEADLINE}_import")
    page = screens.client.post(url, {"import_file": file, "format": "0", "resource": "0"})
    assert "Save the file as UTF-8" in page.content.decode()


def test_too_long_a_file(screens):
    assert "The file is too large." in send(screens, "course_key,deadline\n" + "\n" * 5001).content.decode()


class TestWhoMay:
    def test_import_takes_adding_and_changing(self, screens_with):
        for lacking in EVERY[1:]:
            person = screens_with(*(codename for codename in EVERY if codename != lacking))
            assert send(person, TEXT).status_code == 403
        assert send(screens_with(*EVERY), TEXT).status_code == 200

    def test_export_takes_looking(self, screens_with):
        assert export(screens_with("view_verificationdeadline")) == "course_key,deadline\r\n"
        assert export(screens_with("view_softwaresecurephotoverification")) == 403
