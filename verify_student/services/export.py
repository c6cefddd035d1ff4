"""What is kept of a learner's identity, for the learner (docs/privacy.rst has the shape)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from proctoring.common.audit import Subject
from proctoring.common.batches import chunked
from proctoring.common.retention.exporting import READ_AT_ONCE, about, columns, streamed
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import (
    AuditEntry,
    InboxDelivery,
    ManualVerification,
    OutboxMessage,
    PhotoAccess,
    PhotoKind,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    StoredPhoto,
    VerificationAttempt,
)
from verify_student.services import audit, outbox, photos
from verify_student.services.retention import POLICIES

FORMAT = "special-exams.identity-data"
DOCUMENT = "identity.json"
PURPOSE = "export"
Verification = SoftwareSecurePhotoVerification
SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def export_subject_data(learner: Any, *, by: Any = None) -> Iterator[str]:
    """
    The JSON document of what is kept of the learner, in pieces; ``by`` is who asks for it, None for the site itself.

    That it was made is recorded when the first piece is read.
    """
    audit.record("data.exported", Subject("learner", learner.pk), actor=by)
    yield from streamed(FORMAT, learner, POLICIES, _parts(learner))


def export_with_photos(learner: Any, path: Path, *, by: Any = None) -> int:
    """
    The document and the photos themselves in a new zip file; how many photos. Each is a look that is recorded.

    Talks to the storage, so never within a transaction. A photo that cannot be opened is left out.
    """
    number = 0
    with ZipFile(path, "x", ZIP_DEFLATED) as archive:
        with archive.open(DOCUMENT, "w") as file:
            for piece in export_subject_data(learner, by=by):
                file.write(piece.encode())
        kept = StoredPhoto.objects.filter(verification__user=learner, deleted_at=None).select_related("verification")
        for row in kept.order_by("pk").iterator(chunk_size=READ_AT_ONCE):
            try:
                photo = photos.read(row.verification, PhotoKind(row.kind), by=by, purpose=PURPOSE)
            except PhotoNotAvailable:
                continue
            suffix = SUFFIXES.get(photo.content_type, "bin")
            archive.writestr(f"photos/{row.verification_id}-{row.kind}.{suffix}", photo.content)
            number += 1
    return number


def _parts(learner: Any) -> dict[str, Iterator[dict[str, Any]]]:
    stood = {"id": "pk", "name": "name", "status": "status", "created_at": "created_at", "changed_at": "status_changed"}
    until = {**stood, "counts_until": "expiration_date"}
    mine = Verification.objects.filter(user=learner)
    return {
        "photo_verifications": columns(
            mine, **until, submitted_at="submitted_at", provider="provider", receipt="receipt_id", reasons="error_msg"
        ),
        "photos": columns(
            StoredPhoto.objects.filter(verification__user=learner),
            verification="verification_id",
            what="kind",
            content_type="content_type",
            bytes="size",
            taken_at="created_at",
            deleted_at="deleted_at",
            sha256_of_encrypted_file="sha256",
        ),
        "single_sign_ons": columns(
            SSOVerification.objects.filter(user=learner), **until, provider="identity_provider_slug"
        ),
        "staff_verifications": columns(ManualVerification.objects.filter(user=learner), **until, reason="reason"),
        "other_verifications": columns(
            VerificationAttempt.objects.filter(user=learner), **stood, counts_until="expiration_datetime"
        ),
        "provider_messages": _received(mine),
        "mails": _mails(mine),
        "looks": _looks(learner),
        "decisions": about(AuditEntry.objects.all(), str(Verification._meta.model_name), _keys(mine), learner.pk),
    }


def _keys(rows: Any) -> Any:
    return rows.order_by("pk").values_list("pk", flat=True)


def _received(mine: Any) -> Iterator[dict[str, Any]]:
    for some in chunked(mine.order_by("pk").values_list("receipt_id", flat=True), READ_AT_ONCE):
        rows = InboxDelivery.objects.filter(subject__in=some)
        yield from columns(rows, provider="source", what="kind", state="state", at="received_at", bytes="body_size")


def _mails(mine: Any) -> Iterator[dict[str, Any]]:
    for some in chunked(_keys(mine), READ_AT_ONCE):
        rows = OutboxMessage.objects.filter(stream__in=[f"{outbox.MAIL}:{pk}" for pk in some])
        yield from columns(
            rows, verification="payload__verification_id", about="kind", written_at="created", sent_at="done_at"
        )


def _looks(learner: Any) -> Iterator[dict[str, Any]]:
    """Who looked at photos: in which role, when and what for."""
    looks = PhotoAccess.objects.filter(verification__user=learner)
    for row in columns(looks, verification="verification_id", what="kind", at="at", purpose="purpose", by="user_id"):
        yield {**row, "by": "you" if row["by"] == learner.pk else "staff"}
