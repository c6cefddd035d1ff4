"""Certificates of erasure: what was erased of a learner, what providers have confirmed, and what stays and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

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
    # Not every provider can be asked by a program; that it has to be is written down for whoever writes to it.
    asked_of(asked.user_id, _providers(asked.user_id))
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


def handed_in(user_id: int) -> "QuerySet[SoftwareSecurePhotoVerification]":
    """What others than our own staff may have seen of the learner."""
    sent = SoftwareSecurePhotoVerification.objects.filter(user_id=user_id, submitted_at__isnull=False)
    return sent.exclude(provider=LOCAL).order_by()


def asked_of(user_id: int, providers: Iterable[str]) -> dict[str, VendorErasure]:
    """Those of the providers that have not confirmed yet, by name; that they have to is kept."""
    newest, *older = erasures.learner_hashes(user_id, config.erasure_keys)
    found = {}
    for name in providers:
        # What was confirmed stays so when the key changes by which the learner is known.
        before = VendorErasure.objects.filter(learner__in=older, vendor=name, confirmed_at__isnull=False).first()
        known = {"asked_at": before.asked_at, "confirmed_at": before.confirmed_at} if before else {}
        found[name], _is_new = VendorErasure.objects.get_or_create(learner=newest, vendor=name, defaults=known)
    return {name: row for name, row in found.items() if row.confirmed_at is None}


def confirmed(asked: VendorErasure, by: Any = None) -> None:
    """A vendor has deleted what it had of a learner; ``by`` notes what it wrote. Raises ``ConfirmedAlready``."""
    with transaction.atomic():
        erasures.confirm(asked)
        audit.record("erasure.confirmed", asked, actor=by, vendor=audit.code(asked.vendor))


def document(certificate: ErasureCertificate) -> dict[str, Any]:
    """What is handed out: see ``common.retention.erasures``."""
    vendors = VendorErasure.objects.filter(learner=certificate.learner).order_by("vendor")
    return erasures.document(certificate, vendors)


def _providers(user_id: int) -> list[str]:
    """Who else has seen the learner's photos."""
    names = set(handed_in(user_id).values_list("provider", flat=True).distinct())
    return sorted({name or config.provider for name in names} - {LOCAL})


def _kept(user_id: int) -> Iterator[dict[str, Any]]:
    for kind, rows, whose, why in KEPT:
        number = rows.filter(**{whose: user_id}).count()
        if number:
            yield {"kind": kind, "items": number, "why": why}
