"""Every name that code written for the platform's own app imports is there, and is ours."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name

import pytest

from tests.aliases import listed, run
from verify_student import api, models, signals
from verify_student.exceptions import VerificationException

LISTED = sorted(set(listed(Path(__file__).with_name("names.toml"))))
OLD = "lms.djangoapps.verify_student"
CHECKED = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from django.core.checks import run_checks
said = [(m.id, str(m.msg)) for m in run_checks() if m.id in {"verify_student.E016", "verify_student.W017"}]
"""


@pytest.mark.parametrize(("place", "name"), LISTED, ids=lambda part: part.removeprefix(OLD) or "-")
def test_every_listed_name_is_there(place: str, name: str) -> None:
    found = resolve_name(place)
    assert not name or hasattr(found, name)


def test_an_old_module_is_ours_and_no_copy() -> None:
    assert import_module(f"{OLD}.models") is models
    assert import_module(f"{OLD}.services") is api
    assert import_module(f"{OLD}.signals.signals") is signals
    assert resolve_name(f"{OLD}.signals.idv_update_signal") is signals.idv_update_signal
    assert resolve_name(f"{OLD}.models.VerificationException") is VerificationException
    assert resolve_name(f"{OLD}.exceptions.VerificationException") is VerificationException


def test_an_old_name_does_not_take_the_place_of_a_module_of_ours() -> None:
    import_module(f"{OLD}.services")
    import_module(f"{OLD}.tasks")
    ours = sys.modules["verify_student"]
    assert (ours.services.__name__, ours.tasks.__name__) == ("verify_student.services", "verify_student.tasks")


def test_names_are_there_before_any_app_is() -> None:
    run("import verify_student.compat\nfrom lms.djangoapps.verify_student.statuses import VerificationAttemptStatus\n")


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """A platform with another app of its own."""
    package(tmp_path, "lms/djangoapps/courseware")
    return tmp_path


def package(root: Path, name: str) -> None:
    folder = root
    for part in name.split("/"):
        folder /= part
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").write_text("REAL = True\n")


def test_only_one_app_of_a_platform_is_ours(platform: Path) -> None:
    code = CHECKED + (
        "import lms.djangoapps.courseware, lms.djangoapps.verify_student.api as api\n"
        "assert lms.REAL and lms.djangoapps.courseware.REAL and not hasattr(api, 'REAL') and not said\n"
        "from importlib.util import find_spec\n"
        "assert find_spec('lms.djangoapps.grades') is None and find_spec('lms.urls') is None\n"
    )
    run(code, platform)


def test_the_platforms_own_app_goes_first_and_check_says_so(platform: Path) -> None:
    package(platform, "lms/djangoapps/verify_student")
    code = CHECKED + "import lms.djangoapps.verify_student as app\nassert app.REAL\nprint(said)"
    assert "verify_student.E016" in run(code, platform)


def test_the_platforms_own_app_is_passed_over_on_demand_and_check_says_so(platform: Path) -> None:
    package(platform, "lms/djangoapps/verify_student")
    code = "import verify_student.compat\nverify_student.compat.aliases.take_over()\n" + CHECKED
    code += (
        "import lms, lms.djangoapps.verify_student as app\nassert lms.REAL and not hasattr(app, 'REAL')\nprint(said)"
    )
    assert "verify_student.W017" in run(code, platform)
