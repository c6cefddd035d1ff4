"""
Who may do what in the admin (contract vendors_admin_screens.md §4, verify_student.md §8; docs/admin.rst).

A row for each model. A superuser may do whatever anybody may; what nobody is named for, nobody does. The groups are
those of ``create_staff_groups``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Who asks."""

    ANONYMOUS = "nobody"
    LEARNER = "learner"
    COURSE_STAFF = "staff of the course"
    OTHER_STAFF = "staff of another course"
    WITHOUT = "staff without a permission"
    EXAMS = "Course reviewers"
    IDENTITY = "Identity reviewers"
    DATA = "Data protection"
    OPERATOR = "Operators"
    SUPERUSER = "superuser"


Roles = frozenset[Role]
GROUPS = frozenset({Role.EXAMS, Role.IDENTITY, Role.DATA, Role.OPERATOR})
# Who gets past the admin's sign-in page.
STAFF = GROUPS | {Role.WITHOUT, Role.SUPERUSER}
NOBODY: Roles = frozenset()
SUPERUSER: Roles = frozenset({Role.SUPERUSER})
EXAMS, IDENTITY, DATA, OPERATOR = (SUPERUSER | {role} for role in (Role.EXAMS, Role.IDENTITY, Role.DATA, Role.OPERATOR))


USUAL = frozenset({"changelist", "add", "change", "history", "delete"})


@dataclass(frozen=True, slots=True)
class Screen:
    """
    The pages of one model. ``verbs``: actions of staff; ``not_own``: which of those, and of ``change`` and ``delete``,
    nobody does to a row about themselves. ``views``: pages besides the usual ones, and who may see and use them.
    ``only``: the usual pages, where there are not all of them. ``own``: pages that every member of staff may use of
    what is theirs.
    """

    model: str
    see: Roles = SUPERUSER
    add: Roles = NOBODY
    change: Roles = NOBODY
    delete: Roles = NOBODY
    verbs: Mapping[str, Roles] = field(default_factory=dict)
    not_own: frozenset[str] = frozenset()
    views: Mapping[str, Roles] = field(default_factory=dict)
    only: frozenset[str] = USUAL
    own: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.model


VERDICTS = ("approve-attempt", "deny-attempt", "second-review-attempt")
MOVES = ("reset-attempt", "resume-attempt", "force-error", "hand-in")
DECISIONS = frozenset({"approve-photos", "approve-attempt", "deny-attempt", "take-back"})
OWN_ROW = frozenset({"change", "delete"})


def _of_actions(model: str) -> Screen:
    """
    Whoever chose the rows may look, and whoever may see all actions; only the one who chose them confirms. The usual
    page of a row leads to that look, whoever comes.
    """
    return Screen(
        model,
        see=OPERATOR,
        views={"look": OPERATOR, "change": STAFF},
        only=USUAL - {"change"},
        own=frozenset({"look"}),
    )


def _of_retention(app: str) -> tuple[Screen, ...]:
    """Holds, what was erased and what waits for it, and who decided or looked."""
    return (
        Screen(f"{app}.RetentionHold", see=DATA, add=DATA, verbs={"lift-hold": DATA}),
        Screen(f"{app}.ErasureCertificate", see=DATA, views={"download": DATA}),
        Screen(f"{app}.VendorErasure", see=DATA, verbs={"note-confirmation": DATA}),
        Screen(f"{app}.PendingErasure", see=DATA),
        Screen(f"{app}.AuditEntry", see=DATA),
    )


PROCTORING = (
    Screen("proctoring.ProctoredExam", see=EXAMS | OPERATOR, add=SUPERUSER, change=SUPERUSER, delete=SUPERUSER),
    Screen("proctoring.ProctoredExamReviewPolicy", see=EXAMS, add=SUPERUSER, change=SUPERUSER, delete=SUPERUSER),
    Screen("proctoring.ProctoredExamReviewPolicyHistory"),
    Screen(
        "proctoring.ProctoredExamStudentAllowance",
        add=SUPERUSER,
        change=SUPERUSER,
        delete=SUPERUSER,
        verbs={"take-back-allowance": SUPERUSER},
        views={"import": SUPERUSER, "process_import": SUPERUSER, "export": SUPERUSER},
    ),
    Screen("proctoring.ProctoredExamStudentAllowanceHistory"),
    Screen(
        "proctoring.ProctoredExamStudentAttempt",
        see=EXAMS | OPERATOR,
        verbs=dict.fromkeys(VERDICTS, EXAMS) | dict.fromkeys(MOVES, OPERATOR),
        not_own=frozenset(VERDICTS),
        views={"simple_history": EXAMS | OPERATOR},
    ),
    Screen("proctoring.ProctoredExamSoftwareSecureReview", see=EXAMS, change=EXAMS, delete=SUPERUSER),
    Screen("proctoring.ProctoredExamSoftwareSecureReviewHistory", see=EXAMS),
    Screen("proctoring.InboxDelivery", see=OPERATOR, verbs={"apply-again": OPERATOR}),
    Screen("proctoring.OutboxMessage", see=OPERATOR, verbs={"send-again": OPERATOR}),
    _of_actions("proctoring.StaffAction"),
    Screen("proctoring.ScheduledRun", see=OPERATOR, only=frozenset({"changelist"})),
    *_of_retention("proctoring"),
)
IDENTITY_SCREENS = (
    Screen(
        "verify_student.SoftwareSecurePhotoVerification",
        see=IDENTITY,
        verbs={"approve-photos": IDENTITY, "ask-provider-again": IDENTITY},
        not_own=DECISIONS,
        views=dict.fromkeys(("review_queue", "review", "review_next", "photo"), IDENTITY),
    ),
    Screen(
        "verify_student.ManualVerification",
        add=SUPERUSER,
        change=SUPERUSER,
        verbs={"take-back": SUPERUSER},
        not_own=DECISIONS | OWN_ROW,
    ),
    Screen("verify_student.SSOVerification", change=SUPERUSER, delete=SUPERUSER, not_own=OWN_ROW),
    Screen(
        "verify_student.VerificationAttempt",
        see=IDENTITY,
        change=SUPERUSER,
        delete=SUPERUSER,
        verbs={"approve-attempt": IDENTITY, "deny-attempt": IDENTITY},
        not_own=DECISIONS | OWN_ROW,
    ),
    Screen("verify_student.StoredPhoto"),
    Screen("verify_student.PhotoAccess"),
    Screen("verify_student.LocalOpinion", see=IDENTITY),
    Screen(
        "verify_student.VerificationDeadline",
        see=OPERATOR,
        add=OPERATOR,
        change=OPERATOR,
        delete=OPERATOR,
        views={"import": OPERATOR, "process_import": OPERATOR, "export": OPERATOR},
    ),
    Screen("verify_student.SSPVerificationRetryConfig", see=OPERATOR, add=OPERATOR),
    Screen("verify_student.InboxDelivery", see=OPERATOR, verbs={"apply-again": OPERATOR}),
    Screen("verify_student.OutboxMessage", see=OPERATOR, verbs={"send-again": OPERATOR}),
    _of_actions("verify_student.StaffAction"),
    *_of_retention("verify_student"),
)
SCREENS = (*PROCTORING, *IDENTITY_SCREENS)
