"""
Registering an attempt with the vendor: asked while the learner waits, outside any transaction.

The row is committed first, so that a vendor's message about the attempt can never come too early. With it goes an
outbox message that registers the attempt if the process dies meanwhile; the vendor is told the attempt's code, by
which it can recognise a registration that it has had before (contract python.md §2.13, docs/differences.rst).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from proctoring import lms
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.common.announce import announce
from proctoring.common.http import VendorUnreachable, deadline
from proctoring.common.prepared import Prepared
from proctoring.conf import config
from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderNotConfigured,
    BackendProviderOnboardingException,
    StudentExamAttemptDoesNotExistsException,
)
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamReviewPolicy, ProctoredExamStudentAttempt
from proctoring.models import ProctoredExamStudentAllowance as Allowance
from proctoring.serializers import exam_dict
from proctoring.services import consequences, contacts, outbox, removal, resuming, timing, transitions
from proctoring.services.vendors import backend_name, backend_of, known_to_vendor, obscured_user_id
from proctoring.signals import attempt_registered
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
KIND = "vendor.register"
# Far longer than a learner waits for the vendor's answer, so that only a lost registration is repeated.
PATIENCE = 6
GRANTED: Prepared[tuple[str, str]] = Prepared(
    lambda user_id, exam_id: Allowance.objects.filter(user_id=user_id, proctored_exam_id=exam_id).values_list(
        "key", "value"
    ),
    int,
    int,
)
OWN_FIELDS = [field.name for field in Attempt._meta.concrete_fields if not field.is_relation]


@dataclass(frozen=True)
class Terms:
    """What course staff have laid down for a learner who begins: until when, and what reviewers are told."""

    due: datetime | None
    policy: ProctoredExamReviewPolicy | None


def safety_net(
    attempt: Attempt,
    *,
    resumes: Attempt | None = None,
    replaces: Attempt | None = None,
    by: AbstractBaseUser | None = None,
) -> OutboxMessage:
    """
    The message that registers ``attempt`` should the process die before it has; to be committed with the attempt.

    ``resumes`` is the attempt that this one goes on from, ``replaces`` the one that ``by`` starts over.
    """
    payload = {
        "attempt_id": attempt.pk,
        "resumes": resumes.pk if resumes else None,
        "replaces": replaces.pk if replaces else None,
        "by": by.pk if by else None,
    }
    return OutboxMessage(
        kind=KIND,
        destination=backend_name(attempt.proctored_exam)[:64],
        stream=f"vendor:{attempt.pk}",
        payload=payload,
        due_at=timezone.now() + timedelta(seconds=PATIENCE * config.vendor_call_timeout),
    )


def register_now(attempt: Attempt, net: OutboxMessage, terms: Terms) -> None:
    """
    Register ``attempt`` while its learner waits; it is up to date then. A refusal leaves no attempt behind: the next
    request starts afresh.

    Raises ``BackendProviderCannotRegisterAttempt``, ``BackendProviderNotConfigured``, and
    ``StudentExamAttemptDoesNotExistsException`` where the attempt was removed meanwhile.
    """
    try:
        _register(attempt, net.payload, terms)
    except Exception:
        _withdraw(attempt, net)
        raise
    # Not in a `finally`: what ends the process must not take the net away.
    net.delete()


def complete(payload: Mapping[str, Any]) -> None:
    """Register an attempt whose registration got lost. Raises as :func:`register_now`, and the attempt stays."""
    attempt = Attempt.objects.get_exam_attempt_by_id(payload["attempt_id"])
    if attempt is not None and attempt.status == Status.created and not attempt.external_id:
        due = timing.due_date(attempt.proctored_exam, attempt.user_id)
        policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(attempt.proctored_exam_id)
        _register(attempt, payload, Terms(due, policy))


def _withdraw(attempt: Attempt, net: OutboxMessage) -> None:
    """As if nobody had asked: no row, and what was to be resumed still can be."""
    with transaction.atomic():
        _hold(attempt.pk, net.payload["resumes"])
        gone, _ = Attempt.objects.filter(pk=attempt.pk, external_id__isnull=True, status=Status.created).delete()
        if gone and net.payload["resumes"]:
            resuming.take_back(net.payload["resumes"])
        net.delete()


def _register(attempt: Attempt, payload: Mapping[str, Any], terms: Terms) -> None:
    state = lms.credit().get_credit_state(attempt.user_id, attempt.proctored_exam.course_id) or {}
    context = _context(attempt, state, terms)
    names = {"full_name": str(context["full_name"]), "profile_name": state.get("profile_fullname") or ""}
    try:
        with contacts.noted(backend_name(attempt.proctored_exam)[:64]):
            external_id = _ask_vendor(attempt, context)
    except BackendProviderOnboardingException as refusal:
        transitions.refuse_onboarding(attempt.pk, Status(refusal.status), **names)
        _retire_replaced(payload)
        attempt.refresh_from_db(fields=OWN_FIELDS)
        return
    if payload.get("replaces") or not external_id or not _keep_untouched(attempt, external_id):
        _keep(attempt, external_id, payload)
        attempt.refresh_from_db(fields=OWN_FIELDS)
    transitions.announce_status(attempt, **names)
    if external_id:
        announce(attempt_registered, Attempt, external_id=external_id)


def _keep_untouched(attempt: Attempt, external_id: str) -> bool:
    """Store the vendor's id, here and there; False where anything has become of the attempt meanwhile."""
    now = timezone.now()
    untouched = Attempt.objects.filter(pk=attempt.pk, status=Status.created, modified=attempt.modified)
    if not untouched.update(external_id=external_id, modified=now):
        return False
    attempt.external_id, attempt.modified = external_id, now
    return True


def _keep(attempt: Attempt, external_id: str | None, payload: Mapping[str, Any]) -> None:
    """Store the vendor's id. Where the attempt was removed meanwhile, the vendor is to forget it again."""
    with transaction.atomic():
        _hold(attempt.pk, payload.get("replaces"))
        row = Attempt.objects.filter(pk=attempt.pk)
        kept = row.update(external_id=external_id, modified=timezone.now()) if external_id else row.exists()
        if kept:
            _retire_replaced(payload)
        elif external_id:
            outbox.write([consequences.vendor_removal(attempt, external_id)])
    if not kept:
        raise StudentExamAttemptDoesNotExistsException


def _hold(*attempt_ids: int | None) -> None:
    """Take the rows in the order of their ids, as everybody does, so that nobody waits in a circle."""
    wanted = [attempt_id for attempt_id in attempt_ids if attempt_id]
    list(Attempt.objects.filter(pk__in=wanted).order_by("pk").select_for_update())


def _retire_replaced(payload: Mapping[str, Any]) -> None:
    if payload.get("replaces"):
        by = get_user_model()._default_manager.filter(pk=payload["by"]).first() if payload["by"] else None
        removal.retire(payload["replaces"], by=by)


def _ask_vendor(attempt: Attempt, context: dict[str, Any]) -> str | None:
    backend = backend_of(attempt.proctored_exam)
    if backend is None:
        raise BackendProviderNotConfigured
    try:
        # One limit for the exam's id, a token and the registration together: somebody waits for all of it.
        with deadline(config.vendor_call_timeout):
            return _asked(backend, known_to_vendor(attempt.proctored_exam), context)
    except (BackendProviderOnboardingException, BackendProviderCannotRegisterAttempt):
        raise
    except VendorUnreachable as error:
        logger.warning("The vendor was not reached for a registration: attempt=%s error=%s", attempt.pk, error.code)
        raise BackendProviderCannotRegisterAttempt(http_status=error.http_status) from error
    except Exception as error:
        # A vendor's plugin may raise anything; the learner gets one clear sentence whatever it was.
        logger.error("Registration failed: attempt=%s error=%s", attempt.pk, type(error).__name__)
        raise BackendProviderCannotRegisterAttempt from error


def _asked(backend: ProctoringBackendProvider, exam: ProctoredExam, context: dict[str, Any]) -> str | None:
    external_id = backend.register_exam_attempt(exam_dict(exam), context=context)
    return str(external_id) if external_id else None


def _context(attempt: Attempt, state: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """What the vendor gets to know (contract vendors_admin_screens.md §1.3.1); ``state`` is the credit service's."""
    exam, user = attempt.proctored_exam, attempt.user
    granted = dict(GRANTED(user.pk, exam.pk))
    context = {
        "lms_host": f"{config.scheme}://{config.site_name}",
        "time_limit_mins": _minutes(attempt, terms.due, granted.get(Allowance.ADDITIONAL_TIME_GRANTED[0], "")),
        "attempt_code": attempt.attempt_code,
        "is_sample_attempt": attempt.is_sample_attempt,
        "user_id": obscured_user_id(user.pk, backend_name(exam)),
        "full_name": _verified_name(user) or state.get("profile_fullname") or "",
        "email": state.get("student_email"),
    }
    if terms.policy is not None:
        context["review_policy"] = terms.policy.review_policy
    exception = granted.get(Allowance.REVIEW_POLICY_EXCEPTION[0])
    if exception is not None:
        context["review_policy_exception"] = exception
    return context


def _minutes(attempt: Attempt, due: datetime | None, granted: str) -> int:
    """Whole minutes the learner would get when starting now, as ``timing.allowed_minutes`` says."""
    now, carried = timezone.now(), attempt.time_remaining_seconds
    if carried is None:
        carried = timing.seconds_with(attempt.proctored_exam, Allowance.minutes_in(granted) or 0)
    return timing.whole_minutes(timing.end_until(due, now, carried) - now)


def _verified_name(user: Any) -> str:
    name = lms.name_affirmation().get_verified_name(user, is_verified=False, statuses_to_exclude=["denied"])
    return name.verified_name if name else ""
