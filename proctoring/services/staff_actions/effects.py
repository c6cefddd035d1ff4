"""What follows from what staff do, in sentences: one for each kind of message that ``services.consequences`` writes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.models import OutboxMessage

CREDIT = {
    "satisfied": _("Credit: the requirement counts as met."),
    "failed": _("Credit: the requirement counts as failed."),
    "submitted": _("Credit: the requirement counts as handed in."),
    "declined": _("Credit: the requirement counts as declined."),
}
SENTENCES: Mapping[str, str | Promise] = {
    "completion": _("The exam is marked as complete for the learner."),
    "credit": _("Credit: the requirement changes."),
    "credit.remove": _("Credit: what the attempt meant for the requirement is forgotten."),
    "grade.zero": _("The grade of the exam becomes zero, where the course wants that."),
    "grade.restore": _("The zero grade of an earlier rejection is taken back, where the course wants that."),
    "grade.undo": _("A grade that was changed because of the attempt is put back."),
    "certificate.invalidate": _("The course certificate is withdrawn, where the course wants that."),
    "answers.delete": _("The learner's answers in the exam are deleted."),
    "mail.status": _("The learner is told by mail."),
    "onboarding.clear": _("The learner may try again what was refused for want of onboarding."),
    "vendor.start": _("The proctoring service is told that the attempt has started."),
    "vendor.stop": _("The proctoring service is told that the attempt is handed in."),
    "vendor.error": _("The proctoring service is told that the attempt is in error."),
    "vendor.remove": _("The proctoring service is told to forget the attempt."),
}


def sentences(messages: Iterable[OutboxMessage]) -> Iterator[str | Promise]:
    """Each sentence once, in the order of the messages."""
    yield from dict.fromkeys(_sentence(message.kind, message.payload) for message in messages)


def _sentence(kind: str, payload: Mapping[str, Any]) -> str | Promise:
    return CREDIT.get(payload["status"], SENTENCES[kind]) if kind == "credit" else SENTENCES[kind]
