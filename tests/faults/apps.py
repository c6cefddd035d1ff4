"""What the site under test has more than the demo: ears, and where little time is given shorter leases."""

from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.conf import settings


class FaultsConfig(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        # Models exist only now.
        from tests.faults import receiving
        from verify_student.services.photos import leftovers
        from verify_student.signals import idv_update_signal

        idv_update_signal.connect(receiving.hear_update, dispatch_uid="faults")
        # Nobody waits here for an hour.
        leftovers.LATER = timedelta(seconds=settings.FAULTS_LEASE_SECONDS or 120)
        if settings.FAULTS_LEASE_SECONDS:
            shorten(timedelta(seconds=settings.FAULTS_LEASE_SECONDS))


def shorten(lease: timedelta) -> None:
    """Whoever died is given up after ``lease`` instead of minutes: the rules stay, and the run ends sooner."""
    # Models exist only now.
    from proctoring.common import courier, inbox, outbox
    from proctoring.services import idempotency

    shorter: list[tuple[Any, str, timedelta]] = [
        (outbox, "LEASE", lease),
        (courier, "CALL_TIME", lease * 0.7),
        (inbox, "HANDLING_TIME", lease),
        (inbox, "FIRST_RETRY", timedelta(seconds=3)),
        (idempotency, "LEASE", lease),
    ]
    for module, name, value in shorter:
        if not hasattr(module, name):
            raise AttributeError(f"{module.__name__}.{name}")
        setattr(module, name, value)
