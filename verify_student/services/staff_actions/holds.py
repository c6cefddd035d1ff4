"""What staff do to legal holds."""

from proctoring.common.acting.holds import lift_hold
from verify_student.models import RetentionHold
from verify_student.services import holds, retirement

VERBS = (lift_hold(RetentionHold, "verify_student.hold_data", holds.lift, retirement.erase_waiting),)
