"""A learner leaves for good: everybody who keeps something of theirs is told, then the account says nothing more."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from demo.lms.models import UserProfile
from verify_student.signals import USER_RETIRE_LMS_CRITICAL, USER_RETIRE_LMS_MISC

RETIRED = "retired__"


class CannotRetire(Exception):
    """Nobody of that name, or somebody who is needed."""


def retire(username: str) -> Any:
    """Retire the learner; the account that is left. It may be done again. Raises ``CannotRetire``."""
    user = get_user_model()._default_manager.filter(username=username).first()
    if user is None:
        raise CannotRetire(f"There is no {username}.")
    if user.is_staff:
        raise CannotRetire(f"{username} is no learner.")
    # One call each, as the platform makes them, hours or days apart. What one of them fails at is done by the next run.
    for signal in (USER_RETIRE_LMS_MISC, USER_RETIRE_LMS_CRITICAL):
        for _, outcome in signal.send_robust(sender=type(user), user=user):
            if isinstance(outcome, Exception):
                raise outcome
    return _blank(user)


@transaction.atomic
def _blank(user: Any) -> Any:
    user.username, user.email = f"{RETIRED}{user.pk}", f"{RETIRED}{user.pk}@demo.invalid"
    user.first_name = user.last_name = ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    UserProfile.objects.update_or_create(
        user=user, defaults={"name": "", "pending_name": "", "retired_at": timezone.now()}
    )
    return user
