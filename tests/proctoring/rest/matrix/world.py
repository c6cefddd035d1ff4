"""Two courses with their learners, staff and vendors: whoever asks, and whatever is asked about."""

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.signing import Signer
from django.db import DataError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from proctoring.backends.launch import SALT
from proctoring.common.signing import Secret, StandardWebhooks
from proctoring.models import ProctoredExam, ProctoredExamSoftwareSecureReview
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, ReviewFactory, UserFactory
from tests.fakes import FakeLms, WatchingBackend
from tests.proctoring.backends.software_secure_vendor import CLASS as LEGACY_CLASS
from tests.proctoring.backends.software_secure_vendor import OPTIONS as LEGACY_OPTIONS
from tests.proctoring.rest.matrix.rules import SIGNERS, Role, Thing

HERE, THERE, OLD, NOWHERE = (f"course-v1:Test+{run}+2026" for run in ("HERE", "THERE", "OLD", "NOWHERE"))
NO_ID = 999_999
CAN_TAKE = "edx_proctoring.can_take_proctored_exam"
STAFFED = {Role.COURSE_STAFF: HERE, Role.OTHER_STAFF: THERE}
TRAITS: dict[Role, dict[str, Any]] = {
    Role.SITE_STAFF: {"is_staff": True},
    Role.SUPERUSER: {"is_superuser": True},
}
LEGACY_BACKEND = "software_secure"
SECRETS = {vendor: f"whsec_{base64.b64encode(vendor.encode() * 4).decode()}" for vendor in ("watcher", LEGACY_BACKEND)}
BACKENDS = {
    "DEFAULT": "watcher",
    "watcher": {"class": "tests.proctoring.rest.matrix.world.Vendor", "callback_secrets": [SECRETS["watcher"]]},
    "other": {"class": "tests.proctoring.rest.matrix.world.Vendor"},
    LEGACY_BACKEND: {"class": LEGACY_CLASS, "callback_secrets": [SECRETS[LEGACY_BACKEND]], **LEGACY_OPTIONS},
}
SIGN_WITH = {Role.SIGNING: SECRETS["watcher"], Role.LEGACY: SECRETS[LEGACY_BACKEND]}
GROUPS = {Role.REVIEWER: "watcher_review", Role.OTHER_REVIEWER: "other_review"}


def use_settings(settings: Any) -> None:
    """The host of this world."""
    settings.AUTHENTICATION_BACKENDS = [
        "django.contrib.auth.backends.ModelBackend",
        "tests.proctoring.rest.matrix.world.LearnersOfHere",
    ]
    settings.PROCTORING_BACKENDS = BACKENDS
    settings.PROCTORED_EXAM_VIEWABLE_PAST_DUE = True
    settings.LOGOUT_REDIRECT_URL = None
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"METRICS": True}


class Vendor(WatchingBackend):
    """A vendor that has something to show to staff."""

    has_dashboard = True

    def get_instructor_url(self, course_id: str, user: Any, **about: Any) -> str:
        return f"https://vendor.example/{course_id}"


class LearnersOfHere:
    """The host's rule: the learners of HERE may take its exams."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user: Any, permission: str, exam: Any = None) -> bool:
        return permission == CAN_TAKE and user.username.startswith("learner-") and exam["course_id"] == HERE


@dataclass(frozen=True, slots=True)
class Target:
    """
    A thing by all the names that requests have for it.

    ``open_exam_id``: an exam that nobody has begun. ``broken_id``: an attempt that can be resumed. ``legacy_code`` and
    ``legacy_id``: an attempt of the legacy vendor.
    """

    course_id: str = NOWHERE
    exam_id: int = NO_ID
    content_id: str = "nothing"
    exam_name: str = "No such exam"
    open_exam_id: int = NO_ID
    open_content_id: str = "nothing"
    attempt_id: int = NO_ID
    external_id: str = "no-such-vendor-id"
    attempt_code: str = "NO-SUCH-CODE"
    user_id: int = NO_ID
    username: str = "no-such-person"
    broken_id: int = NO_ID
    allowance_id: int = NO_ID
    legacy_code: str = "NO-SUCH-LEGACY-CODE"
    legacy_id: str = "no-such-legacy-id"

    @property
    def search_by(self) -> str:
        return self.username

    @property
    def signature(self) -> str:
        """Of the address that the legacy vendor is given."""
        return Signer(salt=SALT).signature(self.legacy_code)


class Course:
    """A course at a vendor: an exam that has attempts, one that nobody has begun, and onboarding."""

    def __init__(self, course_id: str, vendor: str) -> None:
        block = course_id.replace("course-v1:", "").replace("+", "")
        made = {"course_id": course_id, "backend": vendor}
        self.name = f"Secret of {block}"
        self.exam = ExamFactory(exam_name=self.name, content_id=f"{block}exam", **made)
        self.open_exam = ExamFactory(exam_name=self.name, content_id=f"{block}open", **made)
        self.broken = ExamFactory(content_id=f"{block}broken", **made)
        self.onboarding = ExamFactory(content_id=f"{block}onboarding", practice=True, **made)

    def taken_by(self, user: Any, legacy: Any) -> Target:
        """The user's attempt, with an allowance and a review."""
        exam: ProctoredExam = self.exam
        attempt = AttemptFactory(user=user, proctored_exam=exam)
        allowance = AllowanceFactory(user=user, proctored_exam=exam)
        # Saved without the workflow that follows from a review: the attempt stays as it is.
        review = ReviewFactory.build(attempt=attempt, student=user, exam=exam)
        ProctoredExamSoftwareSecureReview.objects.bulk_create([review])
        broken = AttemptFactory(user=user, proctored_exam=self.broken, status=Status.error, is_resumable=True)
        return Target(
            course_id=exam.course_id,
            exam_id=exam.pk,
            content_id=exam.content_id,
            exam_name=exam.exam_name,
            open_exam_id=self.open_exam.pk,
            open_content_id=self.open_exam.content_id,
            attempt_id=attempt.pk,
            external_id=attempt.external_id,
            attempt_code=attempt.attempt_code,
            user_id=user.pk,
            username=user.username,
            broken_id=broken.pk,
            allowance_id=allowance.pk,
            legacy_code=legacy.attempt_code,
            legacy_id=legacy.external_id,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request; ``changed``: the tables that were not as before; ``statements``: to the database."""

    status: int
    content: bytes
    headers: Mapping[str, str]
    changed: tuple[str, ...]
    statements: int

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")


class World:
    """Callers of the given roles, and things. Made under ``use_settings``."""

    def __init__(self, lms: FakeLms, roles: Collection[Role] = tuple(Role)) -> None:
        self.here, self.there = Course(HERE, "watcher"), Course(THERE, "other")
        self.users = {role: _user(role) for role in roles if role not in SIGNERS | {Role.ANONYMOUS}}
        lms.instructor.staff = {(user.pk, STAFFED[role]) for role, user in self.users.items() if role in STAFFED}
        self.clients = {role: _client(self.users.get(role)) for role in roles}
        legacy = AttemptFactory(proctored_exam=ExamFactory(course_id=OLD, backend=LEGACY_BACKEND))
        self.own = {role: self.here.taken_by(user, legacy) for role, user in self.users.items()}
        self.theirs = self.here.taken_by(UserFactory(username="learner-bystander"), legacy)
        self.elsewhere = self.there.taken_by(UserFactory(username="somebody-elsewhere"), legacy)
        if Role.INACTIVE in self.users:
            _suspend(self.users[Role.INACTIVE])
        self.before = rows()

    def target(self, role: Role, thing: Thing) -> Target:
        """What ``thing`` means to a caller; nobody's own is somebody else's."""
        others = {Thing.THEIRS: self.theirs, Thing.ELSEWHERE: self.elsewhere, Thing.MISSING: Target()}
        return others.get(thing) or self.own.get(role, self.theirs)

    def claim(self, role: Role) -> dict[str, Any]:
        """What staff of one course says to get at another one (S1): ids of their own course."""
        course = {HERE: self.here, THERE: self.there}.get(STAFFED.get(role, ""))
        return {"course_id": course.exam.course_id, "exam_id": course.exam.pk} if course else {}

    def ask(
        self, role: Role, method: str, url: str, raw: bytes = b"", *, content_type: str = "application/json"
    ) -> Answer:
        """The answer; whatever the request has done is undone. No caller is slowed down for what others have asked."""
        cache.clear()
        # What one page was left to say, the next one would.
        self.clients[role].cookies.pop("messages", None)
        statements = Statements()
        with transaction.atomic(), connection.execute_wrapper(statements):
            response = self.clients[role].generic(
                method, url, raw, content_type=content_type, headers=_signature(role, raw)
            )
            streamed = getattr(response, "streaming_content", None)
            answer = Answer(
                response.status_code,
                response.content if streamed is None else b"".join(streamed),
                dict(response.headers),
                self._changed() if statements.wrote else (),
                statements.number,
            )
            transaction.set_rollback(True)
        return answer

    def _changed(self) -> tuple[str, ...]:
        after = rows()
        return tuple(label for label in after if after[label] != self.before[label])


class Statements:
    """
    Whether anything was written: comparing every row after every request takes long.

    Refuses what SQLite takes and PostgreSQL does not.
    """

    wrote = False
    number = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, *others: Any) -> Any:
        self.number += 1
        self.wrote = self.wrote or not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK"))
        if any(isinstance(param, str) and "\0" in param for param in params or ()):
            raise DataError("A text cannot contain NUL.")
        return execute(sql, params, *others)


def rows(*labels: str) -> dict[str, list[Any]]:
    """Every row of the apps, histories included; by default of this one."""
    models = [
        model
        for label in labels or ["proctoring"]
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


def _user(role: Role) -> Any:
    name = "learner-of-here" if role is Role.LEARNER else f"role-{role.name.lower()}"
    user = UserFactory(username=name, **TRAITS.get(role, {}))
    if role in GROUPS:
        user.groups.add(Group.objects.create(name=GROUPS[role]))
    if role is Role.RETIREMENT:
        user.user_permissions.add(_retirement_permission())
    return user


def _retirement_permission() -> Permission:
    """The host's own: ``accounts.can_retire_user``."""
    accounts, _ = ContentType.objects.get_or_create(app_label="accounts", model="userretirementstatus")
    return Permission.objects.create(content_type=accounts, codename="can_retire_user", name="Can retire users")


def _client(user: Any) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def _signature(role: Role, body: bytes) -> dict[str, str]:
    if role not in SIGN_WITH:
        return {}
    secret = Secret.from_standard("test", SIGN_WITH[role])
    return StandardWebhooks([secret]).sign(body, timezone.now(), "delivery-1")


def _suspend(user: Any) -> None:
    user.is_active = False
    user.save()
