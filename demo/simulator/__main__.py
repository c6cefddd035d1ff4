"""``python -m demo.simulator --port 8001``: brings its tables up to date, then serves until it is told to end."""

import argparse
import os
import signal
import sys
from types import FrameType

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

SETTINGS = "demo.simulator.settings"


def main() -> None:
    """Serve. Exits 1 where the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m demo.simulator", description="A proctoring vendor, simulated.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args()
    # The caller's own settings, if any, are those of the LMS.
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    serve(options.host, options.port)


def serve(host: str, port: int) -> None:
    """Answer calls and bring callbacks until SIGTERM or Ctrl-C."""
    # These define tables, which needs the settings chosen above.
    from demo.simulator.courier import Courier
    from demo.simulator.lms import LmsClient
    from demo.simulator.server import make_server

    try:
        server = make_server(host, port, get_wsgi_application())
    except OSError as error:
        sys.exit(f"The simulator cannot listen on {host}:{port}: {error.strerror or error}")
    signal.signal(signal.SIGTERM, _leave)
    courier = Courier(LmsClient())
    courier.start()
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        courier.stop()


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
