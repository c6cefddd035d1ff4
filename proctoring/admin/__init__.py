"""The staff screens in the platform's admin (contract vendors_admin_screens.md §4); import registers them."""

from proctoring.admin.acted import StaffActionAdmin
from proctoring.admin.allowances import AllowanceAdmin, AllowanceHistoryAdmin
from proctoring.admin.attempts import AttemptAdmin
from proctoring.admin.audit import AuditEntryAdmin
from proctoring.admin.exams import ExamAdmin
from proctoring.admin.messages import InboxDeliveryAdmin, OutboxMessageAdmin
from proctoring.admin.operations import OperationsAdmin
from proctoring.admin.policies import ReviewPolicyAdmin, ReviewPolicyHistoryAdmin
from proctoring.admin.retention import (
    ErasureCertificateAdmin,
    PendingErasureAdmin,
    RetentionHoldAdmin,
    VendorErasureAdmin,
)
from proctoring.admin.reviews import ReviewAdmin, ReviewHistoryAdmin

__all__ = [
    "AllowanceAdmin",
    "AllowanceHistoryAdmin",
    "AttemptAdmin",
    "AuditEntryAdmin",
    "ErasureCertificateAdmin",
    "ExamAdmin",
    "InboxDeliveryAdmin",
    "OperationsAdmin",
    "OutboxMessageAdmin",
    "PendingErasureAdmin",
    "RetentionHoldAdmin",
    "ReviewAdmin",
    "ReviewHistoryAdmin",
    "ReviewPolicyAdmin",
    "ReviewPolicyHistoryAdmin",
    "StaffActionAdmin",
    "VendorErasureAdmin",
]
