"""What staff do to rows in the admin: the verbs, what each will lead to, and the actions made of them."""

from proctoring.common.acting import StaffActions, Verbs
from proctoring.models import StaffAction
from proctoring.services.staff_actions import allowances, attempts, holds, messages
from proctoring.signals import staff_action_confirmed

actions = StaffActions(
    StaffAction,
    Verbs([*attempts.VERBS, *allowances.VERBS, *messages.VERBS, *holds.VERBS]),
    confirmed=staff_action_confirmed,
)
