"""What staff do to rows in the admin: the verbs, what each will lead to, and the actions made of them."""

from proctoring.common.acting import StaffActions, Verbs
from verify_student.models import StaffAction
from verify_student.services.staff_actions import holds, messages, verifications
from verify_student.signals import staff_action_confirmed

actions = StaffActions(
    StaffAction, Verbs([*verifications.VERBS, *messages.VERBS, *holds.VERBS]), confirmed=staff_action_confirmed
)
