"""The distributions, built from a copy of the sources as they are, without network."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("proctoring", "verify_student")
# What is not a part of any distribution must not get into one, even where it lies beside the packages.
BESIDE = ("tests", "demo", "examples", "benchmarks", "docs")
FILES = ("setup.py", "pyproject.toml", "MANIFEST.in", "README.rst", "CHANGELOG.rst", "LICENSE", "requirements/base.in")
BUILD_SDIST = "import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])"
WHEEL = ["-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]


def files_of_packages(root: Path) -> set[str]:
    """The files below the packages of ``root``, without what Python leaves there."""
    found = (path for package in PACKAGES for path in (root / package).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix() for path in found if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("sources")
    for package in PACKAGES:
        shutil.copytree(PROJECT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in BESIDE:
        (copy / folder).mkdir()
        (copy / folder / "__init__.py").write_text("")
        (copy / folder / "test_it.py").write_text("")
    for name in FILES:
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(PROJECT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked: what an installation puts where packages are."""
    return unpacked_wheel(sources, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    python("-c", BUILD_SDIST, str(folder), cwd=sources)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def unpacked_wheel(sources: Path, folder: Path) -> Path:
    python(*WHEEL, str(folder), ".", cwd=sources)
    (archive,) = folder.glob("*.whl")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder / "site")  # noqa: S202 - made a moment ago
    return folder / "site"


def python(*arguments: str, cwd: Path) -> str:
    """What Python writes that runs with ``arguments``. Fails with what it complains of."""
    ran = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
