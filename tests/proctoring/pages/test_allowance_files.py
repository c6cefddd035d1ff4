"""Allowances from a file: looked at first, granted then; and as a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from proctoring.models import ProctoredExamStudentAllowance
from proctoring.pages.instructor.allowance_files import LARGEST_FILE, MOST_LINES
from tests.factories import COURSE_ID, AllowanceFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Allowance = ProctoredExamStudentAllowance
IMPORT = reverse("edx_proctoring:pages.allowances.import", args=[COURSE_ID])
EXPORT = reverse("edx_proctoring:pages.allowances.export", args=[COURSE_ID])
HEADER = "exam,user,key,value\n"


@pytest.fixture(autouse=True)
def staff(client, lms):
    someone = UserFactory()
    lms.instructor.staff.add((someone.pk, COURSE_ID))
    client.force_login(someone)
    return someone


def sent(client, content):
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile("allowances.csv", raw, "text/csv")})


def stored():
    return list(Allowance.objects.order_by("pk").values_list("user__username", "value"))


def a_file():
    exam = ExamFactory()
    UserFactory(username="ada")
    return f"{HEADER}{exam.pk},ada,additional_time_granted,30\n{exam.pk},nobody,additional_time_granted,30\n"


def test_what_would_follow_is_shown_and_nothing_is_granted(client):
    page = sent(client, a_file())
    assert page.status_code == 200
    assert [(str(words), number) for words, number in page.context["counts"]] == [("new", 1), ("refused", 1)]
    assert [one.line for one, _ in page.context["outcomes"]] == [3, 2]
    assert stored() == []


def test_what_was_shown_is_granted_then_and_twice_is_once(client):
    text = sent(client, a_file()).context["text"]
    for words in ("1 new, 1 refused", "1 as it is already, 1 refused"):
        answer = client.post(IMPORT, {"text": text, "apply": "1"}, follow=True)
        assert words in answer.content.decode()
        assert stored() == [("ada", "30")]


def test_exams_of_other_courses_are_refused(client):
    foreign = ExamFactory(course_id="course-v1:Other+COURSE+2026")
    UserFactory(username="ada")
    page = sent(client, f"{HEADER}{foreign.pk},ada,additional_time_granted,30\n")
    assert [str(words) for words, _ in page.context["counts"]] == ["refused"]
    assert not page.context["has_work"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "user,exam\n",
        "exam,user,key,value,more\n",
        b"\xff\xfe\x00",
        "x" * (LARGEST_FILE + 1),
        "\n" * (MOST_LINES + 2),
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_files_that_are_none_are_refused_in_words(client, content):
    answer = sent(client, content)
    assert answer.status_code == 400
    assert "Nothing was granted" in answer.content.decode()


def test_lines_that_are_no_text_are_refused_one_by_one(client):
    page = sent(client, HEADER.encode() + b"\xff,ada,\x00,30\n<b>x,ada,y,1\n")
    assert page.status_code == 200
    assert "<b>x" not in page.content.decode()
    assert [str(words) for words, _ in page.context["counts"]] == ["refused"]


def test_no_file_is_refused_in_words(client):
    assert client.post(IMPORT, {}).status_code == 400


def test_what_is_exported_can_be_imported(client):
    AllowanceFactory(user__username="ada")
    AllowanceFactory(proctored_exam__course_id="course-v1:Other+COURSE+2026")
    answer = client.get(EXPORT)
    content = b"".join(answer.streaming_content).decode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert content.count("\n") == 2
    assert [str(words) for words, _ in sent(client, content).context["counts"]] == ["as it is already"]


@pytest.mark.parametrize("address", [IMPORT, EXPORT])
def test_nobody_else_gets_anything(client, address):
    client.force_login(UserFactory())
    assert client.get(address).status_code == 403
