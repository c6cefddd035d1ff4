"""
``python -m tests.hostile.guided PARSER COUNT``: bytes for one parser, guided by which branches they reach (atheris).
"""

import os
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

# Whatever is imported from here on tells which branches are taken.
with atheris.instrument_imports(include=["proctoring", "verify_student"]):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.hostile.counting import MOST_MEGABYTES, Tally, peak_megabytes
    from tests.hostile.parsers import PARSERS, parse

LONGEST = 20_000


def main(name: str, count: int) -> None:
    """Does not return: the library ends the process once it has made so many inputs."""
    work, sound = PARSERS[name]
    tally = Tally(name, before_megabytes=peak_megabytes())

    def one(given: bytes) -> None:
        parse(tally, work, given)
        if tally.inputs == count:
            tally.settle()

    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, given in enumerate(sound):
        (folder / str(number)).write_bytes(given)
    # A few more than wanted: the last one that counts is told about by us.
    limits = [f"-runs={count + 1}", "-seed=1", f"-max_len={LONGEST}", f"-rss_limit_mb={MOST_MEGABYTES}", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, str(folder)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1], int(sys.argv[2]))
