"""What staff do to legal holds."""

from proctoring.common.acting.holds import lift_hold
from proctoring.models import RetentionHold
from proctoring.services import holds, retirement

VERBS = (lift_hold(RetentionHold, "proctoring.hold_data", holds.lift, retirement.erase_waiting),)
