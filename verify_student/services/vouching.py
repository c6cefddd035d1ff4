"""Staff vouch for many learners, whom a list of e-mail addresses names (contract §7.2)."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.functions import Lower

from proctoring.common.batches import FAILED, Batch, chunked, together
from verify_student.services import manual

logger = logging.getLogger(__name__)

Address = tuple[int, str]
Work = Callable[[Sequence[Any]], Counter[str]]
Missing = Callable[[int], Any]

VERIFIED, BEFORE = "verified", "verified before"


def vouch(addresses: Iterable[Address], size: int, missing: Missing) -> Iterator[Batch]:
    """
    Vouch for the learners of ``addresses``, each with the number of its line. ``missing`` is told the numbers of those
    that are nobody's, or several accounts' (W69), and of learners for whom it failed.

    A batch needs a constant number of reads, whatever its size, and is committed on its own. It may be done again.
    """
    return _batches(addresses, size, missing, _vouched)


def rehearse(addresses: Iterable[Address], size: int, missing: Missing) -> Iterator[Batch]:
    """What :func:`vouch` would come to."""
    return _batches(addresses, size, missing, _looked_at)


def _batches(addresses: Iterable[Address], size: int, missing: Missing, work: Work) -> Iterator[Batch]:
    for chunk in chunked(addresses, size):
        yield Batch(len(chunk), _counts(chunk, missing, work))


def _counts(chunk: Sequence[Address], missing: Missing, work: Work) -> Counter[str]:
    accounts = _accounts(text for _, text in chunk)
    learners: dict[int, Any] = {}
    lines: dict[int, int] = {}
    unknown = 0
    for line, text in chunk:
        match accounts.get(text.lower()):
            case [user]:
                learners[user.pk] = user
                lines.setdefault(user.pk, line)
            case _:
                unknown += 1
                missing(line)

    def failed(user: Any, error: Exception) -> None:
        logger.error("Vouching failed: user=%s error=%s", user.pk, type(error).__name__)
        missing(lines[user.pk])

    return +(together(list(learners.values()), work, failed) + Counter({FAILED: unknown}))


def _accounts(texts: Iterable[str]) -> dict[str, list[Any]]:
    """Accounts by their address in lower case: letter case does not tell people apart (W69)."""
    # What cannot be printed is nobody's address, and some databases refuse to look for it.
    asked = {text for text in texts if text.isprintable()}
    # As they are too: not every database knows the lower case of every letter.
    spellings = asked | {text.lower() for text in asked}
    users = get_user_model()._default_manager.annotate(_letters=Lower("email")).filter(_letters__in=spellings)
    accounts: dict[str, list[Any]] = {}
    for user in users:
        accounts.setdefault(user.email.lower(), []).append(user)
    return accounts


def _vouched(users: Sequence[Any]) -> Counter[str]:
    new = manual.vouch_together(users)
    return Counter({VERIFIED: new, BEFORE: len(users) - new})


def _looked_at(users: Sequence[Any]) -> Counter[str]:
    known = len(manual.vouched_ids([user.pk for user in users]))
    return Counter({VERIFIED: len(users) - known, BEFORE: known})
