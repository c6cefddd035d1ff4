"""Whether vendors do what they are asked to, also where somebody waits for the answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from proctoring.common.contacts import note_failure, note_success
from proctoring.common.errors import DomainError
from proctoring.exceptions import BackendProviderOnboardingException
from proctoring.models import Contact


@contextmanager
def noted(backend: str) -> Iterator[None]:
    """Keep how it went to ask the vendor, unless nobody asked: a refusal for want of onboarding is an answer too."""
    try:
        yield
    except BackendProviderOnboardingException:
        note_success(Contact, backend)
        raise
    except Exception as error:
        note_failure(Contact, backend, error.code if isinstance(error, DomainError) else type(error).__name__)
        raise
    else:
        note_success(Contact, backend)
