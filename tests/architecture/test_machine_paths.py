"""The rule about paths of one machine can fail, and knows addresses from folders."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.machine_paths import RULE, violations
from tests.architecture.rules.source import report

# Put together here, since these lines are committed too.
FOLDERS = [f"/{name}/" for name in ("home", "root", "work", "Users")]
TEMPORARY = f"/{'tmp'}/"


@pytest.mark.parametrize("folder", [*FOLDERS, TEMPORARY])
@pytest.mark.parametrize("before", ["", "'", "sqlite:///", "file://", "see ", "PATH=", "bin:", "("])
def test_path_is_found(tree: Tree, folder: str, before: str) -> None:
    found = violations(tree({"docs/index.rst": f"Title\n{before}{folder}ada/x\n"}))

    assert report(found) == f"docs/index.rst:2: {RULE}, this one names {folder}"


def test_tests_may_name_the_folder_for_temporary_files_only(tree: Tree) -> None:
    found = violations(tree({"tests/test_demo.py": f"x = '{TEMPORARY}x'\ny = '{FOLDERS[0]}ada'\n"}))

    assert report(found) == f"tests/test_demo.py:2: {RULE}, this one names {FOLDERS[0]}"


@pytest.mark.parametrize(
    "text",
    [
        "/courses/<course>{folder}page",
        "/courses/{{course}}{folder}page",
        "https://lms.example{folder}page",
        "and{folder}page",
        "path('{folder}')",
    ],
)
@pytest.mark.parametrize("folder", FOLDERS)
def test_addresses_are_free(tree: Tree, text: str, folder: str) -> None:
    assert not violations(tree({"docs/index.rst": text.format(folder=folder)}))


def test_hidden_generated_and_binary_files_are_not_read(tree: Tree) -> None:
    text = f"{FOLDERS[0]}ada/x"
    root = tree({".venv/bin/activate": text, "build/lib.py": text, "special_exams.egg-info/PKG-INFO": text})
    (root / "picture.png").write_bytes(b"\x89PNG\xff" + text.encode())

    assert not violations(root)


def test_git_decides_what_is_read(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{FOLDERS[0]}ada/x"
    root = tree({".gitignore": "local.py\n", "local.py": text, "proctoring/conf.py": text, ".ci/run": text})
    _git(root, "init", "--quiet")
    _git(root, "add", "proctoring")

    assert [violation.path for violation in violations(root)] == [".ci/run", "proctoring/conf.py"]


def _git(root: Path, *arguments: str) -> None:
    if subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False).returncode:
        pytest.skip("git does not work here")
