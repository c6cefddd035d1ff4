"""An operator's shell."""

import io
from dataclasses import dataclass
from typing import Any

from django.core.management import CommandError, ManagementUtility, call_command


@dataclass(frozen=True)
class Run:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> str:
        """The closing line."""
        return self.out.splitlines()[-1]


def run(name: str, *arguments: Any, **options: Any) -> Run:
    """Call a command as a shell would."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=err, no_color=True, **options)
    except CommandError as error:
        return Run(error.returncode, out.getvalue(), f"{err.getvalue()}{error}")
    return Run(0, out.getvalue(), err.getvalue())


def run_on_a_terminal(name: str, *arguments: Any, **options: Any) -> str:
    """What a command shows of its progress where somebody is looking."""
    shown = _Terminal()
    call_command(name, *arguments, stdout=io.StringIO(), stderr=shown, **options)
    return shown.getvalue()


def exit_code(name: str, *arguments: str) -> object:
    """The exit code of a command that a shell has called in a way that makes no sense."""
    try:
        ManagementUtility(["manage.py", name, *arguments]).execute()
    except SystemExit as ended:
        return ended.code
    return 0


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True
