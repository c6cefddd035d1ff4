"""
Finds what the LMS provides: the object it registered, else the one its settings name, else a default that does nothing.

Only a service that is missing altogether gets the default; a registered object is taken as it is.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, cast

from proctoring.common.services import HostServices
from proctoring.conf import config
from proctoring.lms import defaults, ports

DEFAULTS: Mapping[str, Callable[[], Any]] = MappingProxyType(
    {
        "credit": defaults.NoCredit,
        "grades": defaults.NoGrades,
        "certificates": defaults.NoCertificates,
        "instructor": defaults.NoInstructor,
        "enrollments": defaults.NoEnrollments,
        "learning_sequences": defaults.NoLearningSequences,
        "name_affirmation": defaults.NoNameAffirmation,
        "dates": defaults.default_dates,
        "preferences": defaults.NoPreferences,
        "tracker": defaults.default_tracker,
        "switches": defaults.default_switches,
    }
)
SERVICE_NAMES = frozenset(DEFAULTS)

_services = HostServices(DEFAULTS, lambda: config.lms_services, 'PROCTORING_SETTINGS["LMS_SERVICES"]')


def set_runtime_service(name: str, service: Any) -> None:
    """Register ``service`` under ``name`` for the whole process (contract python.md §6); None takes it back."""
    _services.register(name, service)


def get_runtime_service(name: str) -> Any | None:
    """
    The LMS's service of that name: registered, else named in ``PROCTORING_SETTINGS["LMS_SERVICES"]``, else None.

    Raises ImproperlyConfigured when the settings name something that cannot be imported.
    """
    return _services.find(name)


def service(name: str) -> Any:
    """
    Like ``get_runtime_service``, with the do-nothing default instead of None. KeyError for a name that is no service.
    """
    return _services.get(name)


def credit() -> ports.CreditPort:
    """Credit requirements, learners' names and course facts."""
    return cast(ports.CreditPort, service("credit"))


def grades() -> ports.GradesPort:
    """Overrides of subsection grades."""
    return cast(ports.GradesPort, service("grades"))


def certificates() -> ports.CertificatesPort:
    """Course certificates."""
    return cast(ports.CertificatesPort, service("certificates"))


def instructor() -> ports.InstructorPort:
    """Course staff, completion, resets, support."""
    return cast(ports.InstructorPort, service("instructor"))


def enrollments() -> ports.EnrollmentsPort:
    """Who may take proctored exams."""
    return cast(ports.EnrollmentsPort, service("enrollments"))


def learning_sequences() -> ports.LearningSequencesPort:
    """A course as one learner sees it."""
    return cast(ports.LearningSequencesPort, service("learning_sequences"))


def name_affirmation() -> ports.NameAffirmationPort:
    """Verified names."""
    return cast(ports.NameAffirmationPort, service("name_affirmation"))


def dates() -> ports.DatesPort:
    """Personal due dates and ends of courses."""
    return cast(ports.DatesPort, service("dates"))


def preferences() -> ports.PreferencesPort:
    """Learners' languages and time zones."""
    return cast(ports.PreferencesPort, service("preferences"))


def tracker() -> ports.TrackerPort:
    """Where analytics events go."""
    return cast(ports.TrackerPort, service("tracker"))


def switches() -> ports.SwitchesPort:
    """What operators turn on and off while the site runs."""
    return cast(ports.SwitchesPort, service("switches"))
