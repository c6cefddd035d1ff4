"""
Finds what the LMS provides: the object it registered, else the one its settings name, else a default that does nothing.

Only a service that is missing altogether gets the default; a registered object is taken as it is.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, cast

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

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
        "dates": defaults.NoDates,
        "preferences": defaults.NoPreferences,
        "tracker": defaults.default_tracker,
        "switches": defaults.default_switches,
    }
)
SERVICE_NAMES = frozenset(DEFAULTS)

_registered: dict[str, Any] = {}
_configured: dict[str, tuple[str, Any]] = {}


def set_runtime_service(name: str, service: Any) -> None:
    """Register ``service`` under ``name`` for the whole process (contract python.md §6); None takes it back."""
    _registered[name] = service


def get_runtime_service(name: str) -> Any | None:
    """
    The LMS's service of that name: registered, else named in ``PROCTORING_SETTINGS["LMS_SERVICES"]``, else None.

    Raises ImproperlyConfigured when the settings name something that cannot be imported.
    """
    registered = _registered.get(name)
    return registered if registered is not None else _from_settings(name)


def service(name: str) -> Any:
    """
    Like ``get_runtime_service``, with the do-nothing default instead of None. KeyError for a name that is no service.
    """
    found = get_runtime_service(name)
    return found if found is not None else DEFAULTS[name]()


def _from_settings(name: str) -> Any | None:
    path = config.lms_services.get(name)
    if not path:
        return None
    known_path, instance = _configured.get(name, ("", None))
    if known_path != path:
        instance = _load(name, path)
        _configured[name] = (path, instance)
    return instance


def _load(name: str, path: str) -> Any:
    try:
        factory = import_string(path)
    except ImportError as error:
        message = f'PROCTORING_SETTINGS["LMS_SERVICES"]["{name}"]: cannot import "{path}".'
        raise ImproperlyConfigured(message) from error
    return factory()


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
