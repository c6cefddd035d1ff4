"""A state machine as one table: from, to, and who may make the move. What they mean is not its business."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State", bound=Hashable)
Actor = TypeVar("Actor", bound=Hashable)


@dataclass(frozen=True)
class Move(Generic[State, Actor]):
    """One row of the table: any of ``actors`` may go from ``source`` to ``target``."""

    source: State
    target: State
    actors: frozenset[Actor]


def moves(sources: Iterable[State], targets: Iterable[State], *actors: Actor) -> Iterator[Move[State, Actor]]:
    """Every move from one of ``sources`` to another state of ``targets``; staying where one is is not a move."""
    wanted = tuple(targets)
    for source in sources:
        for target in wanted:
            if source != target:
                yield Move(source, target, frozenset(actors))


class IllegalMove(ValueError):
    """The table has no such move for this actor. Carries ``source``, ``target`` and ``actor``."""

    def __init__(self, source: object, target: object, actor: object) -> None:
        super().__init__(source, target, actor)
        self.source = source
        self.target = target
        self.actor = actor

    def __str__(self) -> str:
        return f"{self.actor} may not go from {self.source} to {self.target}"


class StateMachine(Generic[State, Actor]):
    """
    Answers who may go where.

    Rows for the same pair are merged. A row with a state that is not among ``states``, or with nobody who may make the
    move, is refused with ``ValueError``.
    """

    def __init__(self, states: Iterable[State], moves: Iterable[Move[State, Actor]]) -> None:
        self._states = tuple(dict.fromkeys(states))
        self._actors: dict[tuple[State, State], frozenset[Actor]] = {}
        for move in moves:
            self._add(move)

    def _add(self, move: Move[State, Actor]) -> None:
        for state in (move.source, move.target):
            if state not in self._states:
                raise ValueError(f"Unknown state: {state}")
        if not move.actors:
            raise ValueError(f"Nobody may go from {move.source} to {move.target}")
        pair = (move.source, move.target)
        self._actors[pair] = self.actors(*pair) | move.actors

    def actors(self, source: State, target: State) -> frozenset[Actor]:
        """Who may make this move; nobody, where the table does not list it."""
        return self._actors.get((source, target), frozenset())

    def moves(self) -> Iterator[Move[State, Actor]]:
        """Every move that somebody may make, in the order of ``states``; one for each pair."""
        for source in self._states:
            for target in self._states:
                if actors := self.actors(source, target):
                    yield Move(source, target, actors)

    def allows(self, source: State, target: State, actor: Actor) -> bool:
        """Whether ``actor`` may make this move."""
        return actor in self.actors(source, target)

    def targets(self, source: State, actor: Actor) -> frozenset[State]:
        """Where ``actor`` may go from ``source``."""
        return frozenset(target for target in self._states if self.allows(source, target, actor))

    def check(self, source: State, target: State, actor: Actor) -> None:
        """Raise ``IllegalMove`` unless ``actor`` may make this move."""
        if not self.allows(source, target, actor):
            raise IllegalMove(source, target, actor)

    def as_rst(self) -> str:
        """
        The table as a reStructuredText ``list-table``, in the order of ``states``, ending in a line feed.

        One row says where an actor may go from every state of a group; a state that stands on both sides is not left
        for itself.
        """
        lines = [".. list-table::", "   :header-rows: 1", ""]
        lines += _rst_row("Who", "From", "To")
        for actor in sorted({actor for who in self._actors.values() for actor in who}, key=str):
            for sources, targets in self._groups(actor):
                lines += _rst_row(str(actor), self._listed(sources), self._listed(targets))
        return "\n".join(lines) + "\n"

    def _groups(self, actor: Actor) -> list[tuple[list[State], frozenset[State]]]:
        """States from which ``actor`` may go to the same ones, each state itself aside."""
        groups: list[tuple[list[State], frozenset[State]]] = []
        for source in self._states:
            targets = self.targets(source, actor)
            if not targets:
                continue
            for number, (members, reached) in enumerate(groups):
                joined = [*members, source]
                if all(self.targets(member, actor) == (reached | targets) - {member} for member in joined):
                    groups[number] = (joined, reached | targets)
                    break
            else:
                groups.append(([source], targets))
        return groups

    def _listed(self, states: Iterable[State]) -> str:
        wanted = frozenset(states)
        if wanted == frozenset(self._states):
            return "any"
        return ", ".join(f"``{state}``" for state in self._states if state in wanted)


def _rst_row(first: str, *others: str) -> list[str]:
    return [f"   * - {first}", *(f"     - {cell}" for cell in others)]
