"""``manage.py demo_schedule``: the periodic tasks where there is no broker."""

import signal
from threading import Event
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand

from demo.lms.schedule import run_until


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C."""

    help = "Run the periodic tasks in this process until it is told to end."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        app = current_app._get_current_object()
        app.autodiscover_tasks(force=True)
        run_until(stop, app)
