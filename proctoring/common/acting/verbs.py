"""Verbs: one thing that staff do to a row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.batches import chunked
from proctoring.common.errors import DomainError

# So many rows' marks are read at once.
MARKED_AT_ONCE = 1000


class ActionRefused(DomainError):
    """The action cannot be planned or confirmed as it stands."""

    code = "action_refused"


class ReasonMissing(ActionRefused):
    """Nobody decides about a learner without saying why."""

    code = "reason_missing"
    default_message = _("Say why. The reason is kept with the record.")


class ChangedMeanwhile(ActionRefused):
    """Nobody does to a row what they have not seen the outcome of."""

    code = "changed_meanwhile"
    http_status = 409
    default_message = _("It has changed since you looked at it. Please look at it again.")


@dataclass(frozen=True, slots=True)
class Verb:
    """
    One thing that staff do to rows of ``model``.

    ``permission`` is the full name of the permission it takes. ``explanation`` is a sentence about the verb.
    ``foresee(row, user)`` gives sentences on what will follow, without changing or asking anything outside; it raises
    ``DomainError`` where the row does not allow the verb, or the person may not. ``perform(row, user, reason)`` does
    it, raises ``DomainError`` where it is refused, and changes nothing more when it comes a second time. ``related``
    are the relations that both read. ``marked_by`` is the field that tells whether a row has changed since somebody
    looked at it; a model without such a field has rows that never do.
    """

    name: str
    model: type[Model]
    label: str | Promise
    explanation: str | Promise
    permission: str
    foresee: Callable[[Any, Any], Sequence[str | Promise]]
    perform: Callable[[Any, Any, str], object]
    related: tuple[str, ...] = ()
    marked_by: str = "status"

    def may(self, user: Any) -> bool:
        """Whether ``user`` may do this at all."""
        return bool(user.is_active and user.has_perm(self.permission))

    def logged(self, reason: str) -> str:
        """What the admin's log says of a row to which this was done."""
        return f"{self.label}: {reason}"

    def rows(self) -> "QuerySet[Any]":
        """The model's rows with what the verb reads of others."""
        every = self.model._default_manager.all()
        return every.select_related(*self.related) if self.related else every

    def mark(self, row: Any) -> str:
        """What ``row`` is now: once it differs, what was foreseen is not what would follow."""
        return str(getattr(row, self.marked_by)) if self._is_marked() else ""

    def marks(self, ids: Sequence[int]) -> list[str]:
        """The marks of these rows, in their order; empty for one that is not there."""
        if not self._is_marked():
            return [""] * len(ids)
        marks: dict[int, str] = {}
        # Rows are many, and may be large: no more of them is read than this.
        rows = self.model._default_manager.values_list("pk", self.marked_by)
        for some in chunked(ids, MARKED_AT_ONCE):
            marks.update(rows.filter(pk__in=some))
        return [str(marks.get(pk, "")) for pk in ids]

    def _is_marked(self) -> bool:
        return any(field.name == self.marked_by for field in self.model._meta.concrete_fields)

    def look(self, row: Any, user: Any) -> "Foresight":
        """What will follow for ``row``."""
        try:
            return Foresight(row, steps=tuple(str(step) for step in self.foresee(row, user)))
        except DomainError as refusal:
            return Foresight(row, refusal=refusal.detail)


@dataclass(frozen=True, slots=True)
class Foresight:
    """What will follow for one row, in sentences, or why nothing will."""

    row: Any
    steps: tuple[str, ...] = ()
    refusal: str = ""


class Verbs:
    """The verbs of an app, by name."""

    def __init__(self, verbs: Iterable[Verb]) -> None:
        self._by_name = {verb.name: verb for verb in verbs}

    def __iter__(self) -> Iterator[Verb]:
        return iter(self._by_name.values())

    def get(self, name: str) -> Verb | None:
        """The verb of that name; None for one that there is not (any more)."""
        return self._by_name.get(name)

    def of(self, model: type[Model]) -> list[Verb]:
        """The verbs for rows of ``model``, in the order in which they are offered."""
        return [verb for verb in self if verb.model is model]
