"""The mail a learner gets about an attempt (contract python.md §7)."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import select_template
from django.utils.translation import gettext as _

from proctoring import lms
from proctoring.backends import LINK_URLS_OPTION
from proctoring.conf import config
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services.vendors import backend_name
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

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


def status_email(
    attempt: ProctoredExamStudentAttempt, status: str, course_name: str | None = None
) -> EmailMessage | None:
    """The unsent HTML mail for ``status``; None where that status has none, or the learner has no address."""
    if status not in TEMPLATES or not attempt.user.email:
        return None
    known = Status(status)
    exam = attempt.proctored_exam
    vendors_own = [f"emails/proctoring/{exam.backend}/{TEMPLATES[known]}"] if exam.backend else []
    template = select_template([*vendors_own, f"emails/{TEMPLATES[known]}"])
    contact_url, contact_text = _contact(exam)
    body = template.render(
        {
            "course_url": _course_url(exam.course_id),
            "course_name": course_name or _("your course"),
            "exam_name": exam.exam_name,
            "status": status,
            "platform": config.platform_name,
            "contact_url": contact_url,
            "contact_url_text": contact_text,
        }
    )
    message = EmailMessage(
        subject=SUBJECTS[known], body=body, from_email=config.status_email_from_address, to=[attempt.user.email]
    )
    message.content_subtype = "html"
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


def _course_url(course_id: str) -> str:
    if config.learning_mfe_url:
        return f"{config.learning_mfe_url}/course/{course_id}/home"
    # Mail has no page that an address could be relative to.
    return f"{config.scheme}://{config.site_name}/courses/{course_id}/"


def _contact(exam: ProctoredExam) -> tuple[str, str]:
    address = escalation_email(exam.course_id)
    if address:
        return f"mailto:{address}", address
    links = config.backends.get(backend_name(exam), {}).get(LINK_URLS_OPTION) or {}
    url = links.get("contact") or f"{config.scheme}://{config.site_name}/support/contact_us"
    return url, url
