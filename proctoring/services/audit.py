"""
The audit log of exams: decisions, with the transaction that makes them, and looks at evidence.

What learners do themselves is no decision, and costs nothing here. Entries carry ids and codes, never names or reasons:
the reason of a decision stands with its own record.
"""

from proctoring.common.audit import AuditLog
from proctoring.conf import config
from proctoring.models import AuditEntry
from proctoring.signals import audit_entries_written

log = AuditLog(AuditEntry, lambda: config.audit_keyring, written=audit_entries_written)
record = log.record
entry = log.entry
write = log.write
seal = log.seal
