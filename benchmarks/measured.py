"""
``python -m benchmarks.measured FILE COMMAND ...``: a ``manage.py`` command that says in FILE how much memory it held at
most, in KiB. The system's own figure is no use: it goes on with that of whoever started the process.
"""

import atexit
import sys
from pathlib import Path

from django.core.management import execute_from_command_line


def _say(path: Path) -> None:
    status = Path("/proc/self/status").read_text()
    path.write_text(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    atexit.register(_say, Path(sys.argv[1]))
    execute_from_command_line(["manage.py", *sys.argv[2:]])
