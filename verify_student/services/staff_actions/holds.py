"""What staff do to legal holds, and to what vendors were asked to delete."""

from proctoring.common.acting.erasures import note_confirmation
from proctoring.common.acting.holds import lift_hold
from verify_student.models import RetentionHold, VendorErasure
from verify_student.services import certificates, holds, retirement

PERMISSION = "verify_student.hold_data"
VERBS = (
    lift_hold(RetentionHold, PERMISSION, holds.lift, retirement.erase_waiting),
    note_confirmation(VendorErasure, PERMISSION, certificates.confirmed),
)
