"""A REST vendor whose answers a test sets, and whose every call it can look at."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from proctoring.backends.rest import BaseRestProctoringProvider

BASE = "https://proctor-x.example"
TOKEN = f"{BASE}/oauth2/access_token"
EXAMS = f"{BASE}/api/v1/exam/"
EXAM = f"{EXAMS}exam-77/"
ATTEMPTS = f"{EXAM}attempt/"
ATTEMPT = f"{ATTEMPTS}attempt-99/"
CONFIG = f"{BASE}/api/v1/config/"
CLIENT_ID = "lms-at-proctor-x"
CLIENT_SECRET = "a-secret-that-is-long-enough-for-signing-tokens"


class RestVendor:
    """The vendor's side of the wire. It gives a token; everything else a test has to set."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        self.wire = wire
        self.gives_tokens("token-1")

    def gives_tokens(self, *tokens: str, expires_in: Any = 3600) -> None:
        """These tokens one after the other; the last one for ever."""
        self.wire.remove(responses.POST, TOKEN)
        for token in tokens:
            self.wire.post(TOKEN, json={"access_token": token, "expires_in": expires_in})

    def answers(self, method: str, url: str, answer: Any = None, status: int = 200, **more: Any) -> None:
        """
        ``answer`` as JSON; ``more`` goes to ``responses`` (``body`` for what is not JSON, an exception for no
        answer).
        """
        self.wire.add(method, url, status=status, **({"json": answer} | more if "body" not in more else more))

    @property
    def requests(self) -> list[Any]:
        """What the vendor was asked, tokens apart."""
        return [call.request for call in self.wire.calls if call.request.url != TOKEN]

    @property
    def token_requests(self) -> list[Any]:
        """What the vendor was asked for tokens."""
        return [call.request for call in self.wire.calls if call.request.url == TOKEN]


@pytest.fixture
def rest_vendor() -> Iterator[RestVendor]:
    """The vendor."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as wire:
        yield RestVendor(wire)


def make_provider(**options: Any) -> BaseRestProctoringProvider:
    """The plugin as settings would make it."""
    return BaseRestProctoringProvider(
        **{"base_url": BASE, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "verbose_name": "Proctor X"}
        | options
    )


@pytest.fixture
def provider() -> BaseRestProctoringProvider:
    """The plugin that talks to the vendor."""
    return make_provider()
