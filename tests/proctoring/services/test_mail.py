import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation
from pytest_django import Settings

from proctoring.lms import set_runtime_service
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services.mail import escalation_email, send_status_email, status_email
from proctoring.services.transitions import change_status
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory
from tests.fakes import FakeLms, WatchingBackend

Committed = Callable[[], AbstractContextManager[Any]]
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
    [html] = [part for part in message.message().walk() if part.get_content_type() == "text/html"]
    return re.sub(r"\s+", " ", html.get_payload(decode=True).decode())


def text_of(attempt: ProctoredExamStudentAttempt, status: str, course_name: str | None = None) -> str:
    """The mail's text, as it is."""
    message = status_email(attempt, status, course_name)
    assert message is not None
    return str(message.body)


@pytest.mark.parametrize(("status", "subject"), SUBJECTS.items())
def test_three_statuses_have_a_mail(attempt: ProctoredExamStudentAttempt, status: Status, subject: str) -> None:
    message = status_email(attempt, status, "Demonstrations")

    assert message is not None
    assert (message.subject, message.to, message.from_email) == (subject, ["ada@example.org"], "exams@example.org")
    assert [part.get_content_type() for part in message.message().get_payload()] == ["text/plain", "text/html"]
    body = body_of(attempt, status, "Demonstrations")
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


# The text beside the HTML


@pytest.mark.parametrize("status", SUBJECTS)
def test_the_text_says_what_the_html_says(attempt: ProctoredExamStudentAttempt, lms: FakeLms, status: Status) -> None:
    lms.instructor.escalation_email = "help@course.example.org"

    text = text_of(attempt, status, "Demonstrations")

    assert 'the exam "Final <b>exam</b>" in Demonstrations (https://mfe.example.org/course/' in text
    assert "Example & Sons" in text, "names as they are: nobody reads markup here"
    assert ("help@course.example.org" in text) is (status in WITH_CONTACT)
    words = re.sub(r"<[^>]*>", "", body_of(attempt, status, "Demonstrations"))
    sentences = [
        line for line in text.splitlines() if line.startswith(("We have", "Your exam", "If you think", "You "))
    ]
    assert len(sentences) == (3 if status == Status.rejected else 2)
    assert all(line in words for line in sentences)


@pytest.mark.parametrize("status", SUBJECTS)
def test_weakness_96_no_template_tag_is_left_in_a_mail(attempt: ProctoredExamStudentAttempt, status: Status) -> None:
    for content in (body_of(attempt, status), text_of(attempt, status)):
        assert not re.search(r"\{[{%#]|[%#}]\}", content)


def test_weakness_97_the_subject_is_the_known_one_and_the_mail_says_the_rest(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms
) -> None:
    lms.preferences.languages[attempt.user_id] = "de"

    message = status_email(attempt, Status.verified, "Demonstrations")

    assert message is not None
    assert message.subject == "Proctoring attempt verified"
    assert "Demonstrations" in message.body
    assert "Final <b>exam</b>" in message.body


def test_a_host_may_replace_both(attempt: ProctoredExamStudentAttempt, overrides: Path) -> None:
    (overrides / "proctoring_attempt_satisfactory_email.html").write_text("<p>Watched by us.</p>")
    (overrides / "proctoring_attempt_satisfactory_email.txt").write_text(
        '{% extends "emails/proctoring_attempt_satisfactory_email.txt" %}'
        "{% block introduction %}{{ exam_name }}, watched by us.{% endblock %}"
    )

    assert "<p>Watched by us.</p>" in body_of(attempt, Status.verified)
    assert "Final <b>exam</b>, watched by us." in text_of(attempt, Status.verified)
    assert "it meets the requirements" in text_of(attempt, Status.verified)


@pytest.mark.parametrize("folder", ["emails/proctoring/watcher", "emails"])
def test_a_host_that_replaces_the_html_alone_does_not_contradict_itself(
    attempt: ProctoredExamStudentAttempt, overrides: Path, tmp_path: Path, folder: str
) -> None:
    (tmp_path / folder / "proctoring_attempt_satisfactory_email.html").write_text("<p>Watched by us.</p>")

    message = status_email(attempt, Status.verified)

    assert message is not None
    assert (message.body, message.content_subtype) == ("<p>Watched by us.</p>", "html")
    assert message.alternatives == []


# In the learner's language and time zone


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Asia/Tokyo", "March 2, 2026, 7 p.m. (JST)"),
        ("America/New_York", "March 2, 2026, 5 a.m. (EST)"),
        (None, "March 2, 2026, 11 a.m. (CET)"),
        ("", "March 2, 2026, 11 a.m. (CET)"),
        ("Mars/Olympus", "March 2, 2026, 11 a.m. (CET)"),
        ("../../etc/passwd", "March 2, 2026, 11 a.m. (CET)"),
        ("America", "March 2, 2026, 11 a.m. (CET)"),
        (9, "March 2, 2026, 11 a.m. (CET)"),
    ],
)
def test_moments_are_the_learners_else_the_sites(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, settings: Settings, zone: Any, moment: str
) -> None:
    settings.TIME_ZONE = "Europe/Paris"
    lms.preferences.time_zones[attempt.user_id] = zone

    with timezone.override("Australia/Sydney"):
        assert f"You handed it in on {moment}." in body_of(attempt, Status.submitted)
        assert f"You handed it in on {moment}." in text_of(attempt, Status.submitted)


@pytest.mark.parametrize(
    ("said", "language", "direction", "day"),
    [
        ("de", "de", "ltr", "2. März 2026"),
        ("pt-br", "pt-br", "ltr", "2 de Março de 2026"),
        ("es-xx", "es", "ltr", "2 de marzo de 2026"),
        ("ar", "ar", "rtl", "مارس"),
        (None, "en", "ltr", "March 2, 2026"),
        ("", "en", "ltr", "March 2, 2026"),
        ("tlh-kx", "en", "ltr", "March 2, 2026"),
        (9, "en", "ltr", "March 2, 2026"),
    ],
)
def test_the_mail_is_in_the_learners_language_else_in_the_sites(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, said: Any, language: str, direction: str, day: str
) -> None:
    lms.preferences.languages[attempt.user_id] = said

    with translation.override("fr"):
        body = body_of(attempt, Status.submitted)
        assert translation.get_language() == "fr", "and whoever caused it goes on in theirs"

    assert f'<html lang="{language}" dir="{direction}">' in body
    assert day in body
    assert day in text_of(attempt, Status.submitted)


def test_preferences_that_cannot_be_asked_for_keep_nobody_without_mail(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def get_language(self, user_id: int) -> str:
            raise RuntimeError("secret detail")

        get_time_zone = get_language

    set_runtime_service("preferences", Broken())

    assert '<html lang="en"' in body_of(attempt, Status.verified)
    assert "RuntimeError" in caplog.text
    assert "secret detail" not in caplog.text


def test_an_attempt_that_was_never_handed_in_has_no_such_moment(attempt: ProctoredExamStudentAttempt) -> None:
    attempt.completed_at = None

    assert "You handed it in" not in body_of(attempt, Status.rejected) + text_of(attempt, Status.rejected)


# One mail an event


def move(attempt: ProctoredExamStudentAttempt, *statuses: Status) -> None:
    for status in statuses:
        change_status(attempt.pk, status, actor=Actor.SYSTEM)


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


def test_each_event_is_one_mail_however_often_it_is_told(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, vendor: WatchingBackend, committed: Committed
) -> None:
    with committed():
        move(attempt, Status.verified, Status.verified, Status.rejected, Status.rejected, Status.verified)

    assert subjects() == [SUBJECTS[Status.verified], SUBJECTS[Status.rejected], SUBJECTS[Status.verified]]


def test_nobody_is_told_the_same_twice_in_a_row(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, vendor: WatchingBackend, committed: Committed
) -> None:
    with committed():
        move(attempt, Status.verified, Status.second_review_required, Status.verified, Status.error, Status.verified)

    assert subjects() == [SUBJECTS[Status.verified]]


def test_another_attempt_is_another_event(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, vendor: WatchingBackend, committed: Committed
) -> None:
    other = AttemptFactory(proctored_exam=attempt.proctored_exam, submitted=True)
    with committed():
        move(attempt, Status.verified)
        move(other, Status.verified)

    assert [message.to for message in mail.outbox] == [["ada@example.org"], [other.user.email]]


@pytest.mark.parametrize("without", [{"taking_as_proctored": False}, {"is_sample_attempt": True}])
def test_rehearsals_and_exams_without_proctoring_have_no_mail(
    attempt: ProctoredExamStudentAttempt, without: dict[str, bool]
) -> None:
    ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk).update(**without)

    move(attempt, Status.verified)

    assert not OutboxMessage.objects.filter(destination="mail").exists()


def test_weakness_81_nobody_waits_for_the_mail_server(
    attempt: ProctoredExamStudentAttempt, lms: FakeLms, vendor: WatchingBackend, committed: Committed
) -> None:
    with committed():
        move(attempt, Status.verified)
        assert mail.outbox == []
        [waiting] = OutboxMessage.objects.filter(destination="mail")
        assert waiting.payload == {"attempt_id": attempt.pk, "status": "verified"}, "nothing that names the learner"

    assert subjects() == [SUBJECTS[Status.verified]]
    waiting.refresh_from_db()
    assert waiting.state == "done"


# Sending


def test_a_mail_is_sent_with_the_courses_name(attempt: ProctoredExamStudentAttempt, lms: FakeLms) -> None:
    send_status_email({"attempt_id": attempt.pk, "status": "verified"})

    [sent] = mail.outbox
    assert sent.subject == "Proctoring attempt verified"
    assert "Demonstrations" in sent.body
    assert "Demonstrations" in str(sent.alternatives[0].content)


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
