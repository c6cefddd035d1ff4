"""``manage.py verify_audit_log``: whether somebody changed an audit log, see ``proctoring.common.audit``."""

from proctoring.common.audit.command import VerifyAuditLogCommand as Command

__all__ = ["Command"]
