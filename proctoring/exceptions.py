"""
What the app refuses, each refusal with a stable code and an HTTP status (contract python.md §8.4).

Texts carry no ids, names or vendor answers: those belong in the log of whoever may read it.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from proctoring.common.errors import DomainError


class ProctoredBaseException(DomainError):
    """Every refusal of this app."""

    code = "proctoring_error"


class ProctoredExamAlreadyExists(ProctoredBaseException):
    code = "exam_exists"
    default_message = _("There is already an exam for this part of the course.")


class ProctoredExamNotFoundException(ProctoredBaseException):
    code = "exam_not_found"
    default_message = _("There is no such exam.")


class ProctoredExamNotActiveException(ProctoredBaseException):
    code = "exam_not_active"
    default_message = _("This exam is not active.")


class ProctoredExamReviewPolicyNotFoundException(ProctoredBaseException):
    code = "review_policy_not_found"
    default_message = _("This exam has no review policy.")


class ProctoredExamReviewPolicyAlreadyExists(ProctoredBaseException):
    code = "review_policy_exists"
    default_message = _("This exam already has a review policy.")


class StudentExamAttemptAlreadyExistsException(ProctoredBaseException):
    code = "attempt_exists"
    default_message = _("There is already an attempt at this exam.")


class StudentExamAttemptDoesNotExistsException(ProctoredBaseException):
    code = "attempt_not_found"
    default_message = _("There is no such attempt.")


class StudentExamAttemptedAlreadyStarted(ProctoredBaseException):
    code = "attempt_already_started"
    default_message = _("This attempt has already been started.")


class StudentExamAttemptOnPastDueProctoredExam(ProctoredBaseException):
    code = "exam_past_due"
    default_message = _("The due date of this exam has passed.")


class UserNotFoundException(ProctoredBaseException):
    code = "user_not_found"
    default_message = _("There is no such learner.")


class AllowanceValueNotAllowedException(ProctoredBaseException):
    code = "allowance_value_not_allowed"
    default_message = _("This value is not allowed for this kind of allowance.")


class ProctoredExamPermissionDenied(ProctoredBaseException):
    code = "permission_denied"
    http_status = 403
    default_message = _("You may not do this.")


class OwnAttempt(ProctoredExamPermissionDenied):
    """Nobody decides on themselves, whatever else they may do."""

    code = "own_attempt"
    default_message = _("This is your own attempt: somebody else decides.")


class LearnerHeld(ProctoredBaseException):
    """What is kept of the learner may not be erased now; that it is to be is remembered, and done later."""

    code = "retention_hold"
    http_status = 409
    default_message = _("A legal hold is in the way. The data is erased when it is lifted.")


class ProctoredExamIllegalStatusTransition(ProctoredBaseException):
    code = "illegal_status_transition"
    default_message = _("This is not possible in the attempt's present state.")


class ProctoredExamIllegalResumeUpdate(ProctoredBaseException):
    code = "illegal_resume_update"
    default_message = _("This attempt cannot be resumed.")


class ProctoredExamSuspiciousLookup(ProctoredBaseException):
    code = "suspicious_lookup"
    default_message = _("The review does not belong to this attempt.")


class ProctoredExamReviewAlreadyExists(ProctoredBaseException):
    code = "review_exists"
    default_message = _("This attempt has already been reviewed.")


class ProctoredExamReviewNotFound(ProctoredBaseException):
    code = "review_not_found"
    default_message = _("There is no such review (any more).")


class ReviewChangedMeanwhile(ProctoredBaseException):
    """Nobody decides on what they have not seen."""

    code = "review_changed"
    http_status = 409
    default_message = _("The review or its attempt has changed since you opened it. Please look at it again.")


class AttemptCodeNotUnique(ProctoredBaseException):
    """A review belongs to an attempt by its code, and picking one of several would be a guess."""

    code = "attempt_code_not_unique"
    http_status = 409
    default_message = _("Several attempts have this code, so the review cannot decide any of them.")


class ProctoredExamBadReviewStatus(ProctoredBaseException):
    code = "bad_review_status"
    default_message = _("The review has no valid status.")


class MalformedCallback(ProctoredBaseException):
    """A vendor's message that cannot be read as what it claims to be."""

    code = "malformed_callback"
    default_message = _("The message could not be read.")


class ExamNoLongerProctored(ProctoredBaseException):
    """A review for an exam that nobody proctors any more (contract rest.md §5.19)."""

    code = "exam_no_longer_proctored"
    http_status = 412
    default_message = _("This exam is no longer proctored.")


class VendorRefusal(ProctoredBaseException):
    """
    A vendor did not do what it was asked.

    ``content`` is the vendor's answer, kept for the plugin that raised it and never shown or logged; ``http_status``
    is the vendor's. What we answer is always 502: a vendor's 401 must not look like a problem with the learner's own
    session, and its 200 not like success.
    """

    http_status = 502

    def __init__(self, content: Any = None, http_status: int | None = None) -> None:
        super().__init__(http_status=http_status)
        self.content = content

    @property
    def response_status(self) -> int:
        return 502


class BackendProviderCannotRegisterAttempt(VendorRefusal):
    code = "vendor_refused_registration"
    default_message = _("The proctoring service could not register this attempt. Please try again in a moment.")


class BackendProviderSentNoAttemptID(BackendProviderCannotRegisterAttempt):
    code = "vendor_sent_no_attempt_id"


class BackendProviderOnboardingException(ProctoredBaseException):
    """The vendor wants onboarding first; ``status`` is the attempt status that says which."""

    code = "onboarding_required"
    default_message = _("Onboarding has to be completed first.")

    def __init__(self, exam_status: str) -> None:
        super().__init__()
        self.status = exam_status


class BackendProviderOnboardingProfilesException(VendorRefusal):
    code = "onboarding_profiles_unavailable"
    default_message = _("Onboarding profiles are not available at the moment.")


class BackendProviderCannotRetireUser(VendorRefusal):
    code = "vendor_cannot_retire_user"
    default_message = _("The proctoring service could not delete this learner's data.")


class BackendProviderCannotRemoveAttempt(VendorRefusal):
    code = "vendor_cannot_remove_attempt"
    default_message = _(
        "The proctoring service could not remove this attempt. Nothing was changed; please try again later."
    )


class BackendProviderRemovalNotConfirmed(BackendProviderCannotRemoveAttempt):
    code = "vendor_removal_not_confirmed"


class BackendProviderNotConfigured(ProctoredBaseException):
    code = "backend_not_configured"
    http_status = 500
    default_message = _("The proctoring service of this exam is not available.")


class OnboardingProfilesNotKept(ProctoredBaseException):
    """The vendor is to be asked for onboarding profiles and has none (contract rest.md §5.16)."""

    code = "no_onboarding_profiles"
    http_status = 404
    default_message = _("This proctoring service keeps no onboarding profiles.")


class OnboardingStatusUnknown(ProctoredBaseException):
    """A list of learners is to be filtered by a status that those who are asked do not know."""

    code = "onboarding_status_unknown"
    default_message = _("Learners cannot be found by one of these statuses.")


class DashboardNotFound(ProctoredBaseException):
    """There is nothing for course staff to look at (contract rest.md §5.22)."""

    code = "dashboard_not_found"
    http_status = 404
    default_message = _("There is no proctoring dashboard here.")


class SeveralProctoringServices(ProctoredBaseException):
    """A course whose exams have different vendors has no dashboard of its own (contract rest.md §5.22)."""

    code = "several_proctoring_services"
    default_message = _("The exams of this course have different proctoring services.")


class DashboardUnavailable(ProctoredBaseException):
    """The vendor's plugin could not say where its dashboard is."""

    code = "dashboard_unavailable"
    http_status = 502
    default_message = _("The proctoring service's dashboard is not available at the moment.")


class IdempotencyKeyMalformed(ProctoredBaseException):
    """A caller's name for a request that is no name."""

    code = "idempotency_key_malformed"
    default_message = _("The idempotency key has to be 1 to 255 printable ASCII characters.")


class IdempotencyKeyReused(ProctoredBaseException):
    """The caller has used the key for another request."""

    code = "idempotency_key_reused"
    http_status = 422
    default_message = _("This idempotency key belongs to another request.")


class RequestAlreadyRunning(ProctoredBaseException):
    """The same request is being carried out at this moment."""

    code = "request_already_running"
    http_status = 409
    default_message = _("This request is being carried out. Please try again in a moment.")


class FirstAnswerLost(ProctoredBaseException):
    """The request was carried out; what was answered cannot be read any more."""

    code = "first_answer_lost"
    http_status = 409
    default_message = _("This request has been carried out before, and its answer is not kept any more.")
