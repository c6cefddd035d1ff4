"""What the host is told of vendor-neutral attempts (contract §6.2); the names are those of the platform's events."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UserPersonalData:
    """Who the learner is; ``name`` is the account's, or the profile's where that is empty (W57)."""

    username: str = field(repr=False)
    email: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserData:
    """The learner."""

    id: int
    is_active: bool
    pii: UserPersonalData


@dataclass(frozen=True, slots=True)
class IDVAttemptData:
    """An attempt as it is stored."""

    attempt_id: int
    user: UserData
    status: str
    name: str = field(repr=False)
    expiration_date: datetime | None = None
