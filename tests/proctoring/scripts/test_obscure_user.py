"""``obscure_user.py``."""

import csv
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from proctoring.scripts import obscure_user
from proctoring.services.vendors import obscured_user_id

HEADER = ["email", "existing_user_id", "target_user_id"]


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "the old key")
    monkeypatch.setenv("PROCTORING_USER_OBFUSCATION_KEY", "obfuscation-key")


@pytest.fixture
def run(tmp_path, capsys):
    """The exit code, the rows that were written, and what was said; ``text`` is what is read."""

    def ran(text, *options):
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_bytes(text.encode("utf-8", "surrogateescape"))
        code = obscure_user.main([str(source), str(target), *options])
        rows = list(csv.reader(target.read_text().splitlines())) if target.exists() else None
        return code, rows, capsys.readouterr().err.splitlines()

    return ran


def test_both_ids_of_everybody(run, settings):
    settings.PROCTORING_USER_OBFUSCATION_KEY = "the old key"
    old = obscured_user_id(1234, "proctor_x")
    code, rows, said = run("email,user_id\nann@example.com,1234\n", "--backend", "proctor_x")
    assert (code, said) == (0, ["1 written, 0 rows skipped."])
    assert rows == [HEADER, ["ann@example.com", old, "6ab229bf465cb31777afbe12414046b927ea43e8"]]


def test_the_usual_vendor(run, settings):
    settings.PROCTORING_USER_OBFUSCATION_KEY = "obfuscation-key"
    _, rows, _ = run("\ufeffuser_id,name,email\r\n 1 ,Ann,ann@example.com\r\n")
    assert rows[1][2] == obscured_user_id(1, "proctortrack")


def test_the_last_of_several_rows_with_one_address_counts(run):
    _, rows, _ = run("email,user_id\na@example.com,1\nb@example.com,2\na@example.com,3\n")
    _, [_, three], _ = run("email,user_id\na@example.com,3\n")
    assert [row[0] for row in rows] == ["email", "a@example.com", "b@example.com"]
    assert rows[1] == three


def test_rows_that_say_too_little_are_skipped_by_their_number(run):
    lines = [
        "email,user_id",
        ",1",
        "a@example.com,",
        "b@example.com",
        "c@example.com,x",
        "d@example.com,1",
        "",
        'e,"2"x',
    ]
    lines += ["\udcff@example.com,4", "f@example.com,²", f"g@example.com,{'9' * 20}"]
    code, rows, said = run("\n".join(lines))
    assert (code, len(rows)) == (0, 2)
    assert said == [
        "Row 2 is skipped: email or user_id is missing.",
        "Row 3 is skipped: email or user_id is missing.",
        "Row 4 is skipped: email or user_id is missing.",
        "Row 5 is skipped: user_id is not a number.",
        "Row 8 is skipped: it cannot be read.",
        "Row 9 is skipped: email is not UTF-8.",
        "Row 10 is skipped: user_id is not a number.",
        "Row 11 is skipped: user_id is not a number.",
        "1 written, 8 rows skipped.",
    ]


@pytest.mark.parametrize("text", ["", "email,user_id\n", "email,id\na,1\n", "email,user_id\na,\n", "a@example.com,1\n"])
def test_nothing_made_is_exit_code_1_and_no_file(run, text):
    code, rows, said = run(text)
    assert (code, rows) == (1, None)
    assert said[-1].startswith("Nothing was made.")


@pytest.mark.parametrize("name", ["DJANGO_SECRET_KEY", "PROCTORING_USER_OBFUSCATION_KEY"])
@pytest.mark.parametrize("key", [None, "", "schlüssel"])
def test_without_a_key_nothing_is_made(run, monkeypatch, name, key):
    monkeypatch.setenv(name, key) if key is not None else monkeypatch.delenv(name)
    code, rows, said = run("email,user_id\na@example.com,1\n")
    assert (code, rows) == (1, None)
    assert name in said[0]


def test_files_that_are_none_are_exit_code_1(tmp_path, capsys):
    source = tmp_path / "in.csv"
    source.write_text("email,user_id\na@example.com,1\n")
    for paths in ((tmp_path / "missing", tmp_path / "out"), (source, tmp_path), (source, tmp_path / "no" / "out")):
        assert obscure_user.main([str(path) for path in paths]) == 1
        assert capsys.readouterr().err.splitlines()[-1].startswith("Nothing was made.")
    assert list(tmp_path.iterdir()) == [source]


def test_what_was_there_stays_until_all_is_written(run, tmp_path):
    link = tmp_path / "out.csv"
    kept = tmp_path / "kept.csv"
    kept.write_text("before")
    link.symlink_to(kept)
    assert run("email,user_id\n")[0] == 1
    assert kept.read_text() == "before"
    assert run("email,user_id\na@example.com,1\n")[0] == 0
    assert link.is_symlink()
    assert kept.read_text().startswith("email,")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "kept.csv", "out.csv"]


def test_it_needs_no_django_and_writes_to_a_pipe(tmp_path):
    """Without the packages that are installed, from another folder, by its path."""
    source = tmp_path / "in.csv"
    source.write_text("email,user_id\na@example.com,1\n")
    script = Path(obscure_user.__file__)
    ran = subprocess.run(
        [sys.executable, "-I", "-S", script, source, "/dev/stdout"],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "1 written, 0 rows skipped.\n")
    assert ran.stdout.startswith("email,existing_user_id,target_user_id\na@example.com,")


def test_arguments_that_make_no_sense_are_exit_code_2(capsys):
    with pytest.raises(SystemExit) as ended:
        obscure_user.main(["only one"])
    assert ended.value.code == 2
