"""A package under another name: whose modules they are, and whose they are not."""

import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

from proctoring.common.aliases import Aliases

FILES = {
    "aliased_new/__init__.py": "__version__ = '3'\n",
    "aliased_new/plain.py": "class Thing: ...\n",
    "aliased_new/services/__init__.py": "",
    "aliased_new/door/__init__.py": "",
    "aliased_new/door/service.py": "HERE = True\n",
    "aliased_new/broken.py": "raise ValueError('broken')\n",
}


def written(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    invalidate_caches()


@pytest.fixture(autouse=True)
def imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test imports and installs is gone after it."""
    written(tmp_path, FILES)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] in {"aliased_new", "aliased_old"}]:
        del sys.modules[name]


@pytest.fixture
def aliases() -> Aliases:
    made = Aliases("aliased_old", "aliased_new", {"services": "aliased_new.door.service", "gone": "aliased_new.gone"})
    made.install()
    return made


@pytest.mark.usefixtures("aliases")
def test_a_module_is_the_one_of_the_same_name() -> None:
    old, new = import_module("aliased_old.plain"), import_module("aliased_new.plain")
    assert old is new
    assert new.__spec__ is not None
    assert (new.__name__, new.__spec__.name) == ("aliased_new.plain", "aliased_new.plain")


@pytest.mark.usefixtures("aliases")
def test_or_the_one_that_it_is_said_to_be() -> None:
    assert import_module("aliased_old.services") is import_module("aliased_new.door.service")
    ours = import_module("aliased_new.services")
    assert sys.modules["aliased_new"].services is ours


@pytest.mark.usefixtures("aliases")
def test_the_package_itself_is_one_of_its_own_with_our_version() -> None:
    root = import_module("aliased_old")
    assert root is not import_module("aliased_new")
    assert root.__version__ == "3"


@pytest.mark.parametrize(
    "name", ["aliased_old.nothing", "aliased_old.gone", "aliased_old.plain.deeper", "aliased_older"]
)
@pytest.mark.usefixtures("aliases")
def test_what_we_have_not_is_not_there(name: str) -> None:
    with pytest.raises(ModuleNotFoundError):
        import_module(name)


@pytest.mark.usefixtures("aliases")
def test_a_module_that_cannot_be_imported_says_why_and_leaves_nothing() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            import_module("aliased_old.broken")
    assert "aliased_old.broken" not in sys.modules


def test_packages_above_are_made_only_where_there_are_none(tmp_path: Path) -> None:
    Aliases("aliased_old.apps.exams", "aliased_new", {}).install()
    written(tmp_path, {"aliased_old/__init__.py": "REAL = True\n", "aliased_old/other.py": ""})
    assert import_module("aliased_old.apps.exams.plain") is import_module("aliased_new.plain")
    assert sys.modules["aliased_old"].REAL
    import_module("aliased_old.other")
    with pytest.raises(ModuleNotFoundError):
        import_module("aliased_old.apps.others")


def test_a_real_package_goes_first_and_is_not_completed(tmp_path: Path, aliases: Aliases) -> None:
    assert aliases.real_package() is None
    written(tmp_path, {"aliased_old/__init__.py": "REAL = True\n"})
    assert aliases.real_package() == str(tmp_path / "aliased_old/__init__.py")
    assert import_module("aliased_old").REAL
    with pytest.raises(ModuleNotFoundError):
        import_module("aliased_old.plain")


def test_on_demand_it_is_passed_over(tmp_path: Path, aliases: Aliases) -> None:
    written(tmp_path, {"aliased_old/__init__.py": "REAL = True\n", "aliased_old/plain.py": "REAL = True\n"})
    aliases.take_over()
    assert aliases.has_taken_over
    assert aliases.real_package() is not None
    assert import_module("aliased_old.plain") is import_module("aliased_new.plain")
    aliases.take_over()
    assert sys.meta_path.count(aliases) == 1


def test_not_once_it_is_in_use(tmp_path: Path, aliases: Aliases) -> None:
    written(tmp_path, {"aliased_old/__init__.py": "REAL = True\n"})
    import_module("aliased_old")
    with pytest.raises(RuntimeError, match="aliased_old has been imported already"):
        aliases.take_over()


def test_a_folder_that_was_left_behind_is_no_package(tmp_path: Path, aliases: Aliases) -> None:
    (tmp_path / "aliased_old").mkdir()
    assert aliases.real_package() is None
    assert import_module("aliased_old.plain") is import_module("aliased_new.plain")
