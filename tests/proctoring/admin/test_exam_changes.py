"""Saving an exam in the admin: learners get what it means, and what nobody changed there stays as it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.utils import timezone

from proctoring.models import CourseHold, ProctoredExam
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory
from tests.fakes import FakeLms
from tests.proctoring.admin.conftest import Screens, told

Committed = Callable[[], AbstractContextManager[Any]]
EXAM = "proctoredexam"
NEW = {
    "course_id": "course-v1:A+B+C",
    "content_id": "block-v1:A+B+C+type@sequential+block@1",
    "exam_name": "Final",
    "time_limit_mins": "60",
    "is_proctored": "on",
    "is_active": "on",
}


class _Inputs(HTMLParser):
    """What a browser would send of a form in which nothing is touched."""

    def __init__(self, page: HttpResponse) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._text = ""
        self.feed(page.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "textarea":
            self._text, self.values[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.values[self._select] = given.get("value") or ""
        elif tag == "input" and given.get("type") == "checkbox":
            self.values |= {name: "on"} if "checked" in given else {}
        elif tag == "input" and name and given.get("type") != "submit":
            self.values[name] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data.removeprefix("\n").removeprefix("\r\n")

    def handle_endtag(self, tag: str) -> None:
        self._text = ""


def opened(screens: Screens, exam: ProctoredExam) -> dict[str, str]:
    return _Inputs(screens.row(EXAM, exam.pk)).values


def running(exam: ProctoredExam) -> Any:
    now = timezone.now()
    end = now + timedelta(minutes=exam.time_limit_mins)
    return AttemptFactory(
        proctored_exam=exam,
        status="started",
        started_at=now,
        deadline_at=end,
        allowed_time_limit_mins=exam.time_limit_mins,
    )


def test_who_sits_the_exam_gets_its_new_time(screens: Screens, lms: FakeLms, committed: Committed) -> None:
    attempt = running(ExamFactory(time_limit_mins=60))
    exam = attempt.proctored_exam
    AllowanceFactory(proctored_exam=exam, user=attempt.user, value="30", multiplier="1.5")

    with committed():
        answer = screens.save(EXAM, exam.pk, **opened(screens, exam) | {"time_limit_mins": "100"})

    assert answer.status_code == 302
    attempt.refresh_from_db()
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=150)
    assert "edx.special_exam.proctored.updated" in lms.tracker.names


def test_who_sits_the_exam_ends_when_it_is_due(screens: Screens) -> None:
    attempt = running(ExamFactory(time_limit_mins=60))
    due = timezone.localtime(timezone.now() + timedelta(minutes=20)).replace(microsecond=0)
    said = {"due_date_0": due.date().isoformat(), "due_date_1": due.time().isoformat()}

    screens.save(EXAM, attempt.proctored_exam_id, **opened(screens, attempt.proctored_exam) | said)

    attempt.refresh_from_db()
    assert attempt.deadline_at == due


def test_the_vendors_id_is_not_put_back_by_a_form_that_was_open(screens: Screens) -> None:
    exam = ExamFactory(external_id=None)
    form = opened(screens, exam)
    ProctoredExam.objects.update(external_id="theirs")

    screens.save(EXAM, exam.pk, **form | {"exam_name": "Renamed", "external_id": ""})

    exam.refresh_from_db()
    assert (exam.exam_name, exam.external_id) == ("Renamed", "theirs")
    assert "external_id" not in form
    assert "theirs" in screens.row(EXAM, exam.pk).content.decode()


@pytest.mark.parametrize("due", [None, timezone.now() - timedelta(days=400)])
def test_what_somebody_else_changed_meanwhile_is_kept(screens: Screens, due: Any) -> None:
    exam = ExamFactory(due_date=due, is_proctored=True, hide_after_due=True)
    form = opened(screens, exam)
    later = timezone.now()
    changes = {"time_limit_mins": 77, "due_date": later, "is_proctored": False, "backend": "mock"}
    ProctoredExam.objects.update(**changes)

    answer = screens.save(EXAM, exam.pk, **form | {"exam_name": "Renamed"})

    assert answer.status_code == 302
    exam.refresh_from_db()
    assert {name: getattr(exam, name) for name in changes} == changes
    assert (exam.exam_name, exam.hide_after_due, exam.is_active) == ("Renamed", True, True)
    assert "Renamed" in told(answer)[0][1]
    assert "Exam name" in LogEntry.objects.get().get_change_message()
    assert "Time limit" not in LogEntry.objects.get().get_change_message()


def test_a_mistake_keeps_what_was_seen(screens: Screens) -> None:
    exam = ExamFactory(time_limit_mins=60)
    form = opened(screens, exam) | {"exam_name": ""}
    ProctoredExam.objects.update(time_limit_mins=77)

    again = _Inputs(screens.save(EXAM, exam.pk, **form)).values
    screens.save(EXAM, exam.pk, **again | {"exam_name": "Renamed"})

    exam.refresh_from_db()
    assert (exam.exam_name, exam.time_limit_mins) == ("Renamed", 77)


def test_a_new_exam_is_made_as_everywhere(screens: Screens, lms: FakeLms, committed: Committed) -> None:
    with committed():
        answer = screens.add(EXAM, **NEW, _continue="1")

    exam = ProctoredExam.objects.get()
    assert answer.url.endswith(f"/{exam.pk}/change/")
    assert LogEntry.objects.get().object_id == str(exam.pk)
    assert (exam.backend, exam.is_active) == ("null", True)
    assert CourseHold.objects.get().course_id == exam.course_id
    assert any("created" in name for name in lms.tracker.names)


def test_a_second_exam_of_a_place_is_refused(screens: Screens) -> None:
    screens.add(EXAM, **NEW)

    page = screens.add(EXAM, **NEW)

    assert page.context["adminform"].form.errors
    assert ProctoredExam.objects.count() == 1


def test_an_exam_that_has_gone_meanwhile_is_said_to_be_gone(screens: Screens) -> None:
    exam = ExamFactory()
    form = opened(screens, exam)
    ProctoredExam.objects.all().delete()

    answer = screens.save(EXAM, exam.pk, **form)

    assert answer.status_code == 302
    assert [level for level, _ in told(answer)] == ["warning"]
