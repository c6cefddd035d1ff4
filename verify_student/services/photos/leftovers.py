"""
Files whose rows are never committed: the process dies in between, the disk is full half-way through a file, or nobody
knows whether a commit that got no answer was one.

Word of the files is left before they are written, and taken back in the transaction that commits their rows. A word
that is still there later has every file deleted that no photo has by then.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from proctoring.common.outbox import LEASE
from verify_student.exceptions import ProviderUnavailable
from verify_student.models import OutboxMessage, StoredPhoto
from verify_student.services import outbox
from verify_student.services.photos import storage
from verify_student.services.photos.purging import PhotosLeft

logger = logging.getLogger(__name__)

KIND = "photos.leftovers"
# Longer than a request takes: after that, the process that wrote the files must have died.
LATER = timedelta(hours=1)


def leave_word(names: Collection[str]) -> OutboxMessage:
    """Commit that the files of these names go, unless they are a photo's by then."""
    word = OutboxMessage(
        kind=KIND, destination=outbox.STORAGE, payload={"names": list(names)}, due_at=timezone.now() + LATER
    )
    # Not announced: whatever is due is done on the schedule.
    word.save(force_insert=True)
    return word


def take_back(word: OutboxMessage) -> None:
    """
    The files are photos', once the running transaction has committed. Raises ``ProviderUnavailable`` where that took so
    long that somebody is deleting them.
    """
    if not OutboxMessage.objects.filter(pk=word.pk, tries=0).delete()[0]:
        raise ProviderUnavailable


def clear(word: OutboxMessage, needless: Collection[str] = ()) -> None:
    """
    The files are not needed, or ``needless`` of them, where that is known. What cannot be done about it now is done
    later; it is logged, never fatal.
    """
    try:
        # Waits for a commit that got no answer: it has taken the word back, or it never will.
        waiting = OutboxMessage.objects.filter(pk=word.pk, tries=0)
        if not waiting.update(leased_until=timezone.now() + LEASE):
            return
        if needless:
            _delete(needless)
        else:
            clear_later(word.payload)
        word.delete()
    # Storages raise what their service's library raises, and it may be the database that is away.
    except Exception as error:
        logger.error("Files of photos are left for later: error=%s", type(error).__name__)


def clear_later(payload: Mapping[str, Any]) -> None:
    """Delete the files that no photo has. Raises ``PhotosLeft``."""
    names = set(payload["names"])
    ours = StoredPhoto.objects.filter(name__in=names).values_list("name", flat=True)
    vendors = StoredPhoto.objects.filter(vendor_name__in=names).values_list("vendor_name", flat=True)
    _delete(names - {*ours, *vendors})


def _delete(names: Collection[str]) -> None:
    outcomes = [storage.delete(name) for name in sorted(names)]
    if not all(outcomes):
        raise PhotosLeft


HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {KIND: clear_later}
