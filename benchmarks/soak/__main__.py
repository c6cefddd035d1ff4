"""
The processes of ``make scale-demo`` under a steady load, and whether they bear it.

    SOAK_MINUTES=30 python -m benchmarks.soak
    python -m benchmarks.soak --minutes 2 --learners 200

Requests come at a fixed rate, whatever the answers take. Needs what the demo of several processes needs:
``DATABASE_URL`` (a database that is made anew, so its name has to begin with ``scale``) and ``CELERY_BROKER_URL``.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import django

from benchmarks import capacity
from benchmarks.tables import RESULTS
from demo.processes import ProcessFailed, Supervisor, choose_port
from demo.running import BASE_DIR, Addresses
from demo.scale import ScaledSite

PORT = 9320


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 where everything held, 1 where something did not or could not be started."""
    options = _options(arguments)
    try:
        learners = options.learners or capacity.most_learners(capacity.figures(), os.cpu_count() or 1)
        with (
            tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder,
            Supervisor(BASE_DIR, Path(folder) / "log") as supervisor,
        ):
            return _soak(options, learners, Path(folder), supervisor)
    except (ProcessFailed, capacity.FigureMissing) as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    minutes = float(os.environ.get("SOAK_MINUTES") or 30)
    parser.add_argument("--minutes", type=float, default=minutes, help="SOAK_MINUTES, or %(default)s")
    learners = int(os.environ.get("SOAK_LEARNERS") or 0)
    parser.add_argument(
        "--learners", type=int, default=learners, help="who sit at once; SOAK_LEARNERS, or what docs/scale.rst says"
    )
    parser.add_argument("--port", type=int, default=PORT, help="of the LMS; the simulator's is behind (%(default)s)")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args(arguments)


def _soak(options: argparse.Namespace, learners: int, folder: Path, supervisor: Supervisor) -> int:
    # Mail goes nowhere, and nobody reads what went well.
    os.environ |= {"EMAIL_URL": "dummymail://", "LOG_LEVEL": "ERROR"}
    lms = choose_port(options.port)
    site = ScaledSite(supervisor, Addresses(lms, choose_port(lms + 1)), folder)
    with closing(site):
        print("Starting the demo's processes …", flush=True)
        site.start()
        os.environ |= site.env
        django.setup()
        # Models exist only now.
        from benchmarks.soak import running

        plan = running.Plan(learners, options.minutes * 60, site.addresses.lms_url, site.env["CELERY_QUEUE"])
        return running.run(plan, options.results, supervisor)


if __name__ == "__main__":
    sys.exit(main())
