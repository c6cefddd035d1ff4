"""What staff do to legal holds, and to what vendors were asked to delete."""

from proctoring.common.acting.erasures import note_confirmation
from proctoring.common.acting.holds import lift_hold
from proctoring.models import RetentionHold, VendorErasure
from proctoring.services import certificates, holds, retirement

PERMISSION = "proctoring.hold_data"
VERBS = (
    lift_hold(RetentionHold, PERMISSION, holds.lift, retirement.erase_waiting),
    note_confirmation(VendorErasure, PERMISSION, certificates.confirmed),
)
