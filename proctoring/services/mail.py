"""
The mail a learner gets about an attempt, as HTML and as text, in the learner's language and time zone (contract
python.md §7).
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, select_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from proctoring import lms
from proctoring.backends import LINK_URLS_OPTION
from proctoring.conf import config
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import links, preferences
from proctoring.services.vendors import backend_name
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

KIND = "mail.status"
DESTINATION = "mail"
TEMPLATES = {
    Status.submitted: "proctoring_attempt_submitted_email.html",
    Status.verified: "proctoring_attempt_satisfactory_email.html",
    Status.rejected: "proctoring_attempt_unsatisfactory_email.html",
}
SUBJECTS = {
    Status.submitted: "Proctoring attempt submitted",
    Status.verified: "Proctoring attempt verified",
    Status.rejected: "Proctoring attempt rejected",
}


def is_due(attempt: ProctoredExamStudentAttempt) -> bool:
    """Whether the attempt and its status are of those that learners get mail about."""
    return attempt.status in TEMPLATES and attempt.taking_as_proctored and not attempt.is_sample_attempt


def told_in(stream: str) -> "QuerySet[OutboxMessage, Any]":
    """What the mails of a :func:`stream_of` said, as ``message_about`` has written it; the last one first."""
    mails = OutboxMessage.objects.filter(kind=KIND, stream=stream)
    return mails.order_by("-pk").values("payload")


def message_about(attempt: ProctoredExamStudentAttempt, told: Mapping[str, Any] | None) -> Iterator[OutboxMessage]:
    """
    What to write into the outbox for the mail that the attempt's status calls for; nothing where none is due.

    Nobody is told the same twice in a row: a mail is repeated only after another one about the attempt. ``told`` is
    what the last one said.
    """
    if is_due(attempt) and (told or {}).get("status") != attempt.status:
        payload = {"attempt_id": attempt.pk, "status": str(attempt.status)}
        yield OutboxMessage(kind=KIND, destination=DESTINATION, stream=stream_of(attempt.pk), payload=payload)


def stream_of(attempt_id: int) -> str:
    return f"mail:{attempt_id}"


def status_email(
    attempt: ProctoredExamStudentAttempt,
    status: str,
    course_name: str | None = None,
    course_id: str | None = None,
) -> EmailMultiAlternatives | None:
    """
    The unsent mail for ``status``; None where that status has none, or the learner has no address.

    ``course_id`` is the exam's where none is given. The mail has a text part where there is a text template beside the
    HTML one; a host that replaces the latter alone gets HTML alone.
    """
    if status not in TEMPLATES or not attempt.user.email:
        return None
    known = Status(status)
    page, text = _templates(TEMPLATES[known], attempt.proctored_exam.backend)
    with _learners_own(attempt.user_id):
        context = _context(attempt, status, course_name, course_id or attempt.proctored_exam.course_id)
        html = page.render(context)
        plain = text.render(context) if text else None
    message = EmailMultiAlternatives(
        subject=SUBJECTS[known], from_email=config.status_email_from_address, to=[attempt.user.email]
    )
    if plain is None:
        message.body, message.content_subtype = html, "html"
    else:
        message.body = plain
        message.attach_alternative(html, "text/html")
    return message


def send_status_email(payload: Mapping[str, Any]) -> None:
    """
    Send the mail an outbox message stands for; nothing where the attempt is gone. Raises what the mail server raises.
    """
    attempt = (
        ProctoredExamStudentAttempt.objects.select_related("user", "proctored_exam")
        .filter(pk=payload["attempt_id"])
        .first()
    )
    if attempt is None:
        return
    state = lms.credit().get_credit_state(attempt.user_id, attempt.proctored_exam.course_id, return_course_info=True)
    message = status_email(attempt, payload["status"], (state or {}).get("course_name"))
    if message is not None:
        message.send()


def escalation_email(course_id: str) -> str | None:
    """
    Whom learners of the course may write to about proctoring; None where the LMS cannot say (contract python.md
    §6.4).
    """
    try:
        return lms.instructor().get_proctoring_escalation_email(course_id) or None
    except Exception as error:  # the host may raise its own kinds for a course id it does not know
        logger.warning("The LMS has no escalation address: error=%s", type(error).__name__)
        return None


def _context(
    attempt: ProctoredExamStudentAttempt, status: str, course_name: str | None, course_id: str
) -> dict[str, Any]:
    contact_url, contact_text = _contact(attempt.proctored_exam, course_id)
    return {
        "course_url": _course_url(course_id),
        "course_name": course_name or _("your course"),
        "exam_name": attempt.proctored_exam.exam_name,
        "status": status,
        "platform": config.platform_name,
        "contact_url": contact_url,
        "contact_url_text": contact_text,
        "completed_at": attempt.completed_at,
    }


def _templates(name: str, backend: str | None) -> tuple[Any, Any]:
    """The HTML template, the vendor's own before the common one; and the text template beside it, or None."""
    own = [f"emails/proctoring/{backend}/{name}"] if backend else []
    page: Any = select_template([*own, f"emails/{name}"])
    try:
        text: Any = get_template(str(PurePath(page.origin.template_name).with_suffix(".txt")))
    except TemplateDoesNotExist:
        return page, None
    beside = PurePath(text.origin.name).parent == PurePath(page.origin.name).parent
    return page, text if beside else None


@contextmanager
def _learners_own(user_id: int) -> Iterator[None]:
    """The learner's language and time zone for whatever is rendered inside; the site's where the LMS knows none."""
    language, zone = preferences.language_of(user_id), preferences.zone_of(user_id)
    # Whoever caused the mail, perhaps in another language, is not the one who reads it.
    with translation.override(language or config.language_code), timezone.override(zone):
        yield


def _course_url(course_id: str) -> str:
    url = links.course_url(course_id)
    # Mail has no page that a path could be relative to.
    return f"{config.scheme}://{config.site_name}{url}" if url.startswith("/") else url


def _contact(exam: ProctoredExam, course_id: str) -> tuple[str, str]:
    address = escalation_email(course_id)
    if address:
        return f"mailto:{address}", address
    options = config.backends.get(backend_name(exam), {}).get(LINK_URLS_OPTION) or {}
    url = options.get("contact") or f"{config.scheme}://{config.site_name}/support/contact_us"
    return url, url
