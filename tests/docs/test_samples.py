"""What the documentation shows can be typed: samples run, commands and their options are there."""

import shlex
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.test import override_settings

from proctoring.backends import OPTIONS
from proctoring.conf import config as exam_config
from tests.docs import running
from tests.docs.samples import PAGES, PROJECT, Sample, blocks, command_lines, managed, mentions
from verify_student.conf import config as identity_config

PYTHON = blocks("python")
# Read from the settings, and no options of a plugin.
NOT_FOR_PLUGINS = {"class", "LINK_URLS", "callback_secrets"}


@pytest.fixture(params=PYTHON, ids=str)
def sample(request: Any) -> Sample:
    return request.param


def test_no_sample_is_passed_over() -> None:
    pages = {sample.page for sample in PYTHON}

    assert len(PYTHON) == sum(page.read_text(encoding="utf-8").count(":: python\n") for page in PAGES)
    assert {"README.rst", "install.rst", "verify_student.rst", "add_a_vendor.rst", "runbooks.rst"} <= pages
    assert len(managed()) > 20


def test_samples_run_and_what_they_import_is_there(sample: Sample) -> None:
    running.try_out(sample.text)


def test_settings_of_samples_are_known(sample: Sample) -> None:
    names = running.run(sample.text)

    with override_settings(PROCTORING_SETTINGS=names["PROCTORING_SETTINGS"], VERIFY_STUDENT=names["VERIFY_STUDENT"]):
        assert not exam_config.unknown_keys()
        assert not identity_config.unknown_keys()
    for vendor in names["PROCTORING_BACKENDS"].values():
        assert isinstance(vendor, str) or vendor.keys() <= OPTIONS | NOT_FOR_PLUGINS
    for dotted in running.dotted_paths(names):
        if not running.is_fictional(dotted):
            running.resolve(dotted)


def test_addresses_of_samples_are_there(sample: Sample) -> None:
    for mounted in running.run(sample.text)["urlpatterns"]:
        assert mounted.url_patterns


@pytest.mark.parametrize(("line", "words"), managed(), ids=str)
def test_commands_can_be_typed(line: Sample, words: list[str]) -> None:
    name, *options = words

    _command(name).create_parser("manage.py", name).parse_args(options)


@pytest.mark.parametrize(("mention", "words"), mentions(), ids=str)
def test_commands_that_sentences_name_are_there(mention: Sample, words: list[str]) -> None:
    name, *others = words
    known = set(_command(name).create_parser("manage.py", name)._option_string_actions)

    assert {word for word in others if word.startswith("-")} <= known


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("from proctoring.api import no_such_function", ImportError),
        ("import proctoring.no_such_module", ImportError),
        ("PROCTORING_SETTINGS = {", SyntaxError),
        ("INSTALLED_APPS += no_such_list", NameError),
        ('urlpatterns += [path("api/", include("proctoring.no_such_urls"))]', ImportError),
        ("from proctoring.lms import set_runtime_service\n\nset_runtime_service()", TypeError),
    ],
)
def test_a_sample_that_cannot_run_is_noticed(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        running.try_out(text)


def test_commands_that_tables_name_are_there() -> None:
    operations = (PROJECT / "docs/operations.rst").read_text(encoding="utf-8")
    of_ours = {name for name, app in get_commands().items() if app in {"proctoring", "verify_student"}}

    assert not {name for name in of_ours if f"``{name}" not in operations and f"manage.py {name}" not in operations}


def test_make_targets_are_there() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    calls = [shlex.split(line.text, comments=True) for line in command_lines()]
    targets = {words[1] for words in calls if words[0] == "make"}

    assert targets
    assert not {target for target in targets if f"\n{target}:" not in makefile}


def _command(name: str) -> BaseCommand:
    app = get_commands()[name]
    return app if isinstance(app, BaseCommand) else load_command_class(app, name)
