"""``python -m demo up`` plays the story and serves the demo; ``python -m demo story`` plays it and ends."""

import argparse
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import FrameType

from demo.processes import ProcessFailed, Supervisor, choose_port, last_lines
from demo.running import BASE_DIR, Addresses, Site
from demo.scale import WEB_PROCESSES, WORKERS, ScaledSite
from demo.story.play import play
from demo.story.stage import Interruption, set_up

LMS_PORT, SIMULATOR_PORT = 8000, 8001
WATCH_SECONDS = 0.5
ENDED_BY_SIGNAL = 128
SIGN_INS = """\
  LMS         {lms}/
  Admin       {lms}/admin/
  Simulator   {simulator}/   (each attempt has a page, where the vendor's faults are chosen)

  Learners    amal, bruno, chen, dana   (the vendor finds bruno suspicious and dana breaking rules)
  Staff       grace (the whole site), henry (the course)
  Password    demo, for everybody

  Logs        {logs}
  Mails       {mails}

Ctrl-C ends everything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 when the story ended well, 1 otherwise, 128 and more when a signal ended it."""
    options = _parser().parse_args(arguments)
    try:
        with _leaving_on(signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            ended_well: bool = options.run(options)
    except ProcessFailed as failure:
        print(f"\nFAILED: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return ENDED_BY_SIGNAL + signal.SIGINT
    return 0 if ended_well else 1


@contextmanager
def _leaving_on(*numbers: signal.Signals) -> Iterator[None]:
    """These signals end the program as an exception does, so that everything started is ended too."""
    before = {number: signal.signal(number, _leave) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    if number == signal.SIGINT:
        # Also for a job in the background, which a shell starts with this signal switched off.
        raise KeyboardInterrupt
    sys.exit(ENDED_BY_SIGNAL + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="A small LMS and a proctoring vendor, simulated."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start everything, play the story, serve until Ctrl-C")
    up.add_argument("--port", type=int, default=LMS_PORT, help="of the LMS (%(default)s)")
    up.add_argument("--simulator-port", type=int, default=SIMULATOR_PORT, help="(%(default)s)")
    up.add_argument("--no-story", action="store_true", help="serve at once")
    up.set_defaults(run=_up)
    story = commands.add_parser("story", help="play the story and end")
    story.add_argument("--kill-simulator", action="store_true", help="kill the vendor in the middle of an exam")
    story.add_argument("--lms", metavar="URL", help="play against a demo that runs already")
    story.add_argument("--simulator", metavar="URL", help="its simulator")
    story.add_argument(
        "--learner",
        action="append",
        metavar="NAME",
        help="with --lms: who takes the exam and has not taken it yet; twice, the second is rejected (amal, bruno)",
    )
    story.set_defaults(run=lambda options: _story(options, story.error))
    scale = commands.add_parser("scale", help="several processes of a kind, on PostgreSQL and RabbitMQ")
    scale.add_argument("--port", type=int, default=LMS_PORT, help="of the LMS (%(default)s)")
    scale.add_argument("--simulator-port", type=int, default=SIMULATOR_PORT, help="(%(default)s)")
    scale.add_argument("--story-only", action="store_true", help="end when the story has ended")
    scale.set_defaults(run=_scale)
    return parser


def _up(options: argparse.Namespace) -> bool:
    demo_dir = BASE_DIR / os.environ.get("DEMO_DIR", ".demo")
    addresses = _addresses(options.port, options.simulator_port)
    with Supervisor(BASE_DIR, demo_dir / "log") as supervisor:
        site = Site(supervisor, addresses, demo_dir)
        print("Starting the vendor simulator and the LMS …", flush=True)
        site.start()
        if not options.no_story and not _play_on(site, supervisor):
            return False
        print(f"\n{_sign_ins(addresses, demo_dir)}", flush=True)
        _watch(supervisor)
        return True


def _sign_ins(addresses: Addresses, demo_dir: Path) -> str:
    mails = "where EMAIL_URL says" if os.environ.get("EMAIL_URL") else demo_dir / "mail"
    return SIGN_INS.format(lms=addresses.lms_url, simulator=addresses.simulator_url, logs=demo_dir / "log", mails=mails)


def _watch(supervisor: Supervisor) -> None:
    """Until Ctrl-C. Raises ``ProcessFailed`` where one of the programs ends."""
    with suppress(KeyboardInterrupt):
        while True:
            supervisor.check()
            time.sleep(WATCH_SECONDS)
    print("\nEnding …", flush=True)


def _addresses(lms_port: int, simulator_port: int) -> Addresses:
    lms = choose_port(lms_port)
    simulator = choose_port(simulator_port, taken=frozenset({lms}))
    for what, wanted, chosen in (("LMS", lms_port, lms), ("simulator", simulator_port, simulator)):
        if wanted != chosen:
            print(f"Port {wanted} is taken: the {what} uses port {chosen} instead.", flush=True)
    return Addresses(lms, simulator)


def _story(options: argparse.Namespace, refuse: Callable[[str], object]) -> bool:
    if not options.lms and not options.simulator:
        return _story_of_its_own(kill_simulator=options.kill_simulator)
    if not (options.lms and options.simulator):
        refuse("--lms and --simulator go together")
    if options.kill_simulator:
        refuse("--kill-simulator needs a simulator of its own")
    learners = tuple(options.learner or ("amal", "bruno"))
    if len(learners) != 2:
        refuse("--learner is given twice or not at all")
    return play(set_up(options.lms, options.simulator, (learners[0], learners[1])))


def _story_of_its_own(*, kill_simulator: bool) -> bool:
    # A directory and ports of its own: a demo that is being served is not disturbed.
    with (
        tempfile.TemporaryDirectory(prefix="demo-story-", ignore_cleanup_errors=True) as folder,
        Supervisor(BASE_DIR, Path(folder) / "log") as supervisor,
    ):
        lms = choose_port(0)
        site = Site(supervisor, Addresses(lms, choose_port(0)), Path(folder))
        site.start()
        return _play_on(site, supervisor, site if kill_simulator else None)


def _scale(options: argparse.Namespace) -> bool:
    addresses = _addresses(options.port, options.simulator_port)
    # What the simulator keeps belongs to the database, which is made anew.
    with (
        tempfile.TemporaryDirectory(prefix="demo-scale-", ignore_cleanup_errors=True) as folder,
        Supervisor(BASE_DIR, Path(folder) / "log") as supervisor,
    ):
        site = ScaledSite(supervisor, addresses, Path(folder))
        print(f"Starting {WEB_PROCESSES} web processes, {WORKERS} workers, beat and the simulator …", flush=True)
        with closing(site):
            site.start()
            if not _play_on(site, supervisor):
                return False
            if not options.story_only:
                print(f"\n{_sign_ins(addresses, Path(folder))}", flush=True)
                _watch(supervisor)
            return True


def _play_on(site: Site | ScaledSite, supervisor: Supervisor, interruption: Interruption | None = None) -> bool:
    run = secrets.token_hex(3)
    learners = (f"amal-{run}", f"bruno-{run}")
    for name in learners:
        site.make_learner(name)
    if play(set_up(site.addresses.lms_url, site.addresses.simulator_url, learners, interruption)):
        return True
    for name in site.logs:
        print(f"\nThe end of the log of {name}:\n{last_lines(supervisor.log_of(name))}", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main())
