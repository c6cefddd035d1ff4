"""Certificates of erasure: what was erased of a learner, what providers have confirmed, and what stays and why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proctoring.common.retention import erasures
from proctoring.common.retention.erasures import AbstractPendingErasure
from verify_student.conf import LOCAL, config
from verify_student.models import (
    ErasureCertificate,
    ManualVerification,
    PhotoAccess,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    VendorErasure,
)
from verify_student.services import audit

APP = "verify_student"
VERIFIED = "That the learner was verified, when and until when: certificates rest on it. Without a name."
# In English: whoever checks a certificate reads the same words everywhere.
KEPT: tuple[tuple[str, Any, str, str], ...] = (
    ("photo_verifications", SoftwareSecurePhotoVerification.objects, "user_id", VERIFIED),
    ("sign_ons", SSOVerification.objects, "user_id", VERIFIED),
    (
        "staff_words",
        ManualVerification.objects,
        "user_id",
        "Names and reasons of verifications by staff: the site keeps them (REDACT_MANUAL_VERIFICATION_HISTORICAL_PII).",
    ),
    ("looks", PhotoAccess.objects, "verification__user_id", "Who looked at photos: proof that access was supervised."),
)


def issue(asked: AbstractPendingErasure, erased: Sequence[Mapping[str, Any]]) -> ErasureCertificate:
    """The certificate of an erasure; the one before where nothing more was found. Within its transaction."""
    before = newest(asked.user_id)
    if before is not None and not erased:
        return before
    learner = erasures.learner_hash(asked.user_id, config.erasure_keys[0])
    kept = [*_kept(asked.user_id), *erasures.remarks_kept(asked)]
    content = erasures.content_of(APP, learner, asked, erased, kept)
    # Providers cannot be asked by a program; that they have to be is written down for whoever writes to them.
    for name in _providers(asked.user_id):
        VendorErasure.objects.get_or_create(learner=learner, vendor=name)
    certificate = ErasureCertificate.objects.create(learner=learner, content=content, sha256=erasures.sha256(content))
    audit.record("certificate.issued", certificate, sha256=certificate.sha256)
    return certificate


def newest(user_id: int) -> ErasureCertificate | None:
    """The learner's last certificate."""
    return next(iter(of_learner(user_id)), None)


def of_learner(user_id: int) -> list[ErasureCertificate]:
    """The learner's certificates, the last one first."""
    hashes = erasures.learner_hashes(user_id, config.erasure_keys)
    return list(ErasureCertificate.objects.filter(learner__in=hashes).order_by("-pk"))


def document(certificate: ErasureCertificate) -> dict[str, Any]:
    """What is handed out: see ``common.retention.erasures``."""
    vendors = VendorErasure.objects.filter(learner=certificate.learner).order_by("vendor")
    return erasures.document(certificate, vendors)


def _providers(user_id: int) -> list[str]:
    """Who else has seen the learner's photos."""
    sent = SoftwareSecurePhotoVerification.objects.filter(user_id=user_id, submitted_at__isnull=False)
    names = set(sent.order_by().values_list("provider", flat=True).distinct())
    return sorted({name or config.provider for name in names} - {LOCAL})


def _kept(user_id: int) -> Iterator[dict[str, Any]]:
    for kind, rows, whose, why in KEPT:
        number = rows.filter(**{whose: user_id}).count()
        if number:
            yield {"kind": kind, "items": number, "why": why}
