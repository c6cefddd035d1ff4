"""The signals this app sends, past tense, payload above each. Definitions only."""

from proctoring.common.announce import Announcement

# An attempt was created or its status changed. Sent after commit, sender is the text "edx_proctoring".
# attempt_id: int, user_id: int, status: str, full_name: str | None, profile_name: str | None, is_practice_exam: bool,
# is_proctored: bool, backend_supports_onboarding: bool (contract python.md §2.14)
exam_attempt_status_signal = Announcement()

# Messages were written into the outbox. Sent after commit.
# message_ids: list[int]; of these, what can be done now: here: list[int], in our own database; away: list[int]
outbox_filled = Announcement()

# A vendor has told us its id of an attempt. Sent after commit; messages that came before it can be applied now.
# external_id: str
attempt_registered = Announcement()

# Staff confirmed an action over many rows. Sent after commit.
# action_id: int
staff_action_confirmed = Announcement()

# Entries were written into the audit log, and can be sealed. Sent after commit, without anything else.
audit_entries_written = Announcement()
