"""The client itself: prepared, sent, retried and logged in one way, whoever is asked."""

import logging
import random
import threading
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import InvalidHeader, ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from proctoring.common.http import deadlines
from proctoring.common.http.circuit import circuit_of
from proctoring.common.http.errors import CircuitOpen, VendorTimeout, VendorUnreachable
from proctoring.common.metrics import VENDOR_CALLS

logger = logging.getLogger(__name__)

DEFAULT_TIMEOUT = (3.05, 10.0)
IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "PUT", "DELETE"})
RETRY_STATUSES = frozenset({502, 503, 504})
MAX_RETRY_AFTER = 5.0
FIRST_BACKOFF = 0.2
MAX_BACKOFF = 2.0


class HttpClient:
    """
    One vendor's client. ``name`` is what logs and the breaker know the vendor by; clients of one name share a breaker,
    whose settings are those of the client that made the first call.

    ``timeout`` is in seconds, one number or (connect, read); it holds for each try. ``retries`` are tries after the
    first. ``verify`` is a switch or the path of a CA bundle. The breaker opens after ``fail_max`` calls in a row
    without an answer or with a 5xx, and lets one call through after ``reset_timeout`` seconds. Safe between threads.

    Within ``with deadline(seconds)`` all calls together end by then, their connecting, retries and waits included.
    """

    def __init__(
        self,
        name: str,
        *,
        timeout: float | tuple[float, float] = DEFAULT_TIMEOUT,
        retries: int = 2,
        verify: bool | str = True,
        fail_max: int = 5,
        reset_timeout: float = 30.0,
    ) -> None:
        self.name = name
        self._timeout = _checked_timeout(timeout)
        if retries < 0:
            raise ValueError("There cannot be fewer than no retries.")
        self._retries = retries
        self._verify = verify
        self._breaker_settings = (fail_max, reset_timeout)
        self._local = threading.local()

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        data: str | bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        idempotent: bool | None = None,
    ) -> requests.Response:
        """
        The vendor's answer, whatever its status; its body has been read.

        ``idempotent`` says that doing it twice is doing it once, so that it may be retried; by default GET, HEAD, PUT
        and DELETE are. Raises ``VendorUnreachable`` or one of its subclasses.
        """
        asked = requests.Request(method.upper(), url, json=json, data=data, headers=headers)
        try:
            prepared = self._session().prepare_request(asked)
            place = _without_query(str(prepared.url))
        # An address that is none: no failure of the vendor's, so the breaker does not hear of it.
        except (requests.RequestException, ValueError) as error:
            raise VendorUnreachable(self.name) from error
        if idempotent is None:
            idempotent = prepared.method in IDEMPOTENT_METHODS
        return self._logged(prepared, place, self._retries if idempotent else 0)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = _Session()
        return session

    def _logged(self, prepared: requests.PreparedRequest, place: str, retries: int) -> requests.Response:
        started = time.monotonic()
        outcome = "error"
        try:
            response = self._guarded(prepared, retries)
            outcome = str(response.status_code)
            return response
        except VendorUnreachable as error:
            outcome = type(error).__name__
            raise
        finally:
            seconds = time.monotonic() - started
            VENDOR_CALLS.labels(self.name, _class_of(outcome)).observe(seconds)
            logger.info(
                "Vendor call: name=%s method=%s url=%s status=%s ms=%d",
                self.name,
                prepared.method,
                place,
                outcome,
                seconds * 1000,
            )

    def _guarded(self, prepared: requests.PreparedRequest, retries: int) -> requests.Response:
        if deadlines.is_over():
            # Whoever took the time, this call was not made: nothing is held against anybody.
            raise VendorTimeout(self.name)
        circuit = circuit_of(self.name, *self._breaker_settings)
        if not circuit.admits():
            raise CircuitOpen(self.name)
        answered = False
        try:
            response = self._send(prepared, retries)
            answered = response.status_code < 500
            return response
        except requests.RequestException as error:
            late = isinstance(error, requests.Timeout) or _stalled(error)
            raise (VendorTimeout if late else VendorUnreachable)(self.name) from error
        finally:
            circuit.record(answered)

    def _send(self, prepared: requests.PreparedRequest, retries: int) -> requests.Response:
        # Not the transport adapter's retries: those log whole URLs, queries included, and repeat what was too slow.
        session = self._session()
        options = session.merge_environment_settings(str(prepared.url), {}, None, self._verify, None)
        retry = _Retry(total=retries)
        while True:
            try:
                response = self._sent_once(session, prepared, options)
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
                if not retry.total or _stalled(error) or deadlines.is_over():
                    raise
                retry = retry.increment()
                retry.sleep()
                continue
            if response.status_code not in RETRY_STATUSES or not retry.total or deadlines.is_over():
                return response
            retry = retry.increment()
            retry.sleep(response.raw)

    def _sent_once(
        self, session: requests.Session, prepared: requests.PreparedRequest, options: dict[str, Any]
    ) -> requests.Response:
        left = deadlines.seconds_left()
        if left is None:
            return session.send(prepared, timeout=self._timeout, allow_redirects=False, **options)
        timeout = deadlines.timeout_within(left, *self._timeout)
        response = session.send(prepared, timeout=timeout, allow_redirects=False, **{**options, "stream": True})
        deadlines.read_within(response)
        return response


def _checked_timeout(timeout: float | tuple[float, float]) -> tuple[float, float]:
    connect, read = timeout if isinstance(timeout, tuple | list) else (timeout, timeout)
    for seconds in (connect, read):
        if not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
            raise ValueError("A timeout is a positive number of seconds, or a pair of them (connect, read).")
    return connect, read


def _stalled(error: requests.RequestException) -> bool:
    """Whether the answer stopped in the middle of its body, which requests calls a connection error."""
    return isinstance(error.args[0] if error.args else None, ReadTimeoutError)


def _class_of(outcome: str) -> str:
    """``2xx`` for any status of that kind; what is no status stays what it is."""
    return f"{outcome[0]}xx" if outcome.isdigit() else outcome


def _without_query(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] + parts.path


class _Session(requests.Session):
    """Keeps connections and nothing else: no cookies, no credentials from the operator's netrc, no redirects."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.auth = _as_it_is

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared


class _Retry(Retry):
    """urllib3's bookkeeping of tries, with jitter from the first one on, and a bound on the wait a vendor asks for."""

    def get_backoff_time(self) -> float:
        whole = min(FIRST_BACKOFF * 2.0 ** (len(self.history) - 1), MAX_BACKOFF)
        return whole * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        try:
            seconds = super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None
        return None if seconds is None else min(seconds, MAX_RETRY_AFTER)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        asked = self.get_retry_after(response) if response is not None else None
        wanted = asked or self.get_backoff_time()
        left = deadlines.seconds_left()
        time.sleep(wanted if left is None else min(wanted, left))
