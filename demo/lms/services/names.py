"""Verified names."""

from collections.abc import Sequence
from typing import Any

from demo.lms.models import UserProfile
from proctoring.lms import VerifiedName


class NameAffirmationService:
    """Port ``name_affirmation``."""

    def get_verified_name(
        self, user: Any, /, is_verified: bool = False, statuses_to_exclude: Sequence[str] | None = None
    ) -> VerifiedName | None:
        name = UserProfile.objects.filter(user=user).values_list("verified_name", flat=True).first()
        return VerifiedName(name) if name else None
