"""
Audit logs: what people, vendors and the system decided and who looked at evidence, so that nobody changes it unseen.

An entry is written in the transaction of what it records, with a *stamp*: an HMAC of what it says, so that nothing is
ever taken for an entry that the application has not written. Afterwards a *sealer* chains the entries: each gets a
place (``sequence``) and a *seal*, an HMAC of all of it together with the seal before. Whoever can change the table but
has not the key can neither change, remove, insert nor reorder entries without :func:`findings` seeing it; a tail that
was cut off is found by whoever kept the head (:class:`Head`) elsewhere.

An app takes part by naming its log in its configuration: ``audit_log = "app.services.audit.log"``.
"""

from proctoring.common.audit.entries import AbstractAuditEntry, ActorKind, AppendOnly, Subject
from proctoring.common.audit.log import AuditLog, code
from proctoring.common.audit.seals import Head
from proctoring.common.audit.verifying import Finding, findings

__all__ = [
    "AbstractAuditEntry",
    "ActorKind",
    "AppendOnly",
    "AuditLog",
    "Finding",
    "Head",
    "Subject",
    "code",
    "findings",
]
