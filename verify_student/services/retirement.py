"""
What goes when a learner goes (contract §1.10, W75). All of it may be done twice; rows that say that something happened
stay, without saying to whom.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from proctoring.common import inbox
from proctoring.common.audit import Subject
from proctoring.common.courier import HERE
from verify_student.conf import config
from verify_student.models import (
    InboxDelivery,
    ManualVerification,
    OutboxMessage,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    StoredPhoto,
    VerificationAttempt,
)
from verify_student.models.photos import new_receipt_id
from verify_student.services import audit, outbox, photos

BLANK = ("name", "face_image_url", "photo_id_image_url", "photo_id_key", "error_msg", "error_code")


def misc(user_id: int) -> bool:
    """First call of the host: vendor-neutral attempts are deleted. Whether there were any."""
    with transaction.atomic():
        is_any = retire_attempts(user_id)
        audit.record("learner.erased", Subject("learner", user_id), part="misc")
    return is_any


def critical(user_id: int) -> bool:
    """Last call of the host: photos, names and reasons. Whether there was anything."""
    with transaction.atomic():
        outcomes = [retire_photos(user_id), _retire_sign_ons(user_id), retire_vouched(user_id)]
        audit.record("learner.erased", Subject("learner", user_id), part="critical")
    return any(outcomes)


def retire_attempts(user_id: int) -> bool:
    """Delete vendor-neutral attempts. Whether there were any."""
    return bool(VerificationAttempt.objects.filter(user_id=user_id).delete()[0])


def retire_photos(user_id: int) -> bool:
    """
    Blank what photo verifications say of the learner, and delete the photos once that is committed. Whether there were
    any; false for somebody who does not exist.
    """
    with transaction.atomic():
        rows = SoftwareSecurePhotoVerification.objects.filter(user_id=user_id)
        # A query-set update: nobody is told of a verification that was only blanked, and ``updated_at`` stays.
        matched = rows.update(**dict.fromkeys(BLANK, ""))
        _forget_messages(user_id)
        if matched:
            # Files are deleted over the network: after the commit, and again until that has succeeded.
            outbox.write([outbox.erasure(user_id)])
    return matched > 0


def retire_vouched(user_id: int) -> bool:
    """Blank and delete what staff vouched for, where the site says so. Whether there was anything."""
    if not config.redact_manual_verifications:
        return False
    return erase_vouched(ManualVerification.objects.filter(user_id=user_id).values_list("pk", flat=True)) > 0


def erase_vouched(ids: Iterable[int]) -> int:
    """Blank and delete these of staff's verifications, both in one transaction (W72). How many there were."""
    with transaction.atomic():
        rows = ManualVerification.objects.filter(pk__in=list(ids))
        # Blanked first: deleted rows may live on in a copy of the database that is told of updates only.
        rows.update(name="", reason="")
        return rows.delete()[0]


def _retire_sign_ons(user_id: int) -> bool:
    return SSOVerification.objects.filter(user_id=user_id).exclude(name="").update(name="") > 0


def _forget_messages(user_id: int) -> None:
    """Nothing is sent for the learner any more, and nothing that was sent or received says the name or reasons."""
    known = list(
        SoftwareSecurePhotoVerification.objects.filter(user_id=user_id).values_list("pk", "provider", "receipt_id")
    )
    streams = [
        f"{destination}:{pk}"
        for pk, provider, _ in known
        for destination in (HERE, outbox.HOST, outbox.MAIL, provider or config.provider)
    ]
    OutboxMessage.objects.filter(stream__in=streams).delete()
    received = InboxDelivery.objects.filter(subject__in=[receipt for _, _, receipt in known])
    inbox.empty(received, config.keyring)


def _erase_photos(payload: Mapping[str, Any]) -> None:
    """
    Delete the files; then what a provider knows leads nowhere any more either. A photo that could not be deleted keeps
    its receipt, by which the next try finds it, and so do rows of old releases.
    """
    try:
        photos.erase(payload["user_id"])
    finally:
        _forget_receipts(payload["user_id"])


def _forget_receipts(user_id: int) -> None:
    of_row = StoredPhoto.objects.filter(verification=OuterRef("pk"))
    rows = SoftwareSecurePhotoVerification.objects.filter(Exists(of_row), user_id=user_id)
    for pk in rows.exclude(Exists(of_row.filter(deleted_at=None))).values_list("pk", flat=True):
        SoftwareSecurePhotoVerification.objects.filter(pk=pk).update(receipt_id=new_receipt_id())


HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {outbox.ERASE_PHOTOS: _erase_photos}
