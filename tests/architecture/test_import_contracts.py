"""The project keeps its import contracts, and each of them can fail."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.rules.source import PROJECT

CONFIGURATION = "pyproject.toml"


def root_packages() -> list[str]:
    settings: dict[str, Any] = tomllib.loads((PROJECT / CONFIGURATION).read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    return list(settings["root_packages"])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources of the contracts' packages and their configuration."""
    for package in root_packages():
        for path in (PROJECT / package).rglob("*.py"):
            target = tmp_path / path.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.copyfile(PROJECT / CONFIGURATION, tmp_path / CONFIGURATION)
    return tmp_path


def lint(folder: Path) -> tuple[int, str]:
    """Exit code and output of ``lint-imports`` in ``folder``."""
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", CONFIGURATION],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )
    return linted.returncode, linted.stdout + linted.stderr


def test_project_keeps_the_contracts(copy: Path) -> None:
    code, output = lint(copy)

    assert code == 0, output


MISSTEPS = {
    "proctoring/services/stray.py": "import celery\nfrom proctoring.rest import attempts\n",
    "proctoring/backends/stray.py": "",
    "proctoring/stray.py": "import demo.urls\n",
    "verify_student/stray.py": "import proctoring.conf\n",
}
FINDINGS = [
    "proctoring.services is not allowed to import proctoring.rest:",
    "proctoring.services.stray -> proctoring.rest.attempts (l.2)",
    "proctoring.services is not allowed to import celery:",
    "proctoring.services.stray -> celery (l.1)",
    "proctoring is not allowed to import demo:",
    "proctoring.stray -> demo.urls (l.1)",
    "verify_student is not allowed to import proctoring:",
    "verify_student.stray -> proctoring.conf (l.1)",
    "The following modules are not listed as layers:",
    "- proctoring.stray",
    "- proctoring.backends.stray",
    "- verify_student.stray",
]


def test_missteps_are_reported(copy: Path) -> None:
    for path, source in MISSTEPS.items():
        (copy / path).write_text(source)

    code, output = lint(copy)

    reported = [" ".join(line.split()) for line in output.splitlines()]
    assert code == 1
    assert not [finding for finding in FINDINGS if not any(finding in line for line in reported)], output
