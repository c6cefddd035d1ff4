"""What the threat model names is there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "docs/security.rst").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"``((?:tests|proctoring|verify_student)/[\w./]+)``", TEXT)))


def test_it_names_code_and_tests() -> None:
    assert len([path for path in PATHS if path.startswith("tests/")]) > 30
    assert len([path for path in PATHS if not path.startswith("tests/")]) > 20


@pytest.mark.parametrize("path", PATHS)
def test_what_it_names_is_there(path: str) -> None:
    assert (PROJECT / path).exists()


def test_each_threat_has_a_control_its_code_and_a_test() -> None:
    table = TEXT.partition("Threats and controls\n")[2].partition("Hostile input\n")[0]
    rows = re.split(r"\n   \* - ", table)[2:]
    assert len(rows) > 15
    for row in rows:
        cells = re.split(r"\n     - ", row)
        assert len(cells) == 4, row
        assert "``proctoring/" in cells[2] or "``verify_student/" in cells[2], row
        assert "``tests/" in cells[3], row


def test_how_to_report_is_said() -> None:
    said = (PROJECT / "SECURITY.rst").read_text(encoding="utf-8")
    for heading in ("How to report", "What happens then", "Supported versions", "Scope"):
        assert f"\n{heading}\n---" in said
    assert "@" not in said
