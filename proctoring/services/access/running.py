"""An exam that is being set up or sat: the vendor's steps, the clock, and a course's earlier decline."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.html import strip_tags

from proctoring.backends import get_backend_provider
from proctoring.conf import config
from proctoring.exceptions import StudentExamAttemptAlreadyExistsException
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.screens import Clock, DesktopApplication, ExamKind
from proctoring.serializers import attempt_dict, exam_dict
from proctoring.services import attempts, timing
from proctoring.services.access.application import application_of
from proctoring.services.access.views import current_attempt, exam_kind, learner
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VendorSetup:
    """
    How a learner sets the vendor's software up.

    ``steps`` None: the vendor gives no steps and works with the attempt's code. ``download_url`` is empty or an http(s)
    address. ``reachable`` false: the vendor did not answer.
    """

    steps: tuple[str, ...] | None = None
    download_url: str = ""
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class RunningExam:
    """An exam whose clock runs in the content's pages."""

    exam_name: str
    kind: ExamKind | None
    clock: Clock
    application: DesktopApplication | None


def decline_like_prerequisite(user_id: int, exam: ProctoredExam) -> ProctoredExamStudentAttempt | None:
    """
    An earlier exam was taken without proctoring, so this one is declined too (contract python.md §4.7).

    The declined attempt. None, and nothing happens, where the learner has an attempt already, or the exam cannot be
    begun any more.
    """
    closed = not exam.is_active or timing.is_past_due(exam, user_id)
    if closed or ProctoredExamStudentAttempt.objects.get_current_exam_attempt(exam.pk, user_id) is not None:
        return None
    # Another request of the same learner may be ahead of this one.
    with suppress(StudentExamAttemptAlreadyExistsException), transaction.atomic():
        return attempts.decline(attempts.create(exam, learner(user_id), proctored=False))
    return None


def vendor_setup(attempt_id: int) -> VendorSetup:
    """:func:`vendor_setup_of` by the attempt's id; nothing to set up where there is no such attempt."""
    attempt = ProctoredExamStudentAttempt.objects.get_exam_attempt_by_id(attempt_id)
    return VendorSetup(steps=()) if attempt is None else vendor_setup_of(attempt)


def vendor_setup_of(attempt: ProctoredExamStudentAttempt) -> VendorSetup:
    """The vendor's steps and download for an attempt. Asks the vendor, so call it outside transactions."""
    provider = get_backend_provider(exam=exam_dict(attempt.proctored_exam))
    if provider is None:
        return VendorSetup(steps=())
    try:
        answer = provider.get_attempt(attempt_dict(attempt))
        return VendorSetup(
            steps=_plain_steps(answer.get("instructions")),
            download_url=_web_address(answer.get("download_url") or provider.get_software_download_url()),
        )
    # Plugins raise whatever their vendor's library raises; the learner still gets a screen that says so.
    except Exception as error:
        logger.warning("The vendor gave no set-up steps: attempt=%s error=%s", attempt.pk, type(error).__name__)
        return VendorSetup(steps=(), reachable=False)


def running_exam(user_id: int, exam: ProctoredExam, now: datetime) -> RunningExam | None:
    """The learner's running attempt at this exam; None when there is none, or its time is over."""
    attempt = current_attempt(user_id, exam, now)
    if attempt is None or attempt.status != Status.started:
        return None
    provider = get_backend_provider(exam=exam_dict(exam))
    return RunningExam(
        exam_name=exam.exam_name,
        kind=exam_kind(exam, provider),
        clock=clock_of(attempt, now),
        application=application_of(attempt, provider),
    )


def clock_of(attempt: ProctoredExamStudentAttempt, now: datetime) -> Clock:
    """The clock of an attempt in progress."""
    allowed_seconds = (attempt.allowed_time_limit_mins or 0) * 60
    return Clock(
        attempt_id=attempt.pk,
        status=str(attempt.status),
        remaining_seconds=timing.time_remaining_seconds(attempt, now),
        low_seconds=int(config.low_threshold_pct * allowed_seconds),
        critical_seconds=int(config.critically_low_threshold_pct * allowed_seconds),
    )


def _plain_steps(steps: Iterable[object] | None) -> tuple[str, ...] | None:
    return None if steps is None else tuple(strip_tags(str(step)) for step in steps)


def _web_address(url: object) -> str:
    text = str(url or "")
    return text if urlsplit(text).scheme in {"http", "https"} else ""
