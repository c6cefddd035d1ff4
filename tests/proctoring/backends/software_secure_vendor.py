"""The legacy vendor: options as the contract's test vectors have them, and its side of the wire."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from proctoring.backends.software_secure import SoftwareSecureBackendProvider
from tests.proctoring.backends.contract import payload

ENDPOINT = "https://rpnow.example/exams/"
VIDEO_KEY = "00112233445566778899aabbccddeeff"
OPTIONS: dict[str, Any] = {
    "organization": "acme-u",
    "exam_sponsor": "Acme LMS",
    "exam_register_endpoint": ENDPOINT,
    "secret_key_id": "key-id-1",
    "secret_key": "not-a-real-secret",
    "crypto_key": "0123456789abcdefghijklmn",
    "software_download_url": "https://rpnow.example/download",
    "video_review_aes_key": VIDEO_KEY,
}
CLASS = "proctoring.backends.software_secure.SoftwareSecureBackendProvider"


def make_provider(**options: Any) -> SoftwareSecureBackendProvider:
    """The plugin as settings would make it."""
    return SoftwareSecureBackendProvider(**OPTIONS | options)


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    """What the vendor answers; nothing yet."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def registering(wire: responses.RequestsMock) -> responses.RequestsMock:
    """A vendor that registers every attempt."""
    wire.post(ENDPOINT, json=payload("software_secure/registered.json"))
    return wire
