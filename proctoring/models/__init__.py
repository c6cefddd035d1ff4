"""The app's tables, their querysets and read-only properties."""

from proctoring.conf import VERIFICATION_DAYS_VALID
from proctoring.models.acting import StaffAction
from proctoring.models.allowances import ProctoredExamStudentAllowance, ProctoredExamStudentAllowanceHistory
from proctoring.models.attempts import ProctoredExamStudentAttempt
from proctoring.models.audit import AuditEntry
from proctoring.models.courses import CourseHold
from proctoring.models.exams import ProctoredExam, ProctoredExamReviewPolicy, ProctoredExamReviewPolicyHistory
from proctoring.models.idempotency import IdempotentAnswer
from proctoring.models.inbox import InboxDelivery
from proctoring.models.outbox import OutboxMessage
from proctoring.models.retention import ErasureCertificate, PendingErasure, RetentionHold, VendorErasure
from proctoring.models.reviews import (
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
)
from proctoring.models.runs import Contact, ScheduledRun

__all__ = [
    "VERIFICATION_DAYS_VALID",
    "AuditEntry",
    "Contact",
    "CourseHold",
    "ErasureCertificate",
    "IdempotentAnswer",
    "InboxDelivery",
    "OutboxMessage",
    "PendingErasure",
    "ProctoredExam",
    "ProctoredExamReviewPolicy",
    "ProctoredExamReviewPolicyHistory",
    "ProctoredExamSoftwareSecureComment",
    "ProctoredExamSoftwareSecureReview",
    "ProctoredExamSoftwareSecureReviewHistory",
    "ProctoredExamStudentAllowance",
    "ProctoredExamStudentAllowanceHistory",
    "ProctoredExamStudentAttempt",
    "RetentionHold",
    "ScheduledRun",
    "StaffAction",
    "VendorErasure",
]
