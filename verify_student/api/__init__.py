"""The LMS's door (contract §5): thin over the services."""

from verify_student.api.attempts import (
    UNCHANGED,
    create_verification_attempt,
    send_approval_email,
    update_verification_attempt,
)
from verify_student.api.courses import check_verify_status_by_course, course_published, rearm_expiry_reminder
from verify_student.api.people import export_subject_data, record_sso_login, retire_learner, vouch_for
from verify_student.api.rules import (
    active_verifications,
    auto_verify_for_testing_enabled,
    can_verify_now,
    earliest_allowed_verification_date,
    is_verification_expiring_soon,
    most_recent_verification,
    submit_request_to_ss,
    verification_for_datetime,
)
from verify_student.api.runtime import VerificationService
from verify_student.api.screens import get_dashboard_view
from verify_student.api.service import IDVerificationService
from verify_student.exceptions import (
    InvalidImageData,
    VerificationAttemptInvalidStatus,
    VerificationException,
)
from verify_student.statuses import VerificationAttemptStatus

__all__ = [
    "UNCHANGED",
    "IDVerificationService",
    "InvalidImageData",
    "VerificationAttemptInvalidStatus",
    "VerificationAttemptStatus",
    "VerificationException",
    "VerificationService",
    "active_verifications",
    "auto_verify_for_testing_enabled",
    "can_verify_now",
    "check_verify_status_by_course",
    "course_published",
    "create_verification_attempt",
    "earliest_allowed_verification_date",
    "export_subject_data",
    "get_dashboard_view",
    "is_verification_expiring_soon",
    "most_recent_verification",
    "rearm_expiry_reminder",
    "record_sso_login",
    "retire_learner",
    "send_approval_email",
    "submit_request_to_ss",
    "update_verification_attempt",
    "verification_for_datetime",
    "vouch_for",
]
