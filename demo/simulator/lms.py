"""The vendor's client of the LMS: a token of its own, and callbacks with it."""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import requests
from django.conf import settings

from demo.simulator.models import JournalEntry

TIMEOUT = (3.05, 10.0)
TOKEN_PATH = "/oauth2/access_token"  # noqa: S105 - a path
JSON = {"Content-Type": "application/json"}
REFUSED = frozenset({401, 403})
EARLY_SECONDS = 5


@dataclass(frozen=True)
class Message:
    """
    A callback ready to be posted; ``attempt`` is the vendor's id, ``operation`` the callback's kind. ``proof`` are
    headers in place of the vendor's token, ``fault`` is for the journal.
    """

    base_url: str
    path: str
    body: bytes
    operation: str
    attempt: str
    proof: Mapping[str, str] | None = None
    fault: str = ""


class LmsClient:
    """Posts callbacks. Threads share it: tokens are kept under a lock, connections are not kept."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def post(self, message: Message) -> int | None:
        """The LMS's answer; None where there was none. A refused token is renewed once."""
        if message.proof is not None:
            return _status(_exchange(message, data=message.body, headers={**JSON, **message.proof}))
        status = self._post(message)
        if status in REFUSED:
            self._forget(message.base_url)
            status = self._post(message)
        return status

    def _post(self, message: Message) -> int | None:
        token = self._token(message.base_url)
        if token is None:
            return None
        headers = {**JSON, "Authorization": f"Bearer {token}"}
        return _status(_exchange(message, data=message.body, headers=headers))

    def _token(self, base_url: str) -> str | None:
        with self._lock:
            token, good_until = self._tokens.get(base_url, ("", 0.0))
            if token and time.monotonic() < good_until:
                return token
            return self._fetch(base_url)

    def _fetch(self, base_url: str) -> str | None:
        asking = Message(base_url, TOKEN_PATH, b"", "token", "")
        credentials = (settings.LMS_CLIENT_ID, settings.LMS_CLIENT_SECRET)
        response = _exchange(asking, data={"grant_type": "client_credentials"}, auth=credentials)
        try:
            answer = response.json() if response is not None and response.ok else {}
            token, lifetime = str(answer["access_token"]), float(answer["expires_in"])
        except (ValueError, KeyError, TypeError):
            return None
        self._tokens[base_url] = (token, time.monotonic() + lifetime - EARLY_SECONDS)
        return token

    def _forget(self, base_url: str) -> None:
        with self._lock:
            self._tokens.pop(base_url, None)


def _status(response: requests.Response | None) -> int | None:
    return response.status_code if response is not None else None


def _exchange(
    message: Message,
    *,
    data: bytes | dict[str, str],
    headers: dict[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> requests.Response | None:
    started = time.monotonic()
    url = message.base_url + message.path
    response = None
    # A netrc of this machine would put its own credentials in place of the token.
    with requests.Session() as session, suppress(requests.RequestException):
        session.trust_env = False
        response = session.post(url, data=data, headers=headers, auth=auth, timeout=TIMEOUT, allow_redirects=False)
    JournalEntry.objects.create(
        direction="out",
        operation=message.operation,
        attempt=message.attempt,
        method="POST",
        path=message.path,
        status=_status(response),
        fault=message.fault,
        milliseconds=round((time.monotonic() - started) * 1000),
    )
    return response
