"""Words that staff read for what the database holds: statuses, and kinds of exams; with the tone of a status."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance
from proctoring.screens import ExamKind
from proctoring.services.access import exam_kind
from proctoring.services.vendors import backend_name, backends_if_configured
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Onboarding
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus

# The tones of the stylesheet: nothing to do, all is well, somebody waits, something went wrong.
PLAIN, GOOD, WAIT, BAD = "plain", "good", "wait", "bad"


@dataclass(frozen=True, slots=True)
class Words:
    """A status in words, and its tone."""

    label: Promise | str
    tone: str


STATUSES: dict[str, Words] = {
    Status.eligible: Words(_("May begin"), PLAIN),
    Status.created: Words(_("Registered"), PLAIN),
    Status.download_software_clicked: Words(_("Setting up"), PLAIN),
    Status.ready_to_start: Words(_("Ready to start"), PLAIN),
    Status.started: Words(_("Working"), WAIT),
    Status.ready_to_submit: Words(_("About to hand in"), WAIT),
    Status.declined: Words(_("Without proctoring"), PLAIN),
    Status.timed_out: Words(_("Time is over"), BAD),
    Status.submitted: Words(_("Handed in"), WAIT),
    Status.second_review_required: Words(_("Needs a second review"), WAIT),
    Status.verified: Words(_("Passed the review"), GOOD),
    Status.rejected: Words(_("Did not pass the review"), BAD),
    Status.error: Words(_("Error"), BAD),
    Status.expired: Words(_("Expired"), PLAIN),
    Status.onboarding_reset: Words(_("Started over"), PLAIN),
    Status.onboarding_missing: Words(_("Onboarding is missing"), BAD),
    Status.onboarding_pending: Words(_("Onboarding waits for its review"), WAIT),
    Status.onboarding_failed: Words(_("Onboarding was not passed"), BAD),
    Status.onboarding_expired: Words(_("Onboarding has expired"), BAD),
}
REVIEW_STATUSES: dict[str, Words] = {
    SoftwareSecureReviewStatus.clean: Words(_("Clean"), GOOD),
    SoftwareSecureReviewStatus.violation: Words(_("Rules violation"), BAD),
    SoftwareSecureReviewStatus.suspicious: Words(_("Suspicious"), BAD),
    SoftwareSecureReviewStatus.not_reviewed: Words(_("Not reviewed"), PLAIN),
}
ONBOARDING_LOCAL: dict[str, Words] = {
    Onboarding.not_started: Words(_("Not started"), PLAIN),
    Onboarding.setup_started: Words(_("Setting up"), WAIT),
    Onboarding.onboarding_started: Words(_("Begun"), WAIT),
    Onboarding.other_course_approved: Words(_("Approved in another course"), GOOD),
    Onboarding.submitted: Words(_("Handed in"), WAIT),
    Onboarding.verified: Words(_("Approved"), GOOD),
    Onboarding.rejected: Words(_("Not approved"), BAD),
    Onboarding.error: Words(_("Error"), BAD),
}
ONBOARDING_BY_VENDOR: dict[str, Words] = {
    Onboarding.not_started: Words(_("Not started"), PLAIN),
    Onboarding.other_course_approved: Words(_("Approved in another course"), GOOD),
    Onboarding.submitted: Words(_("Handed in"), WAIT),
    Onboarding.verified: Words(_("Approved"), GOOD),
    Onboarding.rejected: Words(_("Not approved"), BAD),
    Onboarding.expired: Words(_("Expired"), BAD),
}
# Shown, and nothing to look for.
ONBOARDING_ALSO: dict[str, Words] = {
    Onboarding.onboarding_reset_past_due: Words(_("Reset failed: past due"), BAD),
}
MODES = {
    "audit": _("Audit"),
    "honor": _("Honor code"),
    "professional": _("Professional"),
    "no-id-professional": _("Professional, without ID"),
    "credit": _("Credit"),
    "masters": _("Master's degree"),
    "verified": _("Verified"),
    "executive-education": _("Executive education"),
}
KINDS = {
    ExamKind.TIMED: _("Timed"),
    ExamKind.PRACTICE: _("Practice"),
    ExamKind.ONBOARDING: _("Onboarding"),
    ExamKind.PROCTORED: _("Proctored"),
}


def status_words(status: str) -> Words:
    """The status in words; one of an old release as it is."""
    return STATUSES.get(status) or Words(status, PLAIN)


def review_words(status: str) -> Words:
    """A review's, or a remark's, status in words; a vendor's own as it is."""
    return REVIEW_STATUSES.get(status) or Words(status, WAIT)


def onboarding_words(status: str | None) -> Words:
    """Where somebody's onboarding stands."""
    words = ONBOARDING_LOCAL | ONBOARDING_BY_VENDOR | ONBOARDING_ALSO
    return words.get(status or Onboarding.not_started) or Words(str(status), PLAIN)


def mode_words(mode: str) -> Promise | str:
    """What learners are enrolled as; a mode of the host's own as it is."""
    return MODES.get(mode, mode)


def allowance_words(key: str) -> Promise | str:
    """What kind of allowance it is; one of the host's own as it is."""
    kinds = ProctoredExamStudentAllowance
    words = {kinds.ADDITIONAL_TIME_GRANTED[0]: _("More minutes"), kinds.REVIEW_POLICY_EXCEPTION[0]: _("Exception")}
    return words.get(key, key)


def kind_words(exam: ProctoredExam, backend: ProctoringBackendProvider | None) -> Promise | str:
    """What sort of exam it is, given its vendor's plugin."""
    kind = exam_kind(exam, backend)
    return KINDS[kind] if kind else KINDS[ExamKind.PRACTICE]


def vendor_words(exam: ProctoredExam, backend: ProctoringBackendProvider | None) -> str:
    """What the exam's vendor is called, given its plugin; its name in the settings where the vendor is gone."""
    return str(backend.verbose_name) if backend is not None else backend_name(exam)


def kinds_of(exams: Collection[ProctoredExam]) -> dict[int, Promise | str]:
    """:func:`kind_words` by the exam's id."""
    backends = backends_if_configured(exams)
    return {exam.pk: kind_words(exam, backends[exam.pk]) for exam in exams}
