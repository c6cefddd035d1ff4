"""The learner's screens as HTML, for the host's course pages (contract python.md §5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crum import get_current_request
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from proctoring.conf import config
from proctoring.exceptions import ProctoredExamAlreadyExists
from proctoring.models import ProctoredExam
from proctoring.screens import Clock, ExamKind, Facts, Screen, Situation, choose, declines_silently
from proctoring.services import access, events, exams, links, preferences, timing
from proctoring.statuses import IN_PROGRESS, REVIEWED
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

LEARNER_ROLE = "student"
KIND_LABELS = {
    ExamKind.TIMED: gettext_lazy("Timed exam"),
    ExamKind.PRACTICE: gettext_lazy("Practice exam"),
    ExamKind.ONBOARDING: gettext_lazy("Onboarding exam"),
    ExamKind.PROCTORED: gettext_lazy("Proctored exam"),
}
UNNAMED_PROVIDERS = frozenset({"", "Unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses a screen needs; empty where this host has no such page or the learner no attempt."""

    exam: str
    attempt: str
    progress: str
    password: str
    onboarding: str
    contact_us: str
    faq: str
    rules: str


def get_student_view(
    user_id: int, course_id: str, content_id: str, context: Mapping[str, Any], user_role: str = LEARNER_ROLE
) -> str | None:
    """
    The HTML a learner sees instead of the exam's content; None means "show the content" (contract python.md §5.1).

    ``context`` stays as it is. An exam nobody registered is created from it: ``display_name`` and
    ``default_time_limit_mins`` are mandatory then (``KeyError``). Raises ``NotImplementedError`` for an unknown backend
    and ``UserNotFoundException``.
    """
    if user_role != LEARNER_ROLE or not config.enabled:
        return None
    exam = ProctoredExam.get_exam_by_content_id(course_id, content_id) or _created(course_id, content_id, context)
    if not exam.is_active:
        return None
    situation = access.snapshot(user_id, exam, context, timezone.now())
    if declines_silently(situation):
        access.decline_like_prerequisite(user_id, exam)
        return None
    screen = choose(situation)
    if screen is Screen.PROCTORED_ENTRANCE:
        events.emit(exam, "option-presented")
    if screen is None:
        return None
    with timezone.override(preferences.zone_of(user_id)):
        return render(screen, situation)


def get_timer_view(user_id: int, course_id: str, content_id: str) -> str | None:
    """The clock for the content pages of a running exam, as HTML; None where this learner's clock does not run."""
    exam = ProctoredExam.get_exam_by_content_id(course_id, content_id)
    running = access.running_exam(user_id, exam, timezone.now()) if exam else None
    if running is None:
        return None
    context = {
        "attempt_id": running.clock.attempt_id,
        "exam_name": running.exam_name,
        "kind_label": KIND_LABELS.get(running.kind, "") if running.kind else "",
        "remaining_time": _time_left(running.clock.remaining_seconds),
        "application": running.application,
        **_clock(running.clock),
        **_form(),
    }
    return render_to_string("proctoring/timer.html", context)


def render(screen: Screen, situation: Situation) -> str:
    """One screen as HTML, in the current time zone. The set-up screen asks the vendor for its steps."""
    facts = situation.facts
    setup = access.vendor_setup(facts.attempt_id) if screen is Screen.INSTRUCTIONS and facts.attempt_id else None
    words = {"screen": screen, "setup": setup, "application": facts.application}
    context = {**_words(situation), **_flags(situation), **_clock(facts.clock), **_form(), **words}
    return render_to_string(f"proctoring/{screen}.html", context)


def _clock(clock: Clock | None) -> dict[str, Any]:
    return {"clock": clock, "poll_url": links.attempt_url(clock.attempt_id) if clock else ""}


def _form() -> dict[str, str]:
    """
    What forms carry so that they work without JavaScript: the token against forgery, and the page to come back to.

    Both are empty where the host keeps no current request; then the scripts send the token of the cookie.
    """
    request = get_current_request()
    if request is None:
        return {"form_token": "", "form_next": ""}
    return {"form_token": get_token(request), "form_next": request.get_full_path()}


def _words(situation: Situation) -> dict[str, Any]:
    facts = situation.facts
    unnamed = facts.provider_name in UNNAMED_PROVIDERS
    return {
        "situation": situation,
        "facts": facts,
        "exam_id": facts.exam_id,
        "attempt_id": facts.attempt_id,
        "links": _links(facts),
        "kind_label": KIND_LABELS.get(situation.kind, "") if situation.kind else "",
        "provider_name": gettext("the proctoring service") if unnamed else facts.provider_name,
        "platform_name": config.platform_name or gettext("this platform"),
        "contact_email": config.contact_email,
        "total_time": timing.humanized_time(facts.total_minutes),
        "remaining_time": _time_left(facts.remaining_seconds),
        "due_date_text": _moment(facts.due_date),
        "results_at_text": _moment(facts.results_at),
        "approved_until_text": _moment(facts.approved_until),
        "unmet": [{"name": r.name, "url": _content_url(facts.course_id, r.content_id)} for r in facts.unmet],
    }


def _flags(situation: Situation) -> dict[str, bool]:
    finished = situation.status in REVIEWED | {Status.submitted, Status.timed_out}
    return {
        "is_running": situation.status in IN_PROGRESS,
        "can_reenter": situation.facts.remaining_seconds > 0 and not situation.vendor_blocks,
        "can_view_content": finished and situation.past_due and situation.viewable_past_due,
    }


def _created(course_id: str, content_id: str, context: Mapping[str, Any]) -> ProctoredExam:
    """The exam the host describes, registered now (contract python.md §5.1 step 4)."""
    try:
        return exams.create(
            course_id=course_id,
            content_id=content_id,
            exam_name=context["display_name"],
            time_limit_mins=context["default_time_limit_mins"],
            is_proctored=context.get("is_proctored", False),
            is_practice_exam=context.get("is_practice_exam", False),
            due_date=context.get("due_date"),
            hide_after_due=context.get("hide_after_due", False),
            is_active=True,
        )
    except ProctoredExamAlreadyExists:
        # Another learner opened the same page in this moment.
        return ProctoredExam.objects.get(course_id=course_id, content_id=content_id)


def _links(facts: Facts) -> Links:
    pages = config.link_urls or {}
    return Links(
        exam=_content_url(facts.course_id, facts.content_id),
        attempt=links.attempt_url(facts.attempt_id) if facts.attempt_id else "",
        progress=links.optional("progress", facts.course_id),
        password=links.optional("password_assistance"),
        onboarding=_content_url(facts.course_id, facts.onboarding_content_id),
        contact_us=pages.get("contact_us", ""),
        faq=pages.get("faq", ""),
        rules=pages.get("online_proctoring_rules", ""),
    )


def _content_url(course_id: str, content_id: str) -> str:
    return links.jump_to(course_id, content_id) if content_id else ""


def _time_left(seconds: float) -> str:
    return timing.humanized_time(int(seconds // 60)) if seconds >= 60 else gettext("less than a minute")


def _moment(moment: datetime | None) -> str:
    """
    A date with its time and zone. Browsers show their own zone instead where nobody knows the learner's.
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    guessed = timezone.get_current_timezone() == timezone.get_default_timezone()
    return format_html(
        '<time datetime="{}" data-proctoring-guessed="{}">{} {}</time>',
        moment.astimezone(UTC).isoformat(),
        "yes" if guessed else "no",
        date_format(local, "DATETIME_FORMAT"),
        local.tzname() or "",
    )
