"""The site that is asked."""

import logging

import pytest

from tests.hostile.site import Site
from tests.proctoring.rest.matrix.world import use_settings


@pytest.fixture
def files(settings):
    """Photos are kept in memory, and nobody else's are there."""
    settings.STORAGES = settings.STORAGES | {
        "verify_student": {
            "BACKEND": "django.core.files.storage.InMemoryStorage",
            "OPTIONS": {"base_url": "https://files.test/"},
        }
    }


@pytest.fixture
def site(settings, lms, db, files):
    use_settings(settings)
    # The framework writes down each refusal with its traceback, which takes longer than the refusal.
    logging.disable(logging.CRITICAL)
    yield Site(lms)
    logging.disable(logging.NOTSET)
