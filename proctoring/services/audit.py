"""
The audit log of exams: decisions, with the transaction that makes them, and looks at evidence.

What learners do themselves is no decision, and costs nothing here. Entries carry ids and codes, never names or reasons:
the reason of a decision stands with its own record.
"""

from proctoring.common.audit import AuditLog, code
from proctoring.conf import config
from proctoring.models import AuditEntry
from proctoring.signals import audit_entries_written

__all__ = ["EVENTS", "code", "entry", "log", "record", "seal", "write"]

# Whatever is recorded, so that people can look for it.
EVENTS = (
    "allowance.changed",
    "allowance.granted",
    "allowance.taken_back",
    "attempt.moved",
    "attempt.removed",
    "attempt.resume_approved",
    "certificate.issued",
    "data.exported",
    "data.purged",
    "erasure.confirmed",
    "hold.lifted",
    "hold.placed",
    "inboxdelivery.looked_at",
    "inboxdelivery.replayed",
    "learner.erased",
    "learner.retired_at_vendors",
    "outboxmessage.looked_at",
    "outboxmessage.sent_again",
    "recording.opened",
    "review.decided",
    "review.looked_at",
    "review.received",
    "review.removed",
    "review_policy.removed",
    "review_policy.set",
)

log = AuditLog(AuditEntry, lambda: config.audit_keyring, written=audit_entries_written)
record = log.record
entry = log.entry
write = log.write
seal = log.seal
