"""A copy of an example, and its ``manage.py`` on the packages that are to be tried."""

import shutil
from pathlib import Path

import pytest

from tests.packaging.conftest import PROJECT, python

OWN_COURSES = PROJECT / "examples" / "own_courses"
MANAGE = """
import os, runpy, sys
packages, sys.argv[:2] = sys.argv[1], ["manage.py"]
sys.path.insert(1, packages)
import proctoring
assert proctoring.__file__.startswith(packages), proctoring.__file__
os.environ.pop("DJANGO_SETTINGS_MODULE", None)
runpy.run_path("manage.py", run_name="__main__")
"""


@pytest.fixture
def own_courses(tmp_path: Path) -> Path:
    """The platform with its own courses."""
    return copied(tmp_path)


def copied(folder: Path) -> Path:
    """Its files in a folder of ``folder``, without what running it leaves beside them."""
    left = shutil.ignore_patterns("__pycache__", "db.sqlite3*", "files", "photos")
    return shutil.copytree(OWN_COURSES, folder / "own_courses", ignore=left)


def manage(example: Path, *arguments: str, packages: Path = PROJECT) -> str:
    """What the example's command writes, with the apps of ``packages``. Fails with what it complains of."""
    return python("-c", MANAGE, str(packages), *arguments, cwd=example)
