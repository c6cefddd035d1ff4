"""A site of both apps with people and things in it, which answers requests and forgets what they have done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import InMemoryStorage
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories import ReviewPolicyFactory, UserFactory
from tests.fakes import FakeLms
from tests.hostile.counting import Tally, cause_of
from tests.proctoring.rest.matrix.rules import Role, Thing
from tests.proctoring.rest.matrix.world import Statements, World
from tests.verify_student.custody import kept_for_vendor
from tests.verify_student.factories import AttemptFactory, DeadlineFactory, ManualFactory, VerificationFactory
from verify_student.services.photos import storage

ROLES = (Role.ANONYMOUS, Role.LEARNER, Role.COURSE_STAFF, Role.SITE_STAFF, Role.REVIEWER, Role.RETIREMENT)
ADMIN = "administrator"
# What is meant to be kept of a refused request: what a vendor said, the answer to whoever asks for it again, and that
# somebody has looked at evidence, which a refused decision shows again.
KEPT = frozenset(
    {
        *("proctoring.InboxDelivery", "verify_student.InboxDelivery", "proctoring.IdempotentAnswer"),
        *("proctoring.AuditEntry", "verify_student.AuditEntry", "verify_student.PhotoAccess"),
    }
)
SAFE_IN_PATHS = "/:+@,"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: who asks, and for what. ``path`` and ``query`` are as they are meant, not as they are sent."""

    who: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | Mapping[str, Any] = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        asked = "&".join(f"{sent(name)}={sent(value)}" for name, value in self.query)
        return f"/{sent(self.path.lstrip('/'), SAFE_IN_PATHS)}" + (f"?{asked}" if asked else "")

    def __str__(self) -> str:
        said = self.body[:300] if isinstance(self.body, bytes) else str(self.body)[:300]
        return (
            f"{self.method} {self.url[:200]} as {self.who} {str(dict(self.headers))[:150]} {self.content_type} {said!r}"
        )


class Site:
    """Made once for a family. ``targets``: what requests may be about, by the names that requests have for it."""

    def __init__(self, lms: FakeLms) -> None:
        self.world = World(lms, ROLES)
        admin = UserFactory(username="role-administrator", superuser=True)
        self.clients: dict[str, APIClient] = {role.name.lower(): self.world.clients[role] for role in ROLES}
        self.clients[ADMIN] = APIClient(raise_request_exception=False)
        self.clients[ADMIN].force_login(admin)
        self._sessions = {who: client.cookies.get(settings.SESSION_COOKIE_NAME) for who, client in self.clients.items()}
        ReviewPolicyFactory(proctored_exam=self.world.here.exam)
        DeadlineFactory(course_key=self.world.here.exam.course_id, deadline=timezone.now())
        learner = self.world.users[Role.LEARNER]
        verifications = [
            kept_for_vendor(VerificationFactory(user=learner, status="denied", provider="software_secure")),
            kept_for_vendor(VerificationFactory(status="submitted", provider="software_secure")),
            VerificationFactory(status="submitted", provider="local"),
        ]
        self.receipts = [one.receipt_id for one in verifications]
        ManualFactory(user=learner)
        AttemptFactory(user=learner, status="pending")
        self.targets = [self.world.target(Role.LEARNER, thing) for thing in Thing]
        self.files = storage.storage()
        assert isinstance(self.files, InMemoryStorage)
        self._rows, self._names = _rows(), self._stored()

    def known(self, name: str, number: int) -> Any:
        """A value that requests may mean by ``name``, if there is one."""
        if name in {"receipt_id", "EdX-ID"}:
            return self.receipts[number % len(self.receipts)]
        about = self.targets[number % len(self.targets)]
        other = {"user_info": about.username, "user_ids": about.username, "exam_ids": str(about.exam_id)}
        return other.get(name, getattr(about, name, None))

    def ask(self, ask: Ask, tally: Tally) -> int:
        """Ask, count what comes of it, and undo it. The status, 0 where there was none."""
        cache.clear()
        client, statements = self.clients[ask.who], Statements()
        session = self._sessions[ask.who]
        client.cookies = SimpleCookie({session.key: session.value} if session else {})
        try:
            with transaction.atomic(), connection.execute_wrapper(statements):
                response = _answer(client, ask)
                changed = self._changed(statements.wrote) if response.status_code >= 400 else ()
                transaction.set_rollback(True)
        except Exception as error:
            tally.crash(error, str(ask))
            return 0
        finally:
            self._forget_files()
        tally.answered(response.status_code, str(ask), changed, _cause(response))
        return int(response.status_code)

    def _changed(self, wrote: bool) -> tuple[str, ...]:
        """Tables and files that are not as before, and should be after a refusal."""
        after = _rows() if wrote else self._rows
        tables = [label for label in after if label not in KEPT and after[label] != self._rows[label]]
        return (*tables, *sorted(self._stored() - self._names))

    def _stored(self) -> set[str]:
        """The names of the photos that there are."""
        found, folders = set(), [""]
        while folders:
            folder = folders.pop()
            inner, names = self.files.listdir(folder)
            folders += [f"{folder}{name}/" for name in inner]
            found.update(f"{folder}{name}" for name in names)
        return found

    def _forget_files(self) -> None:
        for name in self._stored() - self._names:
            self.files.delete(name)


def sent(text: str, safe: str = "") -> str:
    """The text as an address has it."""
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe)


def _answer(client: APIClient, ask: Ask) -> Any:
    if isinstance(ask.body, bytes):
        response = client.generic(
            ask.method, ask.url, ask.body, content_type=ask.content_type, headers=dict(ask.headers)
        )
    else:
        # A form with files: the client writes its parts.
        response = client.post(ask.url, dict(ask.body), format="multipart", headers=dict(ask.headers))
    if getattr(response, "streaming", False):
        for _part in response.streaming_content:
            pass
    return response


def _cause(response: Any) -> str:
    raised = getattr(response, "exc_info", None)
    if raised and raised[1] is not None:
        return cause_of(raised[1])
    return str(getattr(response, "content", b"")[:100])


def _rows() -> dict[str, list[Any]]:
    """Every row of both apps, histories included."""
    models = [model for app in ("proctoring", "verify_student") for model in apps.get_app_config(app).get_models(True)]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


Asked = Callable[[Ask], int]
