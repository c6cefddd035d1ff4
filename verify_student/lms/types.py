"""
What the host is told of vendor-neutral attempts (contract §6.2), by the names of the platform's events; and what it
tells of the identity providers through which learners sign in.
"""

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


@dataclass(frozen=True, slots=True)
class SignOnProvider:
    """
    An identity provider that is switched on. ``type`` and ``slug`` are those of its verifications (contract §1.4);
    ``vouches`` is whether it is trusted to know its people (``enable_sso_id_verification``).
    """

    type: str
    slug: str
    vouches: bool


@dataclass(frozen=True, slots=True)
class SignOnLink:
    """An account at a provider that is linked to a learner; ``id`` is what links are ordered by."""

    id: int
    user_id: int
