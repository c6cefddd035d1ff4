"""
Asking providers again about many verifications (contract §7.3; weaknesses W4 to W8, W64), a batch at a time.

What stands in a verification's way is read for a whole batch at once. Then each is asked about in a transaction of its
own, of some ten statements: the row is held and looked at once more, and the request is written down. Of two runs at
the same time one asks.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from proctoring.common.batches import FAILED, Batch, chunked, in_batches
from proctoring.common.outbox import OutboxState
from verify_student.backends import provider_named
from verify_student.conf import config
from verify_student.exceptions import ProviderUnavailable, VerificationBaseException
from verify_student.models import OutboxMessage, SoftwareSecurePhotoVerification
from verify_student.services import handing_in, photos, transitions
from verify_student.services.submission import SUBMIT
from verify_student.statuses import IDVerificationStatus as Status

# The name that the logging of existing sites knows.
logger = logging.getLogger("retry_photo_verification")

Verification = SoftwareSecurePhotoVerification
Work = Callable[[Sequence[Verification]], Mapping[int, str]]

# Nobody is asked again about what is decided (W5), or was never handed in.
OPEN = (Status.ready, Status.must_retry, Status.submitted)

ID_SOURCE = "copy_id_photo_from"

ASKED, UNDER_WAY = "asked again", "being asked already"
NOT_OPEN, HANDED_IN_ANEW, WITHOUT_PHOTOS = "decided or not handed in", "handed in anew since", "without photos"
UNKNOWN = "no such verification"


def waiting(status: str, start: datetime | None = None, end: datetime | None = None) -> "QuerySet[Verification]":
    """
    Verifications in ``status``, those handed in from ``start`` to ``end`` where both are given. An ``end`` in whole
    seconds means all of its second.
    """
    rows = Verification.objects.filter(status=status)
    if start is not None and end is not None:
        after = end + timedelta(microseconds=1 if end.microsecond else 1_000_000)
        rows = rows.filter(submitted_at__gte=start, submitted_at__lt=after)
    return rows


def each(work: Work, rows: "QuerySet[Verification]", size: int, *, after: int = 0) -> Iterator[Batch]:
    """Do ``work``, :func:`rehearse` or what :func:`asking` gives, on ``rows`` with an id above ``after``."""
    logger.info("%s photo verifications to be asked for again.", rows.filter(pk__gt=after).count())
    for batch in in_batches(rows.select_related(ID_SOURCE), size, after=after):
        yield Batch(len(batch), Counter(work(batch).values()), batch[-1].pk)


def each_named(work: Work, receipts: Iterable[str], size: int, refused: Callable[[int, str], None]) -> Iterator[Batch]:
    """
    As :func:`each`, of verifications by receipt. ``refused`` is told the place, from 1, of each that nobody is asked
    about, and why.
    """
    places: dict[str, int] = {}
    for place, receipt in enumerate(receipts, start=1):
        places.setdefault(receipt, place)
    logger.info("%s photo verifications, by receipt, to be asked for again.", len(places))
    for chunk in chunked(places.items(), size):
        yield Batch(len(chunk), _named(work, dict(chunk), refused))


def rehearse(rows: Sequence[Verification]) -> Mapping[int, str]:
    """What would come of asking about ``rows``, by id; three queries."""
    return _judged(rows, timezone.now())


def asking() -> Work:
    """What asks about rows, except where somebody else has asked since now."""
    started = timezone.now()

    def ask(rows: Sequence[Verification]) -> Mapping[int, str]:
        judged = _judged(rows, started)
        return {row.pk: _ask(row) if judged[row.pk] == ASKED else judged[row.pk] for row in rows}

    return ask


def _named(work: Work, places: Mapping[str, int], refused: Callable[[int, str], None]) -> Counter[str]:
    # Some databases refuse to look for what cannot be printed, and some find other spellings too.
    found = Verification.objects.filter(receipt_id__in=[receipt for receipt in places if receipt.isprintable()])
    rows = [row for row in found.select_related(ID_SOURCE).order_by("pk") if row.receipt_id in places]
    outcomes = work(rows)
    told = [(places[row.receipt_id], outcomes[row.pk]) for row in rows]
    known = {row.receipt_id for row in rows}
    told += [(place, UNKNOWN) for receipt, place in places.items() if receipt not in known]
    counts = Counter[str]()
    for place, outcome in sorted(told):
        if outcome in {ASKED, UNDER_WAY, FAILED}:
            counts[outcome] += 1
        else:
            refused(place, outcome)
    return counts


def _judged(rows: Sequence[Verification], started: datetime) -> Mapping[int, str]:
    names = {row.pk: row.provider or config.provider for row in rows}
    copies = {name: _wants_copies(name) for name in {*names.values()}}
    begun = {row.pk for row in rows if row.queued_at is not None and row.queued_at >= started}
    obstacles = [
        (NOT_OPEN, {row.pk for row in rows if row.status not in OPEN}),
        (HANDED_IN_ANEW, _superseded(rows)),
        (UNDER_WAY, begun | _pending({f"{name}:{pk}"[:64]: pk for pk, name in names.items()})),
        (FAILED, {pk for pk, name in names.items() if copies[name] is None}),
        (WITHOUT_PHOTOS, _without_photos(rows, {pk for pk, name in names.items() if copies[name]})),
    ]
    return {row.pk: next((outcome for outcome, ids in obstacles if row.pk in ids), ASKED) for row in rows}


def _superseded(rows: Sequence[Verification]) -> set[int]:
    """Ids of those whose learners have handed in anew since: nobody is reviewed twice."""
    newer = Verification.objects.filter(user_id=OuterRef("user_id"), pk__gt=OuterRef("pk"))
    known = Verification.objects.filter(Exists(newer.exclude(status=Status.created)), pk__in=[row.pk for row in rows])
    return set(known.values_list("pk", flat=True))


def _without_photos(rows: Sequence[Verification], wanting_copies: set[int]) -> set[int]:
    # In test mode none are kept.
    return set() if config.auto_verify_for_testing else photos.without_photos(rows, wanting_copies)


def _wants_copies(name: str) -> bool | None:
    """Whether the provider fetches copies of photos; None where there is no such provider."""
    try:
        return provider_named(name).wants_copies
    except ProviderUnavailable:
        logger.error("There is no such provider of identity verification: provider=%s", name)
        return None


def _pending(streams: Mapping[str, int]) -> set[int]:
    """Ids of the verifications for which a request waits in the outbox."""
    waiting_requests = OutboxMessage.objects.filter(stream__in=streams, state=OutboxState.PENDING, kind=SUBMIT)
    return {streams[stream] for stream in waiting_requests.values_list("stream", flat=True)}


def _ask(row: Verification) -> str:
    try:
        with transaction.atomic():
            held = transitions.locked(row.pk)
            if held.queued_at != row.queued_at:
                return UNDER_WAY
            handing_in.ask_provider(held, None)
    except VerificationBaseException:
        # It has moved on since it was judged.
        return NOT_OPEN
    except Exception as error:
        logger.error("A request could not be written: verification=%s error=%s", row.pk, type(error).__name__)
        return FAILED
    logger.info("A request was queued: verification=%s", row.pk)
    return ASKED
