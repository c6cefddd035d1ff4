"""The README shows the table of transitions that the code has."""

import pytest

from proctoring.statuses import ATTEMPT_MACHINE
from tests.architecture.transitions_table import END, README, START, with_table

TEXT = f"Title\n\n{START}\nold\n\n{END}\nMore\n"


def test_readme_has_the_current_table() -> None:
    text = README.read_text(encoding="utf-8")

    assert text == with_table(text, ATTEMPT_MACHINE.as_rst()), (
        "README.rst does not show the table of proctoring.statuses.ATTEMPT_MACHINE; "
        "`python -m tests.architecture.transitions_table` writes it"
    )


def test_table_replaces_what_is_between_the_comments() -> None:
    assert with_table(TEXT, "new\n") == f"Title\n\n{START}\nnew\n\n{END}\nMore\n"


def test_table_is_written_once_and_for_all() -> None:
    once = with_table(TEXT, "new\n")

    assert with_table(once, "new\n") == once != TEXT


@pytest.mark.parametrize("text", ["", START, END, END + START, TEXT + START, TEXT + END, START + TEXT])
def test_text_without_a_place_for_the_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="There must be one line"):
        with_table(text, "new\n")
