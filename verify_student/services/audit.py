"""
The audit log of identity verification: decisions, with the transaction that makes them, and looks at evidence.

What learners do themselves is no decision, and costs nothing here. Entries carry ids and codes, never names or reasons:
the reason of a decision stands with its own record.
"""

from proctoring.common.audit import AuditLog
from verify_student.conf import config
from verify_student.models import AuditEntry
from verify_student.signals import audit_entries_written

log = AuditLog(AuditEntry, lambda: config.audit_keyring, written=audit_entries_written)
record = log.record
entry = log.entry
write = log.write
seal = log.seal
