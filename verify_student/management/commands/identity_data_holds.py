"""``manage.py identity_data_holds``: keep data from being purged and erased, by command."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import CommandError

from proctoring.common.retention.commands import HoldsCommand
from proctoring.common.retention.holds import IN_FORCE
from verify_student.models import RetentionHold
from verify_student.services import holds, retirement


class Command(HoldsCommand):
    """The app's own."""

    def listed(self) -> Iterable[str]:
        for hold in RetentionHold.objects.filter(IN_FORCE).order_by("pk").iterator():
            yield f"{hold.pk}: learner {hold.user_id}, since {hold.placed_at:%Y-%m-%d}"

    def place(self, by: Any, options: Mapping[str, Any], learner: Any) -> int:
        return holds.place(by, options["reason"], case=options["case"], learner=learner).pk

    def lift(self, by: Any, hold_id: int, reason: str) -> int:
        hold = RetentionHold.objects.filter(pk=hold_id).first()
        if hold is None:
            raise CommandError("There is no such hold.")
        holds.lift(hold, by, reason)
        return retirement.erase_waiting()
