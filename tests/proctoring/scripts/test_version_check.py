"""``version_check.py``."""

import json
import subprocess
import sys

import pytest

import proctoring
from proctoring.scripts import version_check


@pytest.fixture
def npm(tmp_path):
    def written(text):
        path = tmp_path / "package.json"
        path.write_text(text)
        return str(path)

    return written


def test_the_same_version_is_exit_code_0(npm, capsys):
    assert version_check.main([npm(json.dumps({"version": proctoring.__version__}))]) == 0
    assert capsys.readouterr() == (f"Both packages have version {proctoring.__version__}.\n", "")


def test_another_version_is_exit_code_1(npm, capsys):
    assert version_check.main([npm('{"version": "9.9.9"}'), "1.0.0"]) == 1
    assert capsys.readouterr() == ("", "The npm package has version 9.9.9, the Python package 1.0.0.\n")


@pytest.mark.parametrize(
    ("pair", "code"), [(["1.2.3", "1.2.3"], 0), (["1.2.3", "1.2.4"], 1), (["1.2.3-rc.1", "1.2.3"], 1)]
)
def test_versions_may_be_said_themselves(pair, code):
    assert version_check.main(pair) == code


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', '{"version": ""}', "version"])
def test_no_version_is_exit_code_1(npm, capsys, text):
    assert version_check.main([npm(text), "1.0.0"]) == 1
    assert "no version" in capsys.readouterr().err


def test_a_module_without_a_version_and_a_file_that_is_none(tmp_path, capsys):
    module = tmp_path / "module.py"
    module.write_text("version = 1\n")
    assert version_check.main(["1.0.0", str(module)]) == 1
    assert version_check.main([str(tmp_path / "package.json"), "1.0.0"]) == 1


def test_it_runs_by_its_path_without_django(npm, tmp_path):
    command = [sys.executable, "-I", "-S", version_check.__file__, npm('{"version": "0.0.0"}')]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
