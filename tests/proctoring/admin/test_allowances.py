"""The screens of allowances, and their files."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from proctoring.admin import AllowanceAdmin
from proctoring.common.admin.csv import MOST_LINES
from proctoring.models import ProctoredExamStudentAllowance, ProctoredExamStudentAllowanceHistory
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, UserFactory
from tests.fakes import FakeLms
from tests.proctoring.admin.conftest import Screens, told

Committed = Callable[[], AbstractContextManager[Any]]
QueryBudget = Callable[[str], AbstractContextManager[Any]]
ALLOWANCE, FORMER = "proctoredexamstudentallowance", "proctoredexamstudentallowancehistory"
HEADER = "course_id,exam,user,key,value\n"
TIME = "additional_time_granted"
EVERY = [f"{verb}_{ALLOWANCE}" for verb in ("view", "add", "change", "delete")]


def send(screens: Screens, text: str) -> HttpResponse:
    file = SimpleUploadedFile("allowances.csv", text.encode(), content_type="text/csv")
    url = reverse(f"admin:proctoring_{ALLOWANCE}_import")
    return screens.client.post(url, {"import_file": file, "format": "0", "resource": "0"})


def confirm(screens: Screens, page: HttpResponse) -> HttpResponse:
    form = page.context["confirm_form"]
    return screens.client.post(reverse(f"admin:proctoring_{ALLOWANCE}_process_import"), form.initial)


def export(screens: Screens, **query: Any) -> HttpResponse:
    return screens.client.get(reverse(f"admin:proctoring_{ALLOWANCE}_export"), query)


def test_a_file_is_looked_at_and_then_granted(screens: Screens) -> None:
    exam, learner = ExamFactory(time_limit_mins=60), UserFactory()
    text = f"{HEADER}{exam.course_id},{exam.pk},{learner.username},{TIME},15\n"

    page = send(screens, text)

    assert [row.import_type for row in page.context["result"].rows] == ["new"]
    assert not ProctoredExamStudentAllowance.objects.exists()

    answer = confirm(screens, page)

    assert answer.status_code == 302
    granted = ProctoredExamStudentAllowance.objects.get()
    assert (granted.user, granted.proctored_exam, granted.key, granted.value) == (learner, exam, TIME, "15")
    assert "new: 1" in LogEntry.objects.get().change_message
    assert [row.import_type for row in send(screens, text).context["result"].rows] == ["skip"]


@pytest.mark.parametrize(
    "line",
    ["{course},999999,{user},{time},15", "{course},{exam},nobody,{time},15", "{course},{exam},{user},{time},much"],
)
def test_lines_that_mean_nothing_are_told_and_nothing_is_granted(screens: Screens, line: str) -> None:
    exam, learner = ExamFactory(), UserFactory()
    good = f"{exam.course_id},{exam.pk},{learner.username},review_policy_exception,May leave.\n"
    bad = line.format(course=exam.course_id, exam=exam.pk, user=learner.username, time=TIME)

    page = send(screens, HEADER + good + bad)

    assert [row.number for row in page.context["result"].invalid_rows] == [3]
    assert "confirm_form" not in page.context
    assert page.context["result"].invalid_rows[0].error.messages[0] in page.content.decode()
    assert not ProctoredExamStudentAllowance.objects.exists()


@pytest.mark.parametrize("text", ["", "what,ever\n1,2\n", "\x00", "course_id,exam,user,key\n"])
def test_a_file_that_is_none_is_refused_with_a_sentence(screens: Screens, text: str) -> None:
    page = send(screens, text)

    assert page.status_code == 200
    assert "confirm_form" not in page.context
    assert "Traceback" not in page.content.decode()


def test_a_file_of_bytes_that_are_no_text_is_refused(screens: Screens) -> None:
    file = SimpleUploadedFile("allowances.csv", HEADER.encode() + b"c,1,\xff\xfe,k,v\n")
    url = reverse(f"admin:proctoring_{ALLOWANCE}_import")

    page = screens.client.post(url, {"import_file": file, "format": "0", "resource": "0"})

    assert "UTF-8" in str(page.context["form"].errors["import_file"])
    assert "result" not in page.context


def test_a_longer_file_is_for_the_command(screens: Screens) -> None:
    page = send(screens, HEADER + "a,b,c,d,e\n" * (MOST_LINES + 1))

    assert "import_allowances" in str(page.context["form"].errors["import_file"])
    assert "result" not in page.context


def test_what_has_become_wrong_meanwhile_is_told(screens: Screens) -> None:
    exam, learner = ExamFactory(), UserFactory()
    page = send(screens, f"{HEADER}{exam.course_id},{exam.pk},{learner.username},{TIME},15\n")
    exam.is_active = False
    exam.save()

    answer = confirm(screens, page)

    assert [level for level, _ in told(answer)] == ["error", "success"]
    assert told(answer)[0][1].startswith("Line 2: ")
    assert not ProctoredExamStudentAllowance.objects.exists()


def test_a_file_is_confirmed_once(screens: Screens) -> None:
    exam, learner = ExamFactory(), UserFactory()
    page = send(screens, f"{HEADER}{exam.course_id},{exam.pk},{learner.username},{TIME},15\n")
    confirm(screens, page)

    assert told(confirm(screens, page))[-1] == ("error", "The file is not here any more. Choose it again.")
    assert ProctoredExamStudentAllowance.objects.count() == 1


def test_what_is_exported_can_be_imported_and_is_no_formula(screens: Screens) -> None:
    exam, learner = ExamFactory(time_limit_mins=60), UserFactory(username="=alice")
    AllowanceFactory(proctored_exam=exam, user=learner, value="30", multiplier="1.5")
    AllowanceFactory(proctored_exam=exam, exception=True, value="=SUM(A1)")
    AllowanceFactory(proctored_exam__course_id="course-v1:Other+C+1")

    answer = export(screens, proctored_exam__course_id=exam.course_id)
    text = b"".join(answer).decode()

    assert answer["Content-Type"].startswith("text/csv")
    assert ",'=alice,time_multiplier,1.5" in text
    assert ",'=SUM(A1)" in text
    assert len(text.splitlines()) == 3
    assert {row.import_type for row in send(screens, text).context["result"].rows} == {"skip"}


def test_files_are_for_those_who_may(screens_with: Callable[..., Screens]) -> None:
    AllowanceFactory()
    looks, changes, neither = (screens_with(*some) for some in (EVERY[:1], EVERY[1:3], []))
    links = ("import_link", "export_link")

    assert [link in looks.rows(ALLOWANCE).content.decode() for link in links] == [False, True]
    assert export(looks).status_code == 200
    assert send(looks, HEADER).status_code == 403
    assert [link in changes.rows(ALLOWANCE).content.decode() for link in links] == [True, True]
    assert send(changes, HEADER).status_code == 200
    assert export(neither).status_code == send(neither, HEADER).status_code == 403
    url = reverse(f"admin:proctoring_{ALLOWANCE}_process_import")
    assert looks.client.post(url, {"import_file_name": "x", "original_file_name": "x", "format": 0}).status_code == 403


def test_a_host_may_do_without_files(screens: Screens, settings: Settings) -> None:
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "import_export"]
    AllowanceFactory()

    assert export(screens).status_code == send(screens, HEADER).status_code == 403
    assert AllowanceAdmin(ProctoredExamStudentAllowance, admin.site).change_list_template is None


@pytest.mark.parametrize("rows", [12, 60])
def test_a_longer_list_takes_no_more_queries(screens: Screens, query_budget: QueryBudget, rows: int) -> None:
    AllowanceFactory.create_batch(rows)

    with query_budget("admin.allowances.list"):
        assert screens.rows(ALLOWANCE).status_code == 200
    ProctoredExamStudentAllowance.objects.all().delete()
    with query_budget("admin.allowances.list"):
        assert screens.rows(FORMER).status_code == 200


@pytest.mark.parametrize("rows", [12, 60])
def test_a_longer_file_takes_no_more_queries(screens: Screens, query_budget: QueryBudget, rows: int) -> None:
    exam = ExamFactory()
    lines = [f"{exam.course_id},{exam.pk},{learner},{TIME},15\n" for learner in UserFactory.create_batch(rows)]

    with query_budget("admin.allowances.import"):
        assert send(screens, HEADER + "".join(lines)).status_code == 200


@pytest.mark.parametrize("model", [ALLOWANCE, FORMER])
def test_allowances_are_searched_by_learner_and_course(screens: Screens, model: str) -> None:
    wanted = AllowanceFactory(
        user=UserFactory(username="alice"), proctored_exam=ExamFactory(course_id="course-v1:Wanted+C+1")
    )
    AllowanceFactory()
    if model == FORMER:
        ProctoredExamStudentAllowance.objects.all().delete()
        wanted = ProctoredExamStudentAllowanceHistory.objects.get(user=wanted.user)

    for text in ("ali", "course-v1:Wanted+C+1"):
        assert screens.found(model, q=text) == [wanted]
    assert screens.found(model, key=TIME, proctored_exam__course_id="course-v1:Wanted+C+1") == [wanted]
    assert screens.found(model, key="review_policy_exception") == []


def granted() -> list[tuple[str, str]]:
    return list(ProctoredExamStudentAllowance.objects.order_by("key").values_list("key", "value"))


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (TIME, "15", (TIME, "15")),
        ("time_multiplier", "1.5", (TIME, "30")),
        ("review_policy_exception", "May leave.", ("review_policy_exception", "May leave.")),
    ],
)
def test_something_is_granted(
    screens_with: Callable[..., Screens],
    lms: FakeLms,
    committed: Committed,
    kind: str,
    value: str,
    stored: tuple[str, str],
) -> None:
    exam, learner = ExamFactory(time_limit_mins=60), UserFactory()

    with committed():
        answer = screens_with(*EVERY).add(ALLOWANCE, user=learner.pk, proctored_exam=exam.pk, key=kind, value=value)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert granted() == [stored]
    assert LogEntry.objects.get().object_id == str(ProctoredExamStudentAllowance.objects.get().pk)
    assert any("allowance" in name for name in lms.tracker.names)


def test_who_sits_the_exam_has_the_time_at_once(screens: Screens) -> None:
    now = timezone.now()
    running = AttemptFactory(
        status="started", started_at=now, deadline_at=now + timedelta(minutes=60), allowed_time_limit_mins=60
    )
    exam = running.proctored_exam

    screens.add(ALLOWANCE, user=running.user_id, proctored_exam=exam.pk, key=TIME, value="15")

    running.refresh_from_db()
    assert running.allowed_time_limit_mins == exam.time_limit_mins + 15


@pytest.mark.parametrize(
    ("kind", "value", "field"), [(TIME, "much", "value"), (TIME, "-5", "value"), ("time_multiplier", "0.5", "value")]
)
def test_what_cannot_be_granted_is_told_at_its_field(screens: Screens, kind: str, value: str, field: str) -> None:
    exam, learner = ExamFactory(), UserFactory()

    page = screens.add(ALLOWANCE, user=learner.pk, proctored_exam=exam.pk, key=kind, value=value)

    assert list(page.context["adminform"].form.errors) == [field]
    assert granted() == []


def test_nothing_is_granted_for_an_exam_that_is_over(screens: Screens) -> None:
    exam = ExamFactory(is_active=False)

    page = screens.add(ALLOWANCE, user=UserFactory().pk, proctored_exam=exam.pk, key=TIME, value="5")

    assert list(page.context["adminform"].form.errors) == ["proctored_exam"]


@pytest.mark.parametrize("kind", [TIME, "time_multiplier"])
def test_a_second_one_of_a_kind_is_refused(screens: Screens, kind: str) -> None:
    there = AllowanceFactory(value="30")

    page = screens.add(ALLOWANCE, user=there.user_id, proctored_exam=there.proctored_exam_id, key=kind, value="2")

    assert page.context["adminform"].form.errors
    assert granted() == [(TIME, "30")]


def test_a_value_is_changed_and_the_former_one_is_kept(screens: Screens) -> None:
    allowance = AllowanceFactory(value="30", multiplier="1.5")

    answer = screens.save(ALLOWANCE, allowance.pk, value="40", key="review_policy_exception")

    assert answer.status_code == 302
    allowance.refresh_from_db()
    assert (allowance.key, allowance.value, allowance.multiplier) == (TIME, "40", None)
    former = ProctoredExamStudentAllowanceHistory.objects.get()
    assert former.value == "30"
    assert screens.row(FORMER, former.pk).status_code == 200
    assert screens.save(FORMER, former.pk, value="1").status_code == 403
    assert screens.delete(FORMER, former.pk).status_code == 403


def test_a_value_that_cannot_be_is_told(screens: Screens) -> None:
    allowance = AllowanceFactory(value="30")

    page = screens.save(ALLOWANCE, allowance.pk, value="much")

    assert list(page.context["adminform"].form.errors) == ["value"]


def test_an_allowance_is_deleted(screens: Screens, lms: FakeLms, committed: Committed) -> None:
    allowance = AllowanceFactory()
    AllowanceFactory(user=allowance.user, proctored_exam=allowance.proctored_exam, exception=True)

    with committed():
        assert screens.delete(ALLOWANCE, allowance.pk).status_code == 302

    assert granted() == [("review_policy_exception", "May leave the desk.")]
    assert ProctoredExamStudentAllowanceHistory.objects.count() == 1
    assert sum("deleted" in name for name in lms.tracker.names) == 1


@pytest.mark.parametrize(("field", "text"), [("user", "alice"), ("proctored_exam", "Final")])
def test_learner_and_exam_are_found_by_typing(screens: Screens, field: str, text: str) -> None:
    wanted = {"user": UserFactory(username="alice"), "proctored_exam": ExamFactory(exam_name="Final")}
    UserFactory()
    ExamFactory()
    query = {"app_label": "proctoring", "model_name": ALLOWANCE, "field_name": field, "term": text}

    answer = screens.client.get(reverse("admin:autocomplete"), query).json()

    assert [found["id"] for found in answer["results"]] == [str(wanted[field].pk)]


def test_one_permission_is_not_another(screens_with: Callable[..., Screens]) -> None:
    allowance = AllowanceFactory()
    looks = screens_with(EVERY[0])

    assert looks.row(ALLOWANCE, allowance.pk).status_code == 200
    assert looks.save(ALLOWANCE, allowance.pk, value="40").status_code == 403
    assert looks.delete(ALLOWANCE, allowance.pk).status_code == 403
    assert looks.add(ALLOWANCE).status_code == 403
    assert looks.rows(FORMER).status_code == 403
    assert screens_with().rows(ALLOWANCE).status_code == 403


@pytest.mark.parametrize("query", [{"no_such_column": "1"}, {"id__exact": "x"}])
def test_a_filter_that_is_none_gives_no_file(screens: Screens, query: dict[str, str]) -> None:
    assert export(screens, **query).status_code == 400


@pytest.mark.parametrize("name", ["x" * 300, "a b", "\x1b[2J", "../settings.py", ""])
def test_what_was_never_looked_at_is_not_imported(screens: Screens, name: str) -> None:
    form = {"import_file_name": name, "original_file_name": "a.csv", "format": "0", "resource": "0"}
    answer = screens.client.post(reverse(f"admin:proctoring_{ALLOWANCE}_process_import"), form)
    assert answer.status_code < 500
    assert not ProctoredExamStudentAllowance.objects.exists()
