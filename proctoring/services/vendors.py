"""Our exams' vendors: which plugin, and how the vendor knows our people."""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from proctoring.backends import provider_named
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.common.errors import DomainError
from proctoring.common.obscuring import obscured
from proctoring.conf import config
from proctoring.exceptions import BackendProviderCannotRemoveAttempt, BackendProviderNotConfigured
from proctoring.models import ProctoredExam, ProctoredExamReviewPolicy, ProctoredExamStudentAttempt
from proctoring.serializers import exam_dict

logger = logging.getLogger(__name__)


def backend_name(exam: ProctoredExam) -> str:
    """The name of the exam's vendor: its own, or the default; empty where neither is known."""
    return exam.backend or config.backends.get("DEFAULT") or ""


def backend_of(exam: ProctoredExam) -> ProctoringBackendProvider | None:
    """
    The plugin of the exam's vendor; None for an exam that is not proctored.

    Raises ``BackendProviderNotConfigured`` where the vendor is not (any more) in the settings.
    """
    if not exam.is_proctored:
        return None
    try:
        return provider_named(exam.backend)
    except (NotImplementedError, ImproperlyConfigured) as error:
        raise BackendProviderNotConfigured from error


def backend_if_configured(exam: ProctoredExam) -> ProctoringBackendProvider | None:
    """:func:`backend_of` for those who go on without a vendor: None also where it is not (any more) in the settings."""
    try:
        return backend_of(exam)
    except BackendProviderNotConfigured:
        logger.warning("The vendor of an exam is not configured: exam=%s", exam.pk)
        return None


def backends_if_configured(exams: Iterable[ProctoredExam]) -> dict[int, ProctoringBackendProvider | None]:
    """:func:`backend_if_configured` by the exam's id; a vendor of many exams is looked up, and missed, once."""
    of_vendor: dict[tuple[bool, str | None], ProctoringBackendProvider | None] = {}
    of_exam = {}
    for exam in exams:
        vendor = (exam.is_proctored, exam.backend)
        if vendor not in of_vendor:
            of_vendor[vendor] = backend_if_configured(exam)
        of_exam[exam.pk] = of_vendor[vendor]
    return of_exam


def supports_onboarding(exam: ProctoredExam) -> bool:
    """Whether the exam's vendor has onboarding; a vendor that is gone has not."""
    backend = backend_if_configured(exam)
    return bool(backend and backend.supports_onboarding)


def integration_specific_email(provider: ProctoringBackendProvider) -> str:
    """Whom learners write to about a vendor's onboarding: the vendor's own address, else the site's contact."""
    return str(getattr(provider, "integration_specific_email", "") or config.contact_email)


def obscured_user_id(user_id: int, *extra: str) -> str:
    """The id by which a vendor knows a person (contract vendors_admin_screens.md §1.4)."""
    return obscured(config.obfuscation_key, user_id, *extra)


def sync_exam(exam_id: int) -> None:
    """
    Tell the exam's vendor what the exam is now, and keep the vendor's id of it.

    Talks to the vendor, so never within a transaction. Raises what the vendor's plugin raises.
    """
    exam = ProctoredExam.objects.filter(pk=exam_id).first()
    if exam is None:
        return
    backend = provider_named(exam.backend) if exam.backend or exam.is_proctored else None
    if backend is None:
        return
    external_id = backend.on_exam_saved(_exam_for_vendor(exam))
    if external_id and external_id != exam.external_id:
        ProctoredExam.objects.filter(pk=exam.pk, backend=exam.backend).update(external_id=external_id)


def known_to_vendor(exam: ProctoredExam) -> ProctoredExam:
    """The exam with the vendor's id, which the vendor is asked for where it has not come yet. As :func:`sync_exam`."""
    if not exam.external_id:
        sync_exam(exam.pk)
        exam.refresh_from_db(fields=["external_id"])
    return exam


def _exam_for_vendor(exam: ProctoredExam) -> dict[str, Any]:
    """
    The exam as a vendor gets it (contract vendors_admin_screens.md §3.5); one nobody proctors any more is inactive.
    """
    document = exam_dict(exam)
    document["due_date"] = exam.due_date.isoformat() if exam.due_date else None
    document["is_active"] = exam.is_active and exam.is_proctored
    policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(exam.pk)
    if policy is not None:
        document["rule_summary"] = policy.review_policy
    return document


def remove_attempt(backend: str | None, exam_external_id: str | None, external_id: str) -> bool:
    """
    Ask a vendor to delete what it has of an attempt; whether it confirmed that.

    Talks to the vendor, so never within a transaction. Raises ``BackendProviderCannotRemoveAttempt``.
    """
    try:
        return bool(provider_named(backend).remove_exam_attempt(exam_external_id or "", external_id))
    except Exception as error:
        # A plugin raises what its vendor's library raises; people get one sentence whatever it was.
        logger.error("A vendor could not remove an attempt: backend=%s error=%s", backend, type(error).__name__)
        status = error.http_status if isinstance(error, DomainError) else None
        raise BackendProviderCannotRemoveAttempt(http_status=status) from error


def _remove_attempt(payload: Mapping[str, Any]) -> None:
    # Nobody waits for the answer: a vendor that is away is asked again, one that does not confirm is not.
    if not remove_attempt(payload["backend"], payload["exam"], payload["attempt"]):
        logger.warning("A vendor did not confirm a removal: attempt=%s", payload["attempt_id"])


def _call_vendor(method: str, payload: Mapping[str, Any]) -> None:
    attempts = ProctoredExamStudentAttempt.objects.select_related("proctored_exam")
    attempt = attempts.filter(pk=payload["attempt_id"]).first()
    if attempt is None:
        # Its vendor has forgotten it, or is told to: there is nothing left that this could be about.
        logger.info("Not told to its vendor, since it was removed: attempt=%s", payload["attempt_id"])
        return
    exam_id = payload["exam"] or _exam_id_at(payload["backend"], attempt.proctored_exam)
    getattr(provider_named(payload["backend"]), method)(exam_id, payload["attempt"])


def _exam_id_at(backend: str, exam: ProctoredExam) -> str:
    """The vendor's id of the exam, asked for if need be; empty where there is none, or the exam has another vendor."""
    return (known_to_vendor(exam).external_id or "") if backend_name(exam) == backend else ""


def _sync_exam(payload: Mapping[str, Any]) -> None:
    sync_exam(payload["exam_id"])


def _end_exam(payload: Mapping[str, Any]) -> None:
    try:
        backend = provider_named(payload["backend"])
    except (NotImplementedError, ImproperlyConfigured):
        # Exams move because their vendor goes: there is nobody left to tell.
        logger.warning("The former vendor of an exam is not configured: exam=%s", payload["exam"]["id"])
        return
    backend.on_exam_saved(payload["exam"])


HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "vendor.start": partial(_call_vendor, "start_exam_attempt"),
    "vendor.stop": partial(_call_vendor, "stop_exam_attempt"),
    "vendor.error": partial(_call_vendor, "mark_erroneous_exam_attempt"),
    "vendor.remove": _remove_attempt,
    "vendor.exam": _sync_exam,
    "vendor.exam_left": _end_exam,
}
