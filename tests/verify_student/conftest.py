"""A host made of fakes, a storage in memory and a vendor's keys."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.files.storage import InMemoryStorage

from tests.verify_student.fakes import FakeHost
from verify_student import lms
from verify_student.services.photos import storage

FACE_KEY = bytes(range(32))


@pytest.fixture(scope="session")
def vendor_keys():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@pytest.fixture
def vendor_settings(settings, vendor_keys):
    private, public = vendor_keys
    settings.VERIFY_STUDENT = {
        "SOFTWARE_SECURE": {
            "API_URL": "https://vendor.test/verify",
            "FACE_IMAGE_AES_KEY": FACE_KEY.hex(),
            "RSA_PUBLIC_KEY": public,
            "RSA_PRIVATE_KEY": private,
        }
    }
    return settings


@pytest.fixture
def files(settings):
    """The storage of photos, empty; settings name it."""
    settings.STORAGES = settings.STORAGES | {
        "verify_student": {
            "BACKEND": "django.core.files.storage.InMemoryStorage",
            "OPTIONS": {"base_url": "https://files.test/"},
        }
    }
    made = storage.storage()
    assert isinstance(made, InMemoryStorage)
    return made


@pytest.fixture
def host():
    """A host whose every service is a fake."""
    fake = FakeHost()
    for name, service in vars(fake).items():
        lms.services.register(name, service)
    yield fake
    for name in vars(fake):
        lms.services.register(name, None)
