"""Certificates of erasure: what was erased of a learner, what vendors have confirmed, and what stays and why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from proctoring.common.inbox import SETTLED
from proctoring.common.prepared import Prepared
from proctoring.common.retention import erasures
from proctoring.common.retention.erasures import AbstractPendingErasure
from proctoring.conf import config
from proctoring.models import (
    ErasureCertificate,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
    VendorErasure,
)
from proctoring.services import audit, erasing
from proctoring.services.references import key_of

APP = "proctoring"
WAITING = "Messages of vendors that still have to be applied: then what they say goes, and the outcome stays."
# In English: whoever checks a certificate reads the same words everywhere.
KEPT: tuple[tuple[str, Any, str, str], ...] = (
    (
        "attempts",
        ProctoredExamStudentAttempt.objects,
        "user_id",
        "Times and outcomes of attempts, on which grades and certificates depend: part of the record of the course.",
    ),
    (
        "attempt_history",
        ProctoredExamStudentAttempt.history,
        "user_id",
        "Former states of attempts, in the program's own words: they show how an outcome came about.",
    ),
    ("allowances", ProctoredExamStudentAllowance.objects, "user_id", "That there was an allowance, without its value."),
    (
        "reviews",
        ProctoredExamSoftwareSecureReview.objects,
        "student_id",
        "The outcome of reviews, without their content.",
    ),
)


# Asked with every review.
BY_LEARNER: Prepared[ErasureCertificate] = Prepared(
    lambda learner: ErasureCertificate.objects.filter(learner=learner).order_by("-pk"), str
)


def issue(asked: AbstractPendingErasure, erased: Sequence[Mapping[str, Any]]) -> ErasureCertificate:
    """The certificate of an erasure; the one before where nothing more was found. Within its transaction."""
    before = newest(asked.user_id)
    if before is not None and not erased:
        return before
    learner = erasures.learner_hash(asked.user_id, config.erasure_keys[0])
    kept = [*_kept(asked.user_id), *erasures.remarks_kept(asked)]
    content = erasures.content_of(APP, learner, asked, erased, kept)
    certificate = ErasureCertificate.objects.create(learner=learner, content=content, sha256=erasures.sha256(content))
    audit.record("certificate.issued", certificate, sha256=certificate.sha256)
    return certificate


def newest(user_id: int) -> ErasureCertificate | None:
    """The learner's last certificate."""
    return next(iter(of_learner(user_id)), None)


def of_learner(user_id: int) -> list[ErasureCertificate]:
    """The learner's certificates, the last one first."""
    hashes = erasures.learner_hashes(key_of(user_id), config.erasure_keys)
    found = [certificate for learner in hashes for certificate in BY_LEARNER(learner)]
    return sorted(found, key=lambda certificate: -certificate.pk)


def confirmed(asked: VendorErasure, by: Any = None) -> None:
    """A vendor has deleted what it had of a learner; ``by`` notes what it wrote. Raises ``ConfirmedAlready``."""
    with transaction.atomic():
        erasures.confirm(asked)
        audit.record("erasure.confirmed", asked, actor=by, vendor=audit.code(asked.vendor))


def document(certificate: ErasureCertificate) -> dict[str, Any]:
    """What is handed out: see ``common.retention.erasures``."""
    vendors = VendorErasure.objects.filter(learner=certificate.learner).order_by("vendor")
    return erasures.document(certificate, vendors)


def _kept(learner: int) -> Iterator[dict[str, Any]]:
    for kind, rows, whose, why in KEPT:
        number = rows.filter(**{whose: learner}).count()
        if number:
            yield {"kind": kind, "items": number, "why": why}
    waiting = erasing.deliveries_about(learner).exclude(SETTLED).count()
    if waiting:
        yield {"kind": "vendor_messages", "items": waiting, "why": WAITING}
