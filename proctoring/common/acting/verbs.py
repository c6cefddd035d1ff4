"""Verbs: one thing that staff do to a row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.errors import DomainError


class ActionRefused(DomainError):
    """The action cannot be planned or confirmed as it stands."""

    code = "action_refused"


class ReasonMissing(ActionRefused):
    """Nobody decides about a learner without saying why."""

    code = "reason_missing"
    default_message = _("Say why. The reason is kept with the record.")


@dataclass(frozen=True, slots=True)
class Verb:
    """
    One thing that staff do to rows of ``model``.

    ``permission`` is the full name of the permission it takes. ``explanation`` is a sentence about the verb.
    ``foresee(row, user)`` gives sentences on what will follow, without changing or asking anything outside; it raises
    ``DomainError`` where the row does not allow the verb, or the person may not. ``perform(row, user, reason)`` does
    it, raises ``DomainError`` where it is refused, and changes nothing more when it comes a second time. ``related``
    are the relations that both read.
    """

    name: str
    model: type[Model]
    label: str | Promise
    explanation: str | Promise
    permission: str
    foresee: Callable[[Any, Any], Sequence[str | Promise]]
    perform: Callable[[Any, Any, str], object]
    related: tuple[str, ...] = ()

    def may(self, user: Any) -> bool:
        """Whether ``user`` may do this at all."""
        return bool(user.is_active and user.has_perm(self.permission))

    def rows(self) -> "QuerySet[Any]":
        """The model's rows with what the verb reads of others."""
        every = self.model._default_manager.all()
        return every.select_related(*self.related) if self.related else every

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
