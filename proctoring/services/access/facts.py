"""What a screen says besides which one it is (contract python.md §5.6)."""

from datetime import datetime, timedelta
from typing import Any

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.models import ProctoredExamReviewPolicy, ProctoredExamStudentAttempt
from proctoring.screens import ExamKind, Facts, Requirement
from proctoring.services import mail, onboarding, timing, vendors
from proctoring.services.access.application import application_of
from proctoring.services.access.running import clock_of
from proctoring.services.access.views import View
from proctoring.statuses import IN_PROGRESS, ONBOARDING_ERRORS, PRE_START
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

EXPIRY_NOTICE = timedelta(seconds=60)
LONG_EXAM_MINUTES = 20 * 60


def facts_of(view: View, unmet: tuple[Requirement, ...]) -> Facts:
    """Everything the templates print; ``unmet`` are the requirements before the exam."""
    exam, attempt = view.exam, view.attempt
    due_date = timing.due_date(exam, view.user_id)
    return Facts(
        exam_id=exam.pk,
        course_id=exam.course_id,
        content_id=exam.content_id,
        exam_name=exam.exam_name,
        due_date=due_date,
        results_at=_results_at(view, due_date),
        attempt_id=attempt.pk if attempt else None,
        attempt_code=(attempt.attempt_code or "") if attempt else "",
        total_minutes=_total_minutes(view),
        remaining_seconds=_remaining_seconds(view),
        time_just_expired=attempt is not None and _time_just_expired(attempt, view.now),
        extra_time_hint=exam.time_limit_mins <= LONG_EXAM_MINUTES,
        may_opt_out=bool(view.context.get("allow_proctoring_opt_out")),
        review_policy=_review_policy(view),
        unmet=unmet,
        onboarding_content_id=_onboarding_content_id(view),
        escalation_email=_escalation_email(view),
        clock=clock_of(attempt, view.now) if attempt and attempt.status in IN_PROGRESS else None,
        application=application_of(attempt, view.provider),
        **_approval_facts(view),
        **_provider_facts(view.provider),
    )


def _provider_facts(provider: ProctoringBackendProvider | None) -> dict[str, Any]:
    if provider is None:
        return {}
    return {
        "provider_name": provider.verbose_name,
        "provider_support_email": provider.tech_support_email,
        "provider_support_phone": provider.tech_support_phone,
        "provider_sender_email": provider.learner_notification_from_email,
        "onboarding_contact_email": vendors.integration_specific_email(provider),
    }


def _approval_facts(view: View) -> dict[str, Any]:
    """Until when an accepted onboarding counts, and whether it is time for another one."""
    if view.attempt is None or view.status != Status.verified or view.kind is not ExamKind.ONBOARDING:
        return {}
    vendor = vendors.backend_name(view.exam)
    approval = onboarding.of_learner(view.exam.course_id, view.attempt.user, vendor, view.now)
    over = approval.has_expired(view.now)
    due = over or approval.expires_soon(view.now)
    return {"approved_until": approval.expiration_date, "approval_over": over, "renewal_due": due}


def _total_minutes(view: View) -> int:
    stored = view.attempt.allowed_time_limit_mins if view.attempt else None
    if stored and not view.ready_to_resume:
        return stored
    undecided = view.status is None or view.status in PRE_START or view.ready_to_resume
    if not undecided:
        return view.exam.time_limit_mins
    carried = view.attempt.time_remaining_seconds if view.attempt else None
    return timing.allowed_minutes(view.exam, view.user_id, view.now, carried)


def _remaining_seconds(view: View) -> float:
    if view.attempt is None:
        return 0.0
    if view.ready_to_resume:
        return float(view.attempt.time_remaining_seconds or 0)
    return timing.time_remaining_seconds(view.attempt, view.now)


def _time_just_expired(attempt: ProctoredExamStudentAttempt, now: datetime) -> bool:
    started, completed, minutes = attempt.started_at, attempt.completed_at, attempt.allowed_time_limit_mins
    if started is None or completed is None or minutes is None:
        return False
    return completed - started >= timedelta(minutes=minutes) and now - completed < EXPIRY_NOTICE


def _results_at(view: View, due_date: datetime | None) -> datetime | None:
    """When the grace period ends, while it still runs (contract python.md §4.12)."""
    grace: timedelta | None = view.context.get("grace_period")
    if not grace or due_date is None:
        return None
    return due_date + grace if due_date + grace > view.now else None


def _review_policy(view: View) -> str:
    if not view.exam.is_proctored or view.status != Status.ready_to_start:
        return ""
    policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(view.exam.pk)
    return policy.review_policy if policy else ""


def _onboarding_content_id(view: View) -> str:
    """An onboarding exam of the course and the same vendor that the learner can open now; empty where there is none."""
    if view.attempt is None or view.status not in ONBOARDING_ERRORS:
        return ""
    exams = [exam for exam in onboarding.exams_of(view.exam.course_id) if exam.backend == view.exam.backend]
    chosen = onboarding.choose(view.exam.course_id, exams, view.attempt.user, view.now)
    return chosen.exam.content_id if chosen and chosen.is_open else ""


def _escalation_email(view: View) -> str:
    if view.status not in {Status.error, Status.rejected}:
        return ""
    return mail.escalation_email(view.exam.course_id) or ""
