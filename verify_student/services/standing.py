"""
Who is verified, and until when (contract §5.1, §5.2).

A learner is verified while an approval counts, of whatever kind; of several, the one that counts longest speaks, and
one without an end counts longest. This is the only definition (weaknesses W42-W46). What is asked about one learner is
answered from one look at each table (W52).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from verify_student.conf import config
from verify_student.models import (
    ManualVerification,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    VerificationAttempt,
)
from verify_student.statuses import IDVerificationStatus as Status
from verify_student.statuses import VerificationAttemptStatus

AnyVerification = VerificationAttempt | SoftwareSecurePhotoVerification | SSOVerification | ManualVerification

KINDS: tuple[type[AnyVerification], ...] = (
    VerificationAttempt,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    ManualVerification,
)
# Of one kind, for one learner. Approvals that count come first, so that nobody loses one to a long history.
MOST_ROWS = 100
USERS_AT_ONCE = 500
NEVER = datetime.max.replace(tzinfo=UTC)
PENDING = frozenset({Status.submitted, Status.must_retry, VerificationAttemptStatus.PENDING})


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A learner's verifications at the moment ``now``, in the order in which they speak while none counts: the learner's
    own attempts of both kinds, newest first (W40), then single sign-on, then staff's.
    """

    rows: Sequence[AnyVerification]
    now: datetime

    @property
    def approval(self) -> AnyVerification | None:
        """The approval that counts longest; None where none counts."""
        counting = [row for row in self.rows if row.status == Status.approved and self._counts(row)]
        return max(counting, key=_end, default=None)

    @property
    def speaking(self) -> AnyVerification | None:
        """The verification that says where the learner stands."""
        return self.approval or next(iter(self.rows), None)

    @property
    def is_valid_or_pending(self) -> bool:
        """Whether an approval counts, or somebody is at work on one (W9, W41)."""
        return any(self._counts(row) and (row.status == Status.approved or is_pending(row)) for row in self.rows)

    def expiration(self, statuses: Collection[str]) -> datetime | None:
        """The latest end of those in ``statuses``; None where there are none, or one has no end."""
        ends = [_end(row) for row in self.rows if row.status in statuses]
        latest = max(ends, default=NEVER)
        return None if latest == NEVER else latest

    def _counts(self, row: AnyVerification) -> bool:
        return _end(row) >= self.now


def of_user(user: Any) -> Standing:
    """Where a learner stands; one query a table."""
    now = timezone.now()
    attempts, photos, sign_ons, vouched = (_rows(kind, user, now) for kind in KINDS)
    own = sorted([*attempts, *photos], key=_made, reverse=True)
    return Standing((*own, *sign_ons, *vouched), now)


def is_verified(user: Any) -> bool:
    """Whether an approval of the learner counts."""
    now = timezone.now()
    return any(_approvals(kind, now).filter(user=user).exists() for kind in KINDS)


def verified_ids(users: Iterable[Any]) -> Iterator[int]:
    """Ids of those of ``users`` (objects, ids, or a queryset) who are verified; some may come twice."""
    now = timezone.now()
    for group in _groups(users):
        for kind in KINDS:
            yield from _approvals(kind, now).filter(user__in=group).values_list("user_id", flat=True)


def is_pending(row: AnyVerification) -> bool:
    """Whether the learner has done what there is to do, and waits."""
    return row.is_under_way if isinstance(row, SoftwareSecurePhotoVerification) else row.status in PENDING


def active(candidates: Iterable[Any], deadline: datetime) -> list[Any]:
    """Those that were there at ``deadline`` and still count."""
    return [row for row in candidates if row.active_at_datetime(deadline)]


def relevant(deadline: datetime | None, candidates: Iterable[Any]) -> Any | None:
    """The first candidate that is active at ``deadline``; just the first one without a deadline."""
    return next(iter(candidates if deadline is None else active(candidates, deadline)), None)


def is_expiring_soon(end: datetime | None) -> bool:
    """Whether ``end`` is at most ``EXPIRING_SOON_WINDOW`` whole days away, or past (W46); never where there is none."""
    return end is not None and (end - timezone.now()).days <= config.expiring_soon_window


def _groups(users: Iterable[Any]) -> Iterator[Any]:
    """A whole queryset becomes a sub-select; of a list, databases take only so much at once."""
    if isinstance(users, QuerySet) and not users.query.is_sliced:
        yield users.order_by().values("pk")
        return
    listed = list(users)
    for start in range(0, len(listed), USERS_AT_ONCE):
        yield listed[start : start + USERS_AT_ONCE]


def _rows(kind: type[AnyVerification], user: Any, now: datetime) -> list[Any]:
    counts = Case(
        When(_counting(kind, now), status=Status.approved, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = kind._default_manager.filter(user=user)
    kept = list(rows.order_by(counts, "-created_at", "-pk")[:MOST_ROWS])
    return sorted(kept, key=_made, reverse=True)


def _approvals(kind: type[AnyVerification], now: datetime) -> "QuerySet[Any]":
    return kind._default_manager.filter(_counting(kind, now), status=Status.approved).order_by()


def _counting(kind: type[AnyVerification], now: datetime) -> Q:
    """As :meth:`Standing._counts`, for the database."""
    if kind is VerificationAttempt:
        return Q(expiration_datetime__isnull=True) | Q(expiration_datetime__gte=now)
    return Q(expiration_date__gte=now) | Q(expiration_date__isnull=True, created_at__gte=now - config.validity)


def _end(row: AnyVerification) -> datetime:
    return row.expiration_datetime or NEVER


def _made(row: AnyVerification) -> tuple[datetime, int]:
    return row.created_at, row.pk
