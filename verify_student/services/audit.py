"""
The audit log of identity verification: decisions, with the transaction that makes them, and looks at evidence.

What learners do themselves is no decision, and costs nothing here. Entries carry ids and codes, never names or reasons:
the reason of a decision stands with its own record.
"""

from proctoring.common.audit import AuditLog, code
from verify_student.conf import config
from verify_student.models import AuditEntry
from verify_student.signals import audit_entries_written

__all__ = ["EVENTS", "code", "entry", "log", "record", "seal", "write"]

# Whatever is recorded, so that people can look for it.
EVENTS = (
    "certificate.issued",
    "data.exported",
    "data.purged",
    "erasure.confirmed",
    "hold.lifted",
    "hold.placed",
    "inboxdelivery.looked_at",
    "inboxdelivery.replayed",
    "learner.erased",
    "learner.vouched_for",
    "learner.vouching_taken_back",
    "outboxmessage.looked_at",
    "outboxmessage.sent_again",
    "photo.looked_at",
    "verification.approved",
    "verification.asked_for_again",
    "verification.decided",
    "verification.denied",
    "verification.opinion_given",
    "verification.removed",
)

log = AuditLog(AuditEntry, lambda: config.audit_keyring, written=audit_entries_written)
record = log.record
entry = log.entry
write = log.write
seal = log.seal
