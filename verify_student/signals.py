"""
What other apps may listen to. Sent after commit, robustly: a listener that fails is logged and stops nobody
(contract verify_student.md §6.2).
"""

from proctoring.common.announce import Announcement

# A photo verification was saved and something about it changed. sender="idv_update", attempt_id (int), user_id (int),
# status (str), photo_id_name (str: the verification's name), full_name (str: the name asked for, or the profile's).
idv_update_signal = Announcement()

# A photo verification was approved, not on a repetition. sender=PhotoVerification, user.
PHOTO_VERIFICATION_APPROVED = Announcement()

# A single-sign-on verification was made. sender=PhotoVerification, user.
LEARNER_SSO_VERIFIED = Announcement()

# A vendor-neutral attempt was made, is pending, was approved, was denied. idv_attempt: a ``types.IDVAttemptData``.
# Event types org.openedx.learning.idv_attempt.{created,pending,approved,denied}.v1
IDV_ATTEMPT_CREATED = Announcement()
IDV_ATTEMPT_PENDING = Announcement()
IDV_ATTEMPT_APPROVED = Announcement()
IDV_ATTEMPT_DENIED = Announcement()

# Sent by the host when it retires a learner: user. The app listens to them (receivers.py); a host that has signals of
# its own connects them to ``verify_student.api.retire_learner``.
USER_RETIRE_LMS_MISC = Announcement()
USER_RETIRE_LMS_CRITICAL = Announcement()

# Our own wiring. outbox_filled: message_ids (list of int), after commit.
outbox_filled = Announcement()

# Staff confirmed an action over many rows. Sent after commit.
# action_id: int
staff_action_confirmed = Announcement()

# Entries were written into the audit log, and can be sealed. Sent after commit, without anything else.
audit_entries_written = Announcement()
