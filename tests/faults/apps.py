"""What the site under test has more than the demo: ears, and where little time is given shorter leases."""

from datetime import timedelta
from types import ModuleType

from django.apps import AppConfig
from django.conf import settings

# Nobody waits here for an hour.
LATER = timedelta(minutes=2)


class FaultsConfig(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        # Models exist only now.
        from tests.faults import receiving
        from verify_student.signals import idv_update_signal

        idv_update_signal.connect(receiving.hear_update, dispatch_uid="faults")
        for (module, name), span in spans(timedelta(seconds=settings.FAULTS_LEASE_SECONDS)).items():
            if not hasattr(module, name):
                raise AttributeError(f"{module.__name__}.{name}")
            setattr(module, name, span)


def spans(lease: timedelta) -> dict[tuple[ModuleType, str], timedelta]:
    """
    When whoever died is given up: after ``lease`` instead of minutes, where there is one. The rules stay, and the run
    ends sooner. They are no settings, since no site has a reason to change them.
    """
    # Models exist only now.
    from proctoring.common import courier, inbox, outbox
    from proctoring.services import idempotency
    from verify_student.services.photos import leftovers

    if not lease:
        return {(leftovers, "LATER"): LATER}
    return {
        (leftovers, "LATER"): lease,
        (outbox, "LEASE"): lease,
        (courier, "CALL_TIME"): lease * 0.7,
        (inbox, "HANDLING_TIME"): lease,
        (inbox, "FIRST_RETRY"): timedelta(seconds=3),
        (idempotency, "LEASE"): lease,
    }
