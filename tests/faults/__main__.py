"""``python -m tests.faults``: exit status 1 where something is lost, twice, or stuck; 2 where it cannot be tried."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import django

from demo.processes import ENDING_SIGNALS, ProcessFailed
from tests.faults.breaking import Breaking
from tests.faults.judging import Verdict, judge
from tests.faults.playing import Play, Simulator
from tests.faults.servers import Missing
from tests.faults.site import Site

EXAMPLES = 5
LOOK_EVERY = 2.0
# Workers take a while to find their way back: of so many looks in a row, all have to see nothing that waits.
QUIET_LOOKS = 3


class OutOfTime(Exception):
    """The run has taken longer than it may."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Play, break, settle, count."""
    options = _options(arguments)
    for number in ENDING_SIGNALS:
        signal.signal(number, _leave)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(options.limit)
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    # Others may look into it: the database's own user has to.
    folder.chmod(0o755)
    code = 1
    try:
        code = _run(options, folder)
    except Missing as missing:
        print(missing)
        code = 2
    except (ProcessFailed, OutOfTime) as error:
        print(error)
    except KeyboardInterrupt:
        print("Broken off.")
    finally:
        signal.alarm(0)
        if code == 0 and not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.exists():
            print(f"Logs and books are in {folder}")
    return code


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Break everything, then count.")
    parser.add_argument("--attempts", type=int, default=2000)
    parser.add_argument("--verifications", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=600, help="over which learners arrive (%(default)s)")
    parser.add_argument("--settle", type=float, default=300, help="seconds until all has to be done (%(default)s)")
    parser.add_argument("--lease", type=int, default=0, help="seconds after which the dead are given up; 0: as usual")
    parser.add_argument("--patience", type=float, default=240, help="of learners, in seconds (%(default)s)")
    parser.add_argument("--limit", type=int, default=1500, help="seconds for everything (%(default)s)")
    parser.add_argument("--broker", choices=["redis", "rabbitmq"], default=os.environ.get("FAULTS_BROKER") or "redis")
    parser.add_argument("--no-faults", action="store_true", help="nothing is broken; vendors misbehave all the same")
    parser.add_argument("--keep", action="store_true", help="keep logs and books also where all is well")
    return parser.parse_args(arguments)


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _too_long(number: int, frame: FrameType | None) -> None:
    raise OutOfTime("This has taken too long.")


def _run(options: argparse.Namespace, folder: Path) -> int:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    with Site(folder, options.broker, options.lease) as site:
        say(f"PostgreSQL and {options.broker} run; photos have {'a small disk' if site.store_is_small else 'a flag'}")
        learners = site.open(options.attempts, options.verifications)
        say("the site is open")
        simulator = Simulator(site.addresses.simulator_url)
        play = Play(site.addresses.lms_url, simulator, learners, options.seconds, options.patience)
        playing = threading.Thread(target=play.run, args=[options.attempts, options.verifications], daemon=True)
        playing.start()
        breaking = Breaking(site, simulator, say)
        try:
            if not options.no_faults:
                breaking.until(play.everybody_came.is_set)
            while playing.is_alive():
                playing.join(1)
        finally:
            play.stop()
        say("every learner has gone")
        return _settle_and_count(options, site, play, breaking, say)


def _settle_and_count(options, site, play, breaking, say) -> int:
    os.environ.update(site.env)
    django.setup()
    # Models exist only now.
    from tests.faults import counting

    until, quiet = time.monotonic() + options.settle, 0
    while quiet < QUIET_LOOKS and time.monotonic() < until:
        site.supervisor.check()
        left = counting.waiting().total() + counting.untold(site.simulator_books, site.identity_books)
        quiet = quiet + 1 if left == 0 else 0
        time.sleep(LOOK_EVERY)
    say("it has settled" if quiet else "it has not settled")
    verdict = judge(counting.seen(site.folder, site.photos), options.attempts, options.verifications)
    for reason in play.gave_up:
        verdict.add("learner who gave up", reason)
    breaking.done["Celery processes that ended by themselves"] = site.started_again()
    _show("Faults", breaking.done)
    _show("What learners met", play.met.kinds)
    _show("What arrived", verdict.totals)
    _show("What arrived more than once (at least once is all that is promised)", verdict.repeats)
    _show_problems(verdict)
    return 0 if verdict.is_good else 1


def _show(title: str, counts) -> None:
    print(f"\n{title}:")
    for name, count in sorted(counts.items()):
        print(f"  {count:7}  {name}")


def _show_problems(verdict: Verdict) -> None:
    print("\nNothing is lost, nothing is twice, nothing is stuck." if verdict.is_good else "\nWRONG:")
    for problem, examples in sorted(verdict.problems.items()):
        print(f"  {len(examples):7}  {problem}")
        for example in examples[:EXAMPLES]:
            print(f"             {example}")


if __name__ == "__main__":
    sys.exit(main())
