"""
The legacy vendor's attempts. It knows them by our code, speaks of deleted ones too, and does not sign in.

Its backends are those whose plugin is the Software Secure one, whatever their names (contract rest.md §9.1 S5).
"""

from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist

from proctoring.backends import configured_names, provider_named
from proctoring.backends.software_secure import SoftwareSecureBackendProvider
from proctoring.exceptions import StudentExamAttemptDoesNotExistsException
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services.vendors import backend_name

Attempt = ProctoredExamStudentAttempt


def names() -> list[str]:
    """The legacy vendor's backends."""
    return [name for name in configured_names() if is_legacy(name)]


def is_legacy(backend: str) -> bool:
    """Whether the backend is the legacy vendor's; one that cannot be used is nobody's."""
    return _plugin(backend) is not None


def allows_unsigned(backend: str) -> bool:
    """Whether the site takes from this backend what is not signed."""
    plugin = _plugin(backend)
    return plugin is not None and plugin.allow_unsigned_callbacks is True


def attempt_by_code(attempt_code: str) -> tuple[Attempt, bool]:
    """
    The legacy vendor's attempt with this code, as it is or last was, and whether it is still there.

    Raises ``StudentExamAttemptDoesNotExistsException``, for other vendors' attempts too.
    """
    try:
        attempt = Attempt.objects.get_exam_attempt_by_code(attempt_code)
    except Attempt.MultipleObjectsReturned:
        raise StudentExamAttemptDoesNotExistsException from None
    found = attempt or _archived(attempt_code)
    if found is None or not is_legacy(backend_name(found.proctored_exam)):
        raise StudentExamAttemptDoesNotExistsException
    return found, attempt is not None


def _archived(attempt_code: str) -> Attempt | None:
    """A deleted attempt whose learner and exam are still there."""
    attempt = Attempt.get_historic_attempt_by_code(attempt_code)
    try:
        return attempt if attempt and attempt.user and attempt.proctored_exam else None
    except ObjectDoesNotExist:
        return None


def _plugin(backend: str) -> SoftwareSecureBackendProvider | None:
    try:
        plugin = provider_named(backend)
    except (NotImplementedError, ImproperlyConfigured):
        return None
    return plugin if isinstance(plugin, SoftwareSecureBackendProvider) else None
