"""Commands that read files, and commands' arguments: done, or refused in words, never a traceback."""

import os
import random
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import transaction

from proctoring.scripts import obscure_user
from tests.hostile import values
from tests.hostile.counting import family
from tests.hostile.site import Site
from tests.hostile.tables import ALLOWANCES, PEOPLE, table

FILES = {"import_allowances": "{}", "approve_id_verifications": "{}", "manual_verifications": "--email-ids-file={}"}
OURS = {"proctoring", "verify_student"}
# What they talk to is not there, or they look at the whole site and take long.
LEFT_OUT = {"deliver_vendor_calls", "check_adoption"}
IN_FILES = {"obscure_user": PEOPLE, "import_allowances": ALLOWANCES}


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in obscure_user.KEYS:
        monkeypatch.setenv(name, "k" * 50)


@pytest.mark.usefixtures("keys")
def test_files_of_commands(site: Site, tmp_path: Path) -> None:
    tally, chances = family("command_files", 250)
    for rng in chances:
        name = rng.choice([*FILES, "obscure_user"])
        path = tmp_path / "file"
        path.write_bytes(_content(rng, site, name))
        about = f"{name} {path.read_bytes()[:300]!r}"
        words = _outcome(lambda name=name, path=path: _run(name, path), about, tally.crash)
        _count(tally, words)
    tally.settle()


def test_arguments_of_commands(site: Site) -> None:
    tally, chances = family("command_arguments", 150)
    known = sorted(name for name, app in get_commands().items() if app in OURS and name not in LEFT_OUT)
    for rng in chances:
        name = rng.choice(known)
        arguments = _arguments(rng, site, name)
        words = _outcome(lambda name=name, given=arguments: _called(name, *given), f"{name} {arguments}", tally.crash)
        _count(tally, words)
    tally.settle()


def _count(tally, words: str) -> None:
    if words == "done":
        tally.took()
    elif words:
        tally.refusal(words)


def _outcome(work: Callable[[], object], about: str, crashed: Callable[[BaseException, str], None]) -> str:
    """ "done", or how it was refused; nothing where it was neither. What it has done is undone."""
    try:
        with transaction.atomic():
            code = work()
            transaction.set_rollback(True)
    except CommandError as error:
        return f"exit {error.returncode}"
    except SystemExit as ended:
        return f"exit {ended.code}"
    except Exception as error:
        crashed(error, about)
        return ""
    return f"exit {code}" if code else "done"


def _run(name: str, path: Path) -> object:
    if name == "obscure_user":
        return obscure_user.main([str(path), os.devnull])
    return _called(name, FILES[name].format(path))


def _called(name: str, *arguments: str) -> None:
    call_command(name, *arguments, "--sleep-time=0", stdout=StringIO(), stderr=StringIO())


def _content(rng: random.Random, site: Site, name: str) -> bytes:
    if name in IN_FILES:
        return table(rng, site, IN_FILES[name])
    about = rng.choice(site.targets)
    likely = str(about.user_id) if name == "approve_id_verifications" else f"{about.username}@example.com"
    lines = [likely if rng.random() < 0.5 else values.text(rng) for _ in range(rng.randrange(6))]
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    return values.damaged(rng, content) if rng.random() < 0.3 else content


def _arguments(rng: random.Random, site: Site, name: str) -> list[str]:
    """Of each option that the command has, now and then a value."""
    # Where the framework looks for commands.
    from django.core.management import load_command_class

    command = load_command_class(get_commands()[name], name)
    given = []
    for action in command.create_parser("manage.py", name)._actions:
        option = next((text for text in action.option_strings if text.startswith("--")), "")
        if action.dest in {
            "help",
            "version",
            "settings",
            "pythonpath",
            "traceback",
            "verbosity",
            "sleep_time",
            "stdout",
        }:
            continue
        if action.nargs == 0:
            given += [option] if rng.random() < 0.3 else []
        elif not option or rng.random() < (0.95 if action.required else 0.4):
            value = _value(rng, site, action)
            given.append(f"{option}={value}" if option else value)
    return given


def _value(rng: random.Random, site: Site, action: object) -> str:
    choices = getattr(action, "choices", None)
    if choices and rng.random() < 0.8:
        return str(rng.choice(list(choices)))
    known = site.known(str(getattr(action, "dest", "")), rng.randrange(100))
    if known is not None and rng.random() < 0.5:
        return str(known)
    return rng.choice([values.text(rng), "1", "9" * 30, "2027-01-01", "2027-01-01 10:00:00"])
