"""The distributions hold the packages with all that is in them, and nothing else."""

from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

import proctoring
from tests.packaging.conftest import BESIDE, FILES, files_of_packages, unpacked_wheel

DATA = {".html", ".txt", ".css", ".js", ".mo", ".po", ".yaml", ".typed"}


@pytest.fixture(scope="module")
def distribution(wheel: Path) -> Distribution:
    (info,) = wheel.glob("*.dist-info")
    return PathDistribution(info)


def test_the_wheel_holds_the_packages_and_nothing_else(sources: Path, wheel: Path) -> None:
    held = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}
    assert {name for name in held if ".dist-info/" not in name} == files_of_packages(sources)


def test_templates_static_files_catalogues_and_markers_are_there(wheel: Path) -> None:
    held = files_of_packages(wheel)
    assert {Path(name).suffix for name in held} == {".py", *DATA}
    for name in ("proctoring/py.typed", "verify_student/py.typed", "proctoring/rest/openapi.yaml"):
        assert name in held
    for name in held:
        assert not name.endswith(".po") or name.removesuffix(".po") + ".mo" in held


def test_the_source_distribution_makes_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    assert files_of_packages(sdist) == files_of_packages(wheel)
    assert files_of_packages(unpacked_wheel(sdist, tmp_path)) == files_of_packages(wheel)


def test_the_source_distribution_has_what_is_read_when_it_is_built(sdist: Path) -> None:
    assert [name for name in FILES if not (sdist / name).is_file()] == []
    assert [name for name in BESIDE if (sdist / name).exists()] == []


def test_the_wheel_says_what_it_is(distribution: Distribution) -> None:
    said = distribution.metadata
    assert (said["Name"], said["Version"]) == ("special-exams", proctoring.__version__)
    assert said["License-Expression"] == "AGPL-3.0-or-later"
    assert any(needed.startswith("Django") for needed in distribution.requires or [])


def test_what_entry_points_name_can_be_loaded(distribution: Distribution) -> None:
    loaded = {(point.group, point.name): point.load() for point in distribution.entry_points}
    assert {group for group, _name in loaded} == {"openedx.proctoring", "lms.djangoapp", "cms.djangoapp"}
    assert {name for group, name in loaded if group == "openedx.proctoring"} == {
        "mock",
        "null",
        "rpnow4",
        "software_secure",
    }
    for group in ("lms.djangoapp", "cms.djangoapp"):
        apps = [app for (of, _name), app in loaded.items() if of == group]
        assert {app.label for app in apps} == {"proctoring", "edx_proctoring"}
        assert all(app.plugin_app is not None for app in apps)
