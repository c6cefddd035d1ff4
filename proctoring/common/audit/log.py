"""Writing an app's audit log, and sealing what was written."""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, models, router, transaction
from django.utils import timezone

from proctoring.common.announce import Announcement, announce_once
from proctoring.common.audit import seals
from proctoring.common.audit.entries import AbstractAuditEntry, ActorKind, Subject
from proctoring.common.audit.seals import BEGINNING, Head
from proctoring.common.crypto import Keyring

logger = logging.getLogger(__name__)

EVENT = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
# No spaces and no "@": neither a sentence nor an address is a code.
CODE = re.compile(r"[\w.:+/~>-]{0,255}")
NO_CODE = re.compile(r"[^\w.:+/~>-]+")
WRITE_BATCH = 500
SEAL_BATCH = 200
FIRST = 1


def code(text: object) -> str:
    """A known word as a code: ``Rules Violation`` is ``Rules_Violation``. Never for what people typed."""
    return NO_CODE.sub("_", str(text))[:255]


class AuditLog:
    """
    The log that ``model`` keeps, under the ring that ``keys`` returns; ``written`` announces, after commit, that there
    is something to seal.
    """

    def __init__(self, model: type[AbstractAuditEntry], keys: Callable[[], Keyring], *, written: Announcement) -> None:
        self.model = model
        self.keys = keys
        self._written = written

    @property
    def name(self) -> str:
        """What operators call it: its app's label."""
        return self.model._meta.app_label

    def record(self, event: str, subject: models.Model | Subject, *, actor: Any = None, **facts: Any) -> None:
        """
        Keep, with the running transaction, that ``event`` happened to ``subject``. One statement.

        ``actor`` is a person's account, an ``ActorKind``, or None for the system. ``facts`` are numbers, truth values,
        codes, and lists of these. Raises ``ValueError`` for what might be personal: text with spaces, or an address.
        """
        self.write([self.entry(event, subject, actor=actor, **facts)])

    def entry(
        self, event: str, subject: models.Model | Subject, *, actor: Any = None, **facts: Any
    ) -> AbstractAuditEntry:
        """What :func:`record` would keep, for :func:`write`."""
        if not EVENT.fullmatch(event):
            raise ValueError(f"Not an event: {event!r}")
        about = subject if isinstance(subject, Subject) else Subject(str(subject._meta.model_name), subject.pk)
        kind, actor_id = _actor(actor)
        return self.model(
            at=timezone.now(),
            event=event,
            subject_kind=about.kind,
            subject_id=_checked("subject", str(about.id)),
            actor_kind=kind,
            actor_id=actor_id,
            facts=seals.canonical({name: _checked(name, value) for name, value in facts.items() if value is not None}),
        )

    def write(self, entries: Iterable[AbstractAuditEntry]) -> None:
        """Stamp and keep them, with the running transaction; one statement for some hundreds."""
        written, keys = list(entries), self.keys()
        if not written:
            return
        for entry in written:
            entry.stamp = seals.stamp(entry, keys)
        self.model._default_manager.bulk_create(written, batch_size=WRITE_BATCH)
        announce_once(self._written, self.model)

    def head(self) -> Head | None:
        """The newest sealed entry; None where none has been sealed."""
        rows = self.model._default_manager.exclude(sequence=None).order_by("-sequence")
        newest = rows.values_list("sequence", "seal").first()
        return Head(*newest) if newest else None

    def seal(self) -> int:
        """
        Chain what has been written and committed, in batches, each in a short transaction of its own; how many.

        Two who seal take turns; whoever loses a race leaves the rest to the other, or to the next run.
        """
        sealed = 0
        try:
            while number := self._seal_some():
                sealed += number
                if number < SEAL_BATCH:
                    break
        except IntegrityError:
            logger.info("Somebody else is sealing: log=%s", self.name)
        if sealed:
            # Whoever keeps the server's log keeps the head of this one: that is what shows a tail that was cut off.
            logger.info("Audit log sealed: log=%s entries=%s head=%s", self.name, sealed, self.head())
        return sealed

    def _seal_some(self) -> int:
        using = router.db_for_write(self.model)
        # Not the model's own manager: the one thing that an entry undergoes after it was written is this.
        rows: models.QuerySet[Any] = models.QuerySet(self.model, using=using)
        # In an order that its index has, however long the log is.
        waiting = rows.filter(sequence=None).order_by("sequence", "id")
        if not waiting.exists():
            return 0
        with transaction.atomic(using=using):
            # The first entry stays where it is, whatever comes later, so that it serves as the lock.
            is_begun = bool(rows.filter(sequence=FIRST).select_for_update().values_list("pk", flat=True))
            # Until there is one, those that wait are held: whoever comes second finds them sealed.
            entries = list((waiting if is_begun else waiting.select_for_update())[:SEAL_BATCH])
            if not is_begun and rows.filter(sequence=FIRST).exists():
                # Somebody else was faster, and comes for those that are held here.
                return 0
            newest = rows.exclude(sequence=None).order_by("-sequence").values_list("sequence", "seal").first()
            self._chain(entries, Head(*newest) if newest else Head(FIRST - 1, BEGINNING))
            rows.bulk_update(entries, ["sequence", "previous", "seal", "key_id"])
        return len(entries)

    def _chain(self, entries: Sequence[AbstractAuditEntry], head: Head) -> None:
        keys = self.keys()
        for entry in entries:
            entry.sequence, entry.previous, entry.key_id = head.sequence + 1, head.seal, keys.primary
            entry.seal = seals.seal(entry, keys)
            head = Head(entry.sequence, entry.seal)


def _actor(actor: Any) -> tuple[ActorKind, int | None]:
    if actor is None:
        return ActorKind.SYSTEM, None
    if isinstance(actor, ActorKind):
        return actor, None
    return ActorKind.PERSON, actor.pk


def _checked(name: str, value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, str) and CODE.fullmatch(value):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_checked(name, item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    # The value is not shown: that is the point.
    raise ValueError(f"{name} of an audit entry is neither a number nor a code.")
