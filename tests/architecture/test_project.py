"""The project keeps every rule of the house."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.rules import (
    budgets_used,
    inline_scripts,
    machine_paths,
    names,
    network_imports,
    own_modules,
    settings_readers,
    signal_wiring,
    sizes,
    status_writer,
)
from tests.architecture.rules.source import PROJECT, Violation, report

RULES = {
    "single writer of status": status_writer.violations,
    "settings": settings_readers.violations,
    "signals": signal_wiring.violations,
    "network": network_imports.violations,
    "sizes": sizes.violations,
    "names and imports": names.violations,
    "patches of our own modules": own_modules.violations,
    "query budgets": budgets_used.violations,
    "inline scripts": inline_scripts.violations,
    "machine paths": machine_paths.violations,
}


@pytest.mark.parametrize("violations", RULES.values(), ids=RULES.keys())
def test_project_keeps_the_rule(violations: Callable[[Path], list[Violation]]) -> None:
    found = violations(PROJECT)

    assert not found, f"{len(found)} violations\n{report(found)}"


def test_report_is_ordered_by_file_and_line() -> None:
    found = [Violation("b.py", 1, "no"), Violation("a.py", 10, "no"), Violation("a.py", 9, "no")]

    assert report(found) == "a.py:9: no\na.py:10: no\nb.py:1: no"
