"""The staff's screens in the platform's admin (contract §9.1), local review among them; import registers them."""

from verify_student.admin.acted import StaffActionAdmin
from verify_student.admin.audit import AuditEntryAdmin
from verify_student.admin.courses import RetryConfigAdmin, VerificationDeadlineAdmin
from verify_student.admin.custody import LocalOpinionAdmin, PhotoAccessAdmin, StoredPhotoAdmin
from verify_student.admin.kinds import ManualVerificationAdmin, SSOVerificationAdmin, VerificationAttemptAdmin
from verify_student.admin.messages import InboxDeliveryAdmin, OutboxMessageAdmin
from verify_student.admin.photos import PhotoVerificationAdmin
from verify_student.admin.retention import (
    ErasureCertificateAdmin,
    PendingErasureAdmin,
    RetentionHoldAdmin,
    VendorErasureAdmin,
)

__all__ = [
    "AuditEntryAdmin",
    "ErasureCertificateAdmin",
    "InboxDeliveryAdmin",
    "LocalOpinionAdmin",
    "ManualVerificationAdmin",
    "OutboxMessageAdmin",
    "PendingErasureAdmin",
    "PhotoAccessAdmin",
    "PhotoVerificationAdmin",
    "RetentionHoldAdmin",
    "RetryConfigAdmin",
    "SSOVerificationAdmin",
    "StaffActionAdmin",
    "StoredPhotoAdmin",
    "VendorErasureAdmin",
    "VerificationAttemptAdmin",
    "VerificationDeadlineAdmin",
]
