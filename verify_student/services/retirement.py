"""
What goes when a learner goes (contract §1.10, W75). All of it may be done twice; rows that say that something happened
stay, without saying to whom.

A hold keeps all of it: what was asked for is remembered, and done when the hold is lifted.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from proctoring.common.audit import Subject
from proctoring.common.retention import pending
from proctoring.common.retention.erasures import PLATFORM, AbstractPendingErasure, ConfirmedAlready, Tally
from verify_student.backends import provider_named
from verify_student.conf import LOCAL, config
from verify_student.exceptions import LearnerHeld, ProviderUnavailable
from verify_student.models import (
    ManualVerification,
    OutboxMessage,
    PendingErasure,
    SoftwareSecurePhotoVerification,
    StoredPhoto,
)
from verify_student.models.photos import new_receipt_id
from verify_student.services import audit, certificates, erasing, holds, outbox, photos

logger = logging.getLogger(__name__)

# What a hold may keep from being done.
ATTEMPTS, PHOTOS, CRITICAL, REMARKS = "attempts", "photos", "critical", "remarks"

# Takes something of a learner; what it took, and whether there was anything.
Taker = Callable[[int, bytes], tuple[list[Tally], bool]]


def misc(user_id: int) -> bool:
    """First call of the host: vendor-neutral attempts are deleted. Whether there were any. Raises ``LearnerHeld``."""
    with transaction.atomic():
        outcome = _erase(user_id, ATTEMPTS, [erasing.attempts])
        if outcome is not None:
            audit.record("learner.erased", Subject("learner", user_id), part="misc")
    return _told(outcome, user_id)


def critical(user_id: int, *, asked_by: str = PLATFORM) -> bool:
    """Last call of the host: photos, names and reasons. Whether there was anything. Raises ``LearnerHeld``."""
    with transaction.atomic():
        # Remarks first: they are found by rows, some of which go.
        takers = [erasing.remarks, _photos, erasing.sign_ons, _vouched]
        outcome = _erase(user_id, CRITICAL, takers, asked_by)
        if outcome is not None:
            audit.record("learner.erased", Subject("learner", user_id), part="critical")
            if not _has_photos(user_id):
                # Nobody waits for files.
                _finish(user_id)
    return _told(outcome, user_id)


def everything(user_id: int) -> bool:
    """Both calls at once. Whether there was anything. Raises ``LearnerHeld``; then both are remembered."""
    try:
        there = misc(user_id)
    except LearnerHeld:
        critical(user_id)
        raise
    return critical(user_id) or there


def retire_attempts(user_id: int) -> bool:
    """Delete vendor-neutral attempts. Whether there were any. Raises ``LearnerHeld``."""
    return _told(_erase(user_id, ATTEMPTS, [erasing.attempts]), user_id)


def retire_photos(user_id: int) -> bool:
    """
    Blank what photo verifications say of the learner, and delete the photos once that is committed. Whether there were
    any; false for somebody who does not exist. Raises ``LearnerHeld``.
    """
    return _told(_erase(user_id, PHOTOS, [_photos]), user_id)


def erase_vouched(ids: Iterable[int]) -> int:
    """
    Blank and delete these of staff's verifications, both in one transaction (W72). How many there were; those that a
    hold covers stay.
    """
    with transaction.atomic():
        rows = holds.free(ManualVerification.objects.filter(pk__in=list(ids)))
        keys = list(rows.values_list("pk", flat=True))
        return erasing.delete_vouched(ManualVerification.objects.filter(pk__in=keys))


def erase_waiting() -> int:
    """Do the erasures that no hold keeps any more; how many that were."""
    return pending.resume(PendingErasure, _resume)


def _resume(asked: AbstractPendingErasure) -> None:
    """Only what was asked for and a hold has kept; within a transaction."""
    learner, parts = asked.user_id, list(asked.parts)
    if holds.cover(learner):
        raise LearnerHeld
    work: dict[str, Callable[[int], object]] = {
        ATTEMPTS: misc,
        PHOTOS: retire_photos,
        CRITICAL: critical,
        REMARKS: _erase_remarks,
    }
    for part, does in work.items():
        if part in parts:
            does(learner)


def _erase_remarks(user_id: int) -> None:
    """Those that stayed because somebody else was held."""
    if holds.any_in_force():
        return
    _erase(user_id, REMARKS, [erasing.remarks])
    if not StoredPhoto.objects.filter(verification__user_id=user_id, deleted_at=None).exists():
        # Otherwise they are certified with the files.
        _finish(user_id)


def _erase(user_id: int, part: str, takers: Sequence[Taker], asked_by: str = PLATFORM) -> bool | None:
    """Take it, and keep what was taken for the certificate. Whether there was anything; None where a hold keeps it."""
    with transaction.atomic():
        asked = pending.begun(PendingErasure, user_id, asked_by)
        if pending.held(asked, part, holds.cover(user_id)):
            return None
        key, there = config.erasure_keys[0], False
        for taker in takers:
            tallies, found = taker(user_id, key)
            asked.erased.extend(tally.told() for tally in tallies if tally.items)
            there = there or found
            if taker is erasing.remarks:
                asked.withheld = sum(tally.withheld for tally in tallies)
                pending.held(asked, REMARKS, asked.withheld > 0)
        asked.save(update_fields=["erased", "withheld"])
    return there


def _told(outcome: bool | None, user_id: int) -> bool:
    if outcome is None:
        logger.warning("A hold keeps a learner's data from being erased: user=%s", user_id)
        raise LearnerHeld
    return outcome


def _photos(user_id: int, key: bytes) -> tuple[list[Tally], bool]:
    tallies, matched = erasing.photo_rows(user_id, key)
    if matched:
        # Both go over the network: after the commit, and again until that has succeeded.
        outbox.write([outbox.erasure(user_id), *_at_providers(user_id)])
    return tallies, matched


def _at_providers(user_id: int) -> Iterator[OutboxMessage]:
    """What asks those providers that can be asked and have not confirmed; while we still know by what they know it."""
    receipts: dict[str, list[str]] = defaultdict(list)
    for name, receipt_id in certificates.handed_in(user_id).values_list("provider", "receipt_id"):
        receipts[name or config.provider].append(receipt_id)
    receipts.pop(LOCAL, None)
    for name in sorted(certificates.asked_of(user_id, receipts)):
        if _erases(name) and not outbox.asks_to_erase(name, user_id):
            yield outbox.erasure_at(name, user_id, sorted(receipts[name]))


def _erases(name: str) -> bool:
    try:
        return provider_named(name).erases
    except ProviderUnavailable:
        # Gone from the settings: staff see that it was not asked.
        return False


def _erase_at_provider(payload: Mapping[str, Any]) -> None:
    """Ask a provider, and keep that it has confirmed."""
    name, user_id = payload["provider"], payload["user_id"]
    asked = certificates.asked_of(user_id, [name]).get(name)
    if asked is not None:
        provider_named(name).erase(payload["receipts"])
        with suppress(ConfirmedAlready):
            certificates.confirmed(asked)


def _vouched(user_id: int, key: bytes) -> tuple[list[Tally], bool]:
    """What staff vouched for, where the site says so."""
    return erasing.vouched(user_id, key) if config.redact_manual_verifications else ([], False)


def _has_photos(user_id: int) -> bool:
    return SoftwareSecurePhotoVerification.objects.filter(user_id=user_id).exists()


def _erase_photos(payload: Mapping[str, Any]) -> None:
    """
    Delete the files; then what a provider knows leads nowhere any more either. A photo that could not be deleted keeps
    its receipt, by which the next try finds it, and so do rows of old releases. Then all of it is certified.
    """
    user_id = payload["user_id"]
    with transaction.atomic():
        if pending.held(pending.begun(PendingErasure, user_id, PLATFORM), PHOTOS, holds.cover(user_id)):
            return
    try:
        photos.erase(user_id)
    finally:
        _forget_receipts(user_id)
    _finish(user_id)


def _finish(user_id: int) -> None:
    with transaction.atomic():
        asked = pending.begun(PendingErasure, user_id, PLATFORM)
        # What stays for a while keeps the row, and its time: what was certified since is not told again.
        before = certificates.newest(user_id)
        since = max(asked.asked_at, before.erased_at) if before else asked.asked_at
        files = erasing.files(user_id, config.erasure_keys[0], since)
        certificates.issue(asked, [*asked.erased, *([files.told()] if files.items else [])])
        pending.finish(asked)


def _forget_receipts(user_id: int) -> None:
    of_row = StoredPhoto.objects.filter(verification=OuterRef("pk"))
    rows = SoftwareSecurePhotoVerification.objects.filter(Exists(of_row), user_id=user_id)
    for pk in rows.exclude(Exists(of_row.filter(deleted_at=None))).values_list("pk", flat=True):
        SoftwareSecurePhotoVerification.objects.filter(pk=pk).update(receipt_id=new_receipt_id())


HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    outbox.ERASE_PHOTOS: _erase_photos,
    outbox.ERASE_AT_PROVIDER: _erase_at_provider,
}
