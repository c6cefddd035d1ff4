"""Verified names."""

from collections.abc import Sequence
from typing import Any

from demo.lms.models import NameStatus
from demo.lms.models import VerifiedName as KeptName
from proctoring.lms import VerifiedName


class NameAffirmationService:
    """Port ``name_affirmation``: the latest name that identity verification says something about."""

    def get_verified_name(
        self, user: Any, /, is_verified: bool = False, statuses_to_exclude: Sequence[str] | None = None
    ) -> VerifiedName | None:
        names = KeptName.objects.filter(user=user).exclude(status__in=statuses_to_exclude or ())
        if is_verified:
            names = names.filter(status=NameStatus.APPROVED)
        name = names.values_list("verified_name", flat=True).first()
        return VerifiedName(name) if name else None
