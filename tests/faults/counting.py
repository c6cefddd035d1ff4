"""What arrived, counted where it arrived: the LMS's tables, the mailboxes, the vendors' books, the photo store."""

import email
import email.policy
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.plans import number_of

END_OF_MAIL = b"-" * 79


@dataclass
class Attempt:
    """One attempt and what arrived of it; ``calls`` are those that the vendor took as something new."""

    learner: str
    status: str
    external_id: str = ""
    effects: Counter[str] = field(default_factory=Counter)
    mails: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    repeated_calls: int = 0
    reviews_taken: int = 0
    reviews_applied: int = 0

    @property
    def number(self) -> int:
        return number_of(self.learner)


@dataclass
class Verification:
    """One photo verification; ``results_taken`` is how often the vendor's result was answered 2xx."""

    learner: str
    status: str
    name_status: str = ""
    updates: Counter[str] = field(default_factory=Counter)
    mails: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    results_taken: int = 0
    results_applied: int = 0

    @property
    def number(self) -> int:
        return number_of(self.learner)


@dataclass
class Seen:
    """Everything; ``waiting`` are rows that somebody should have done, ``dead`` dead letters, by kind."""

    attempts: list[Attempt] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    waiting: Counter[str] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)
    files_without_row: list[str] = field(default_factory=list)
    rows_without_file: list[str] = field(default_factory=list)
    untold_callbacks: int = 0
    attempts_only_at_vendor: int = 0


def waiting() -> Counter[str]:
    """Rows of inboxes and outboxes that somebody has to do yet."""
    # Models exist only now.
    from proctoring.models import InboxDelivery, OutboxMessage
    from verify_student.models import InboxDelivery as Result
    from verify_student.models import OutboxMessage as IdentityMessage

    rows: Counter[str] = Counter()
    for model in (OutboxMessage, IdentityMessage):
        rows.update(f"outbox {kind}" for kind in model.objects.filter(state="pending").values_list("kind", flat=True))
    for inbox in (InboxDelivery, Result):
        kinds = inbox.objects.filter(state__in=["received", "failed"]).values_list("kind", flat=True)
        rows.update(f"inbox {kind}" for kind in kinds)
    return rows


def untold(simulator: Path, identity: Path) -> int:
    """Callbacks that the vendors still want to bring."""
    with closing(sqlite3.connect(simulator, timeout=20)) as books:
        (pending,) = books.execute("SELECT count(*) FROM simulator_callback WHERE state = 'pending'").fetchone()
    with closing(sqlite3.connect(identity, timeout=20)) as books:
        (left,) = books.execute("SELECT count(*) FROM results WHERE left > 0").fetchone()
    return int(pending) + int(left)


def seen(folder: Path, photos: Path) -> Seen:
    """Count."""
    # Models exist only now.
    from proctoring.models import OutboxMessage
    from verify_student.models import OutboxMessage as IdentityMessage

    found = Seen(waiting=waiting(), untold_callbacks=untold(folder / "simulator.sqlite3", folder / "identity.sqlite3"))
    for model in (OutboxMessage, IdentityMessage):
        found.dead.update(model.objects.filter(state="dead").values_list("kind", flat=True))
    mails = _mails(folder / "mail")
    found.attempts = _attempts(mails)
    _ask_simulator(found, folder / "simulator.sqlite3")
    found.verifications = _verifications(mails, folder / "identity.sqlite3")
    _look_into_store(found, photos)
    return found


def _attempts(mails: dict[str, Counter[str]]) -> list[Attempt]:
    # Models exist only now.
    from proctoring.models import InboxDelivery, ProctoredExamStudentAttempt

    received = _received()
    applied = Counter(InboxDelivery.objects.filter(kind="review", state="applied").values_list("subject", flat=True))
    rows = ProctoredExamStudentAttempt.objects.filter(user__username__startswith="exam-")
    attempts = []
    for pk, name, status, external in rows.values_list("user_id", "user__username", "status", "external_id"):
        effects = received[str(pk)] + received[name]
        attempt = Attempt(name, status, external or "", effects, mails.get(name, Counter()))
        attempt.reviews_applied = applied[attempt.external_id]
        attempts.append(attempt)
    return attempts


def _received() -> dict[str, Counter[str]]:
    # Models exist only now.
    from demo.lms.models import TrackedEvent
    from tests.faults.receiving import PREFIX

    received: defaultdict[str, Counter[str]] = defaultdict(Counter)
    events = TrackedEvent.objects.filter(name__startswith=PREFIX).exclude(name=f"{PREFIX}update")
    for name, data in events.values_list("name", "data"):
        effect = name.removeprefix(PREFIX) + (f" {data['said']}" if data["said"] else "")
        received[data["about"]][effect] += 1
    return received


def _ask_simulator(found: Seen, path: Path) -> None:
    known = {attempt.external_id: attempt for attempt in found.attempts if attempt.external_id}
    with closing(sqlite3.connect(path, timeout=20)) as books:
        calls = books.execute(
            "SELECT attempt, operation, duplicate FROM simulator_journalentry WHERE direction = 'in' AND status = 200"
            " AND operation IN ('register', 'started', 'submitted', 'error')"
        ).fetchall()
        registered = books.execute("SELECT external_id, email FROM simulator_attempt").fetchall()
        taken = books.execute(
            "SELECT DISTINCT a.external_id, c.delivery_id FROM simulator_callback c"
            " JOIN simulator_attempt a ON a.id = c.attempt_id WHERE c.kind = 'reviewed' AND c.state = 'delivered'"
        ).fetchall()
    for external_id, operation, duplicate in calls:
        if external_id in known and duplicate:
            known[external_id].repeated_calls += 1
        elif external_id in known:
            known[external_id].calls[operation] += 1
    for external_id, _delivery in taken:
        if external_id in known:
            known[external_id].reviews_taken += 1
    ours = [external_id for external_id, address in registered if address.startswith("exam-")]
    found.attempts_only_at_vendor = len(set(ours) - set(known))


def _verifications(mails: dict[str, Counter[str]], path: Path) -> list[Verification]:
    # Models exist only now.
    from demo.lms.models import TrackedEvent, VerifiedName
    from tests.faults.receiving import PREFIX
    from verify_student.models import InboxDelivery, SoftwareSecurePhotoVerification

    updates: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for data in TrackedEvent.objects.filter(name=f"{PREFIX}update").values_list("data", flat=True):
        updates[data["about"]][data["said"]] += 1
    names = dict(VerifiedName.objects.values_list("verification_attempt_id", "status"))
    applied = Counter(InboxDelivery.objects.filter(state="applied").values_list("subject", flat=True))
    with closing(sqlite3.connect(path, timeout=20)) as books:
        requests = dict(books.execute("SELECT receipt, count(*) FROM asked WHERE outcome != 'failed' GROUP BY 1"))
        taken = dict(books.execute("SELECT receipt, taken FROM results"))
    rows = SoftwareSecurePhotoVerification.objects.filter(user__username__startswith="photo-")
    return [
        Verification(
            name,
            status,
            names.get(pk, ""),
            updates[str(pk)],
            mails.get(name, Counter()),
            requests.get(receipt, 0),
            taken.get(receipt, 0),
            applied[receipt],
        )
        for pk, receipt, name, status in rows.values_list("pk", "receipt_id", "user__username", "status")
    ]


def _look_into_store(found: Seen, photos: Path) -> None:
    # Models exist only now.
    from verify_student.models import StoredPhoto

    rows = StoredPhoto.objects.values_list("name", "vendor_name")
    named = {name for names in rows for name in names if name}
    files = {str(path.relative_to(photos)) for path in photos.rglob("*") if path.is_file()}
    found.files_without_row = sorted(files - named)
    found.rows_without_file = sorted(named - files)


def _mails(folder: Path) -> dict[str, Counter[str]]:
    """By the learner's name, how often each subject came."""
    mails: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mail in _each_mail(folder):
        mails[str(mail["To"]).partition("@")[0]][str(mail["Subject"])] += 1
    return mails


def _each_mail(folder: Path) -> Iterator[Any]:
    for file in folder.glob("*.log"):
        for text in file.read_bytes().split(END_OF_MAIL + b"\n"):
            if text.strip():
                yield email.message_from_bytes(text, policy=email.policy.default)
