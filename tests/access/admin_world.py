"""Staff of each kind, and a row of each model: theirs, the caller's own, or none."""

from collections.abc import Callable
from io import StringIO
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from proctoring.models import ProctoredExamReviewPolicyHistory, ProctoredExamStudentAllowanceHistory
from tests.access.admin_rules import GROUPS, STAFF, Role, Screen
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, ReviewFactory, ReviewPolicyFactory
from tests.factories import UserFactory as People
from tests.proctoring.rest.matrix.world import NO_ID, Answer, Statements, rows
from tests.verify_student import factories as identity
from tests.verify_student.custody import kept
from verify_student.models import LocalOpinion, PhotoAccess, PhotoKind, SSPVerificationRetryConfig

APPS = ("proctoring", "verify_student")


def _attempt(user: Any) -> Any:
    return AttemptFactory(user=user, proctored_exam=ExamFactory(backend="watcher"), submitted=True)


def _archived_review(user: Any) -> Any:
    archived = ReviewFactory(attempt=_attempt(user)).archived()
    archived.save()
    return archived


def _photos(user: Any) -> Any:
    return kept(identity.VerificationFactory(user=user, status="submitted", provider="local"))


def _old_allowance(user: Any) -> Any:
    AllowanceFactory(user=user).delete()
    return ProctoredExamStudentAllowanceHistory.objects.latest("pk")


def _old_policy(user: Any) -> Any:
    ReviewPolicyFactory().delete()
    return ProctoredExamReviewPolicyHistory.objects.latest("pk")


def _message(label: str) -> Callable[[Any], Any]:
    fields = {"state": "dead", "kind": "mail"} if label.endswith("OutboxMessage") else {"state": "refused", "body": b""}
    if label.endswith("InboxDelivery"):
        fields |= {"source": "watcher", "kind": "review", "subject": "x", "body_size": 0}
    names = iter(range(NO_ID))
    unique = (lambda: {"delivery_id": str(next(names))}) if "body" in fields else dict
    return lambda user: apps.get_model(label).objects.create(**fields, **unique())


def _action(label: str, verb: str) -> Callable[[Any], Any]:
    return lambda user: apps.get_model(label).objects.create(verb=verb, by=user, ids=[NO_ID], marks=["x"], total=1)


def _erasure(label: str) -> Callable[[Any], Any]:
    return lambda user: apps.get_model(label).objects.create(learner=f"{user.pk:064}")


def _of_retention(app: str) -> dict[str, Callable[[Any], Any]]:
    hold, waiting, entry = (apps.get_model(app, name) for name in ("RetentionHold", "PendingErasure", "AuditEntry"))
    return {
        f"{app}.RetentionHold": lambda user: hold.objects.create(user=user, placed_by=user, reason="Claim."),
        f"{app}.ErasureCertificate": _erasure(f"{app}.ErasureCertificate"),
        f"{app}.VendorErasure": _erasure(f"{app}.VendorErasure"),
        f"{app}.PendingErasure": lambda user: waiting.objects.create(user_id=user.pk),
        f"{app}.AuditEntry": lambda user: entry.objects.create(
            event="hold.placed", subject_kind="hold", subject_id=str(user.pk), actor_id=user.pk, actor_kind="person"
        ),
    }


# By the model's name: a row about somebody.
MAKE: dict[str, Callable[[Any], Any]] = {
    "proctoring.ProctoredExam": lambda user: ExamFactory(),
    "proctoring.ProctoredExamReviewPolicy": lambda user: ReviewPolicyFactory(),
    "proctoring.ProctoredExamReviewPolicyHistory": _old_policy,
    "proctoring.ProctoredExamStudentAllowance": lambda user: AllowanceFactory(user=user),
    "proctoring.ProctoredExamStudentAllowanceHistory": _old_allowance,
    "proctoring.ProctoredExamStudentAttempt": _attempt,
    "proctoring.ProctoredExamSoftwareSecureReview": lambda user: ReviewFactory(attempt=_attempt(user)),
    "proctoring.ProctoredExamSoftwareSecureReviewHistory": _archived_review,
    "proctoring.StaffAction": _action("proctoring.StaffAction", "force-error"),
    "verify_student.SoftwareSecurePhotoVerification": _photos,
    "verify_student.ManualVerification": lambda user: identity.ManualFactory(user=user),
    "verify_student.SSOVerification": lambda user: identity.SSOFactory(user=user),
    "verify_student.VerificationAttempt": lambda user: identity.AttemptFactory(user=user, status="pending"),
    "verify_student.StoredPhoto": lambda user: _photos(user).photos.first(),
    "verify_student.PhotoAccess": lambda user: PhotoAccess.objects.create(
        verification=_photos(user), kind=PhotoKind.FACE, user=user, purpose="decrypt"
    ),
    "verify_student.LocalOpinion": lambda user: LocalOpinion.objects.create(
        verification=_photos(user), reviewer=user, approves=True
    ),
    "verify_student.VerificationDeadline": lambda user: identity.DeadlineFactory(deadline="2027-01-01T00:00Z"),
    "verify_student.SSPVerificationRetryConfig": lambda user: SSPVerificationRetryConfig.objects.create(arguments=""),
    "verify_student.StaffAction": _action("verify_student.StaffAction", "approve-photos"),
    **{f"{app}.{name}": _message(f"{app}.{name}") for app in APPS for name in ("InboxDelivery", "OutboxMessage")},
    **_of_retention("proctoring"),
    **_of_retention("verify_student"),
}


class AdminWorld:
    """Everybody's browser, and rows for one screen."""

    def __init__(self, screen: Screen) -> None:
        call_command("create_staff_groups", verbosity=0, stdout=StringIO())
        self.users = {role: _user(role) for role in Role if role is not Role.ANONYMOUS}
        self.clients = {role: _client(self.users.get(role)) for role in Role}
        make = MAKE.get(screen.model)
        self.theirs = make(People(username="bystander")) if make else None
        self.own = {role: make(self.users[role]) for role in STAFF} if make else {}
        self.before = _everything()

    def ask(self, role: Role, method: str, url: str, form: Any = None, **headers: str) -> Answer:
        """The answer; whatever the request has done is undone."""
        cache.clear()
        client, statements = self.clients[role], Statements()
        client.cookies.pop("messages", None)
        with transaction.atomic(), connection.execute_wrapper(statements):
            send = client.post if method == "POST" else client.get
            response = send(url, form or {}, headers=headers)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            changed = self._changed() if statements.wrote else ()
            answer = Answer(response.status_code, content, dict(response.headers), changed, statements.number)
            transaction.set_rollback(True)
        return answer

    def _changed(self) -> tuple[str, ...]:
        after = _everything()
        return tuple(label for label in after if after[label] != self.before[label])


def _everything() -> dict[str, list[Any]]:
    return rows(*APPS) | {"log": list(LogEntry.objects.order_by("pk").values_list())}


def _user(role: Role) -> Any:
    user = People(username=role.name.lower(), is_staff=role in STAFF, is_superuser=role is Role.SUPERUSER)
    if role in GROUPS:
        user.groups.add(Group.objects.get(name=str(role)))
    return user


def _client(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client
