"""
The README's table of transitions is generated: ``python -m tests.architecture.transitions_table`` writes it.

It stands between two comments, ``.. transitions-start`` and ``.. transitions-end``.
"""

from proctoring.statuses import ATTEMPT_MACHINE
from tests.architecture.rules.source import PROJECT

START = ".. transitions-start\n"
END = ".. transitions-end\n"
README = PROJECT / "README.rst"


def with_table(text: str, table: str) -> str:
    """
    ``text`` with ``table`` between the two comments. Raises ``ValueError`` unless each of them is there once, in
    order.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end) or START in rest or END in before + after:
        raise ValueError(f"There must be one line {START.strip()!r} and after it one {END.strip()!r}.")
    return f"{before}{START}\n{table}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8"), ATTEMPT_MACHINE.as_rst()), encoding="utf-8")
