"""Tables, and read-only properties of their rows; what changes them lives in the services."""

from verify_student.exceptions import VerificationException
from verify_student.models.acting import StaffAction
from verify_student.models.attempts import VerificationAttempt
from verify_student.models.audit import AuditEntry
from verify_student.models.base import IDVerificationAttempt
from verify_student.models.courses import SSPVerificationRetryConfig, VerificationDeadline
from verify_student.models.custody import LocalOpinion, PhotoAccess, PhotoKind, StoredPhoto
from verify_student.models.messages import InboxDelivery, OutboxMessage
from verify_student.models.photos import PhotoVerification, SoftwareSecurePhotoVerification
from verify_student.models.reminders import MailedThrough
from verify_student.models.retention import ErasureCertificate, PendingErasure, RetentionHold, VendorErasure
from verify_student.models.runs import Contact, ScheduledRun
from verify_student.models.staff import ManualVerification, SSOVerification

__all__ = [
    "AuditEntry",
    "Contact",
    "ErasureCertificate",
    "IDVerificationAttempt",
    "InboxDelivery",
    "LocalOpinion",
    "MailedThrough",
    "ManualVerification",
    "OutboxMessage",
    "PendingErasure",
    "PhotoAccess",
    "PhotoKind",
    "PhotoVerification",
    "RetentionHold",
    "SSOVerification",
    "SSPVerificationRetryConfig",
    "ScheduledRun",
    "SoftwareSecurePhotoVerification",
    "StaffAction",
    "StoredPhoto",
    "VendorErasure",
    "VerificationAttempt",
    "VerificationDeadline",
    # Known to callers as a name of the tables' module (contract §5.3).
    "VerificationException",
]
