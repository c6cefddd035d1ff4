"""Tables, and read-only properties of their rows; what changes them lives in the services."""

from verify_student.models.attempts import VerificationAttempt
from verify_student.models.base import IDVerificationAttempt
from verify_student.models.courses import SSPVerificationRetryConfig, VerificationDeadline
from verify_student.models.custody import LocalOpinion, PhotoAccess, PhotoKind, StoredPhoto
from verify_student.models.messages import InboxDelivery, OutboxMessage
from verify_student.models.photos import PhotoVerification, SoftwareSecurePhotoVerification
from verify_student.models.staff import ManualVerification, SSOVerification

__all__ = [
    "IDVerificationAttempt",
    "InboxDelivery",
    "LocalOpinion",
    "ManualVerification",
    "OutboxMessage",
    "PhotoAccess",
    "PhotoKind",
    "PhotoVerification",
    "SSOVerification",
    "SSPVerificationRetryConfig",
    "SoftwareSecurePhotoVerification",
    "StoredPhoto",
    "VerificationAttempt",
    "VerificationDeadline",
]
