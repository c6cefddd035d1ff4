"""State diagrams, drawn from the tables of moves."""

import shutil
from typing import Any

from docs.from_code.text import indented
from proctoring.common.state_machine import StateMachine
from proctoring.statuses import ATTEMPT_MACHINE
from proctoring.statuses import Actor as ExamActor
from verify_student.statuses import PHOTO_MACHINE
from verify_student.statuses import Actor as IdentityActor

# Staff and the system may go nearly anywhere: drawn, they would hide the rest. The tables have them.
OF_EXAMS = {ExamActor.LEARNER: "solid", ExamActor.VENDOR: "dashed"}
OF_IDENTITY = {IdentityActor.LEARNER: "solid", IdentityActor.PROVIDER: "dashed", IdentityActor.SYSTEM: "solid"}


def of_exams() -> str:
    return _directive(
        drawn(ATTEMPT_MACHINE, OF_EXAMS),
        "Attempts. A solid line is for learners, a broken one for vendors alone.",
    )


def of_identity() -> str:
    return _directive(
        drawn(PHOTO_MACHINE, OF_IDENTITY),
        "Photo verifications. A broken line is for providers, a solid one for learners and for delivery.",
    )


def drawn(machine: StateMachine[Any, Any], styles: dict[Any, str]) -> str:
    """The moves of these actors in Graphviz' language; who comes first in ``styles`` says how a move looks."""
    lines = [
        f'"{move.source}" -> "{move.target}" [style={style}]'
        for move in machine.moves()
        for style in [styles[actor] for actor in styles if actor in move.actors][:1]
    ]
    if not lines:
        raise LookupError("Nobody moves.")
    return "\n".join(["digraph {", 'node [shape=box, style=rounded, fontname="sans-serif"]', *lines, "}"])


def _directive(graph: str, caption: str) -> str:
    # Without Graphviz the tables say the same.
    if shutil.which("dot") is None:
        return f"*Graphviz draws this picture, and is not installed: {caption}*\n"
    return f".. graphviz::\n   :caption: {caption}\n   :alt: {caption}\n\n{indented(graph)}\n"
