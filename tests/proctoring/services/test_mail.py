import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from proctoring.lms import set_runtime_service
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services.mail import escalation_email, send_status_email, status_email
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory
from tests.fakes import FakeLms

SUBJECTS = {
    Status.submitted: "Proctoring attempt submitted",
    Status.verified: "Proctoring attempt verified",
    Status.rejected: "Proctoring attempt rejected",
}
WITH_CONTACT = [Status.verified, Status.rejected]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {
        "SITE_NAME": "lms.example.org",
        "PLATFORM_NAME": "Example & Sons",
        "STATUS_EMAIL_FROM_ADDRESS": "exams@example.org",
    }
    settings.HTTPS = "on"
    settings.LEARNING_MICROFRONTEND_URL = "https://mfe.example.org"


@pytest.fixture
def attempt() -> ProctoredExamStudentAttempt:
    return AttemptFactory(
        user__email="ada@example.org",
        proctored_exam__exam_name="Final <b>exam</b>",
        proctored_exam__backend="watcher",
        submitted=True,
    )


@pytest.fixture
def overrides(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the host's own mail templates for the vendor ``watcher``."""
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    folder = tmp_path / "emails" / "proctoring" / "watcher"
    folder.mkdir(parents=True)
    return folder


def body_of(attempt: ProctoredExamStudentAttempt, status: str, course_name: str | None = None) -> str:
    """The mail's HTML, white space folded."""
    message = status_email(attempt, status, course_name)
    assert message is not None
    return re.sub(r"\s+", " ", str(message.body))


@pytest.mark.parametrize(("status", "subject"), SUBJECTS.items())
def test_three_statuses_have_a_mail(attempt: ProctoredExamStudentAttempt, status: Status, subject: str) -> None:
    message = status_email(attempt, status, "Demonstrations")

    assert message is not None
    assert (message.subject, message.to, message.from_email) == (subject, ["ada@example.org"], "exams@example.org")
    assert message.content_subtype == "html"
    body = str(message.body)
    assert "Demonstrations" in body
    assert "Example &amp; Sons" in body


@pytest.mark.parametrize("status", [*(set(Status) - set(SUBJECTS)), "unheard-of", ""])
def test_other_statuses_have_none(attempt: ProctoredExamStudentAttempt, status: str) -> None:
    assert status_email(attempt, status) is None


def test_a_learner_without_an_address_gets_none() -> None:
    assert status_email(AttemptFactory(user__email=""), Status.verified) is None


def test_each_mail_says_something_else(attempt: ProctoredExamStudentAttempt) -> None:
    bodies = {status: body_of(attempt, status) for status in SUBJECTS}

    assert "We have received" in bodies[Status.submitted]
    assert "it meets the requirements" in bodies[Status.verified]
    assert "it does not meet the requirements" in bodies[Status.rejected]
    assert "looked at again" in bodies[Status.rejected], "and how to appeal"


@pytest.mark.parametrize("status", SUBJECTS)
def test_names_are_text_and_never_markup(attempt: ProctoredExamStudentAttempt, status: Status) -> None:
    body = body_of(attempt, status, "<script>alert(1)</script>")

    assert "Final &lt;b&gt;exam&lt;/b&gt;" in body
    assert "<script>" not in body


@pytest.mark.parametrize("status", SUBJECTS)
def test_a_course_without_a_name_is_the_learners(attempt: ProctoredExamStudentAttempt, status: Status) -> None:
    assert "your course" in body_of(attempt, status)


@pytest.mark.parametrize(
    ("mfe", "address"),
    [
        ("https://mfe.example.org", f"https://mfe.example.org/course/{COURSE_ID}/home"),
        ("", f"https://lms.example.org/courses/{COURSE_ID}/"),
    ],
)
def test_the_course_is_linked(attempt: ProctoredExamStudentAttempt, settings: Settings, mfe: str, address: str) -> None:
    settings.LEARNING_MICROFRONTEND_URL = mfe

    assert f'href="{address}"' in body_of(attempt, Status.submitted)


# Whom to write to


@pytest.mark.parametrize("status", WITH_CONTACT)
def test_the_courses_own_address_comes_first(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, settings: Settings, status: Status
) -> None:
    lms.instructor.escalation_email = "help@course.example.org"
    settings.PROCTORING_BACKENDS["watcher"]["LINK_URLS"] = {"contact": "https://vendor.example/contact"}

    assert '<a href="mailto:help@course.example.org">help@course.example.org</a>' in body_of(attempt, status)


@pytest.mark.parametrize("status", WITH_CONTACT)
def test_then_the_vendors_contact(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, settings: Settings, status: Status
) -> None:
    link = "https://vendor.example/contact"
    settings.PROCTORING_BACKENDS = {"DEFAULT": "watcher", "watcher": {"LINK_URLS": {"contact": link}}}

    assert f'<a href="{link}">{link}</a>' in body_of(attempt, status)

    attempt.proctored_exam.backend = None
    assert f'href="{link}"' in body_of(attempt, status), "an exam without a vendor of its own has the default one"


@pytest.mark.parametrize("backend", ["watcher", "gone", None])
@pytest.mark.parametrize("links", [{}, {"LINK_URLS": None}, {"LINK_URLS": {"faq": "x"}}])
def test_then_the_platforms(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, settings: Settings, backend: str | None, links: dict[str, Any]
) -> None:
    settings.PROCTORING_BACKENDS = {"DEFAULT": "watcher", "watcher": links}
    attempt.proctored_exam.backend = backend

    address = "https://lms.example.org/support/contact_us"
    assert f'<a href="{address}">{address}</a>' in body_of(attempt, Status.verified)


def test_a_receipt_names_nobody_to_write_to(attempt: ProctoredExamStudentAttempt, lms: FakeLms) -> None:
    lms.instructor.escalation_email = "help@course.example.org"

    body = body_of(attempt, Status.submitted)

    assert "help@course.example.org" not in body
    assert "contact_us" not in body


@pytest.mark.parametrize(("said", "known"), [("help@example.org", "help@example.org"), ("", None), (None, None)])
def test_the_courses_address_may_be_missing(lms: FakeLms, said: str | None, known: str | None) -> None:
    lms.instructor.escalation_email = said

    assert escalation_email(COURSE_ID) == known


def test_a_course_the_host_does_not_know_has_no_address(lms: FakeLms, caplog: pytest.LogCaptureFixture) -> None:
    class Unknowing:
        def get_proctoring_escalation_email(self, course_id: str) -> str:
            raise LookupError("secret detail")

    set_runtime_service("instructor", Unknowing())

    assert escalation_email(COURSE_ID) is None
    assert "LookupError" in caplog.text
    assert "secret detail" not in caplog.text


# A host's own texts


def test_a_host_may_have_its_own_mail_for_a_vendor(attempt: ProctoredExamStudentAttempt, overrides: Path) -> None:
    (overrides / "proctoring_attempt_satisfactory_email.html").write_text(
        '{% extends "emails/proctoring_attempt_satisfactory_email.html" %}'
        "{% block introduction %}Watched by us: {{ exam_name }} ({{ status }}).{% endblock %}"
    )

    body = body_of(attempt, Status.verified)
    assert "Watched by us: Final &lt;b&gt;exam&lt;/b&gt; (verified)." in body
    assert "it meets the requirements" in body, "what is not replaced stays"

    assert "Watched by us" not in body_of(attempt, Status.rejected)
    attempt.proctored_exam.backend = "other"
    assert "Watched by us" not in body_of(attempt, Status.verified)


@pytest.mark.parametrize(
    ("status", "block"),
    [
        (Status.submitted, "introduction"),
        (Status.submitted, "status_information"),
        (Status.rejected, "introduction"),
        (Status.rejected, "status_information"),
        (Status.rejected, "contact_information"),
    ],
)
def test_the_published_blocks_can_be_replaced(
    attempt: ProctoredExamStudentAttempt, overrides: Path, status: Status, block: str
) -> None:
    name = {
        Status.submitted: "proctoring_attempt_submitted_email.html",
        Status.rejected: "proctoring_attempt_unsatisfactory_email.html",
    }[status]
    (overrides / name).write_text(f'{{% extends "emails/{name}" %}}{{% block {block} %}}REPLACED{{% endblock %}}')

    assert "REPLACED" in body_of(attempt, status)


def test_an_exam_without_a_vendor_has_the_common_mail(attempt: ProctoredExamStudentAttempt, overrides: Path) -> None:
    (overrides.parent / "None").mkdir()
    (overrides.parent / "None" / "proctoring_attempt_satisfactory_email.html").write_text("not this one")
    attempt.proctored_exam.backend = None

    assert "it meets the requirements" in body_of(attempt, Status.verified)


# Sending


def test_a_mail_is_sent_with_the_courses_name(attempt: ProctoredExamStudentAttempt, lms: FakeLms) -> None:
    send_status_email({"attempt_id": attempt.pk, "status": "verified"})

    [sent] = mail.outbox
    assert sent.subject == "Proctoring attempt verified"
    assert "Demonstrations" in sent.body


def test_a_learner_the_host_knows_nothing_about_gets_mail_too(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms
) -> None:
    lms.credit.state = None

    send_status_email({"attempt_id": attempt.pk, "status": "submitted"})

    assert "your course" in mail.outbox[0].body


def test_an_attempt_that_is_gone_is_not_written_about(lms: FakeLms) -> None:
    send_status_email({"attempt_id": 987654, "status": "verified"})

    assert mail.outbox == []


def test_where_there_is_no_mail_none_is_sent(lms: FakeLms) -> None:
    attempt = AttemptFactory(user__email="", submitted=True)

    send_status_email({"attempt_id": attempt.pk, "status": "verified"})

    assert mail.outbox == []


def test_a_mail_server_that_fails_is_an_error_for_the_outbox(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    with pytest.raises(OSError, match=r"."):
        send_status_email({"attempt_id": attempt.pk, "status": "verified"})
