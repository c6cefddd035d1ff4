"""Every name that older code imports is there, and is ours (contract python.md §0)."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from proctoring import api, lms, models
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.compat import aliases
from tests.aliases import listed, run

LISTED = sorted(set(listed(Path(__file__).with_name("names.toml"))))
CONFIGURED = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
"""


@pytest.mark.parametrize(("place", "name"), LISTED, ids=lambda part: part or "-")
def test_every_listed_name_is_there(place: str, name: str) -> None:
    found = resolve_name(place)
    assert not name or hasattr(found, name)


def test_an_old_module_is_ours_and_no_copy() -> None:
    assert import_module("edx_proctoring.api") is api
    assert import_module("edx_proctoring.models") is models
    assert import_module("edx_proctoring.runtime") is lms
    assert resolve_name("edx_proctoring.backends.backend.ProctoringBackendProvider") is ProctoringBackendProvider
    assert api.__name__ == "proctoring.api"
    assert api.__spec__ is not None
    assert api.__spec__.name == "proctoring.api"


def test_an_old_name_does_not_take_the_place_of_a_module_of_ours() -> None:
    import_module("edx_proctoring.services")
    assert sys.modules["proctoring"].services.__name__ == "proctoring.services"
    assert sys.modules["edx_proctoring"].services.__name__ == "proctoring.api.service"


def test_what_is_nowhere_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"edx_proctoring\.nothing"):
        import_module("edx_proctoring.nothing")
    with pytest.raises(ModuleNotFoundError, match="edx_proctoring_of_others"):
        import_module("edx_proctoring_of_others")


def test_the_constants_of_settings_are_as_the_settings_are(settings: Any) -> None:
    settings.PROCTORING_SETTINGS = {"PLATFORM_NAME": "Here", "ALLOW_REVIEW_UPDATES": False}
    constants = import_module("edx_proctoring.constants")
    assert (constants.PLATFORM_NAME, constants.ALLOW_REVIEW_UPDATES) == ("Here", False)
    with pytest.raises(AttributeError, match="NOTHING"):
        _ = constants.NOTHING


def test_the_app_is_found_by_its_old_label(settings: Any) -> None:
    config: Any = apps.get_app_config("edx_proctoring")
    assert apps.get_model("edx_proctoring", "ProctoredExam") is models.ProctoredExam
    assert apps.get_model("edx_proctoring.proctoredexam") is models.ProctoredExam
    with pytest.raises(LookupError):
        apps.get_model("edx_proctoring", "Nothing")
    assert len(apps.get_models()) == len(set(apps.get_models()))
    settings.PROCTORING_BACKENDS = {"DEFAULT": "null", "null": {"verbose_name": "Nobody"}, "broken": {}}
    assert list(config.get_backend_choices()) == [("null", "Nobody")]
    assert config.backends == {"null": config.get_backend("null")}
    assert config.get_backend() is config.get_backend("null")
    with pytest.raises(NotImplementedError):
        config.get_backend("broken")
    settings.PROCTORING_BACKENDS = {}
    with pytest.raises(ImproperlyConfigured):
        config.get_backend()


def test_names_are_there_before_any_app_is() -> None:
    code = """
import proctoring.compat, edx_proctoring
from edx_proctoring import apps, constants, exceptions, runtime, signals, statuses
from edx_proctoring.backends.backend import ProctoringBackendProvider
from edx_proctoring.backends.rest import BaseRestProctoringProvider
assert constants.VERIFICATION_DAYS_VALID == 365
"""
    assert run(code + "print(ProctoringBackendProvider.__module__, edx_proctoring.__version__)").split() == [
        "proctoring.backends.base",
        sys.modules["proctoring"].__version__,
    ]


def test_without_the_app_there_are_none() -> None:
    asked = 'django.setup()\nfrom importlib.util import find_spec\nprint(find_spec("edx_proctoring"))'
    assert run(CONFIGURED.replace("tests.settings", "demo.settings") + asked).strip() == "None"


def test_what_is_written_into_an_old_module_is_in_ours() -> None:
    code = """
django.setup()
from unittest import mock
from proctoring import api
before = api.get_exam_by_id
with mock.patch("edx_proctoring.api.get_exam_by_id") as patched:
    assert api.get_exam_by_id is patched
assert api.get_exam_by_id is before
"""
    run(CONFIGURED + code)


CHECKED = CONFIGURED + "django.setup()\nfrom django.core.checks import run_checks\nfound = run_checks()\n"
PRINTED = 'print([(m.id, str(m.msg)) for m in found if m.id in {"proctoring.E017", "proctoring.W018"}])'


@pytest.fixture
def real(tmp_path: Path) -> Path:
    package = tmp_path / "edx_proctoring"
    package.mkdir()
    (package / "__init__.py").write_text("REAL = True\n")
    (package / "api.py").write_text("REAL = True\n")
    return tmp_path


def test_a_real_package_goes_first_and_check_says_so(real: Path) -> None:
    code = """
import edx_proctoring.api
from importlib.util import find_spec
assert edx_proctoring.api.REAL and find_spec("edx_proctoring.models") is None
"""
    said = run(CHECKED + code + PRINTED, real)
    assert "proctoring.E017" in said
    assert str(real / "edx_proctoring") in said


def test_a_real_package_is_passed_over_on_demand_and_check_says_so(real: Path) -> None:
    code = "import proctoring.compat\nproctoring.compat.aliases.take_over()\n"
    said = run(
        code + CHECKED + "import edx_proctoring.api\nassert not hasattr(edx_proctoring.api, 'REAL')\n" + PRINTED, real
    )
    assert "proctoring.W018" in said


def test_a_real_package_that_is_in_use_is_not_passed_over(real: Path) -> None:
    code = """
import edx_proctoring, proctoring.compat
try:
    proctoring.compat.aliases.take_over()
except RuntimeError as error:
    print(error)
"""
    assert "edx_proctoring has been imported already" in run(code, real)


def test_an_empty_folder_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "edx_proctoring").mkdir()
    code = "import edx_proctoring.api as api\nassert api.__name__ == 'proctoring.api'\n"
    assert run(CHECKED + code + PRINTED, tmp_path).strip() == "[]"


def test_a_second_installation_changes_nothing() -> None:
    before = list(sys.meta_path)
    aliases.install()
    assert sys.meta_path == before
