"""A person at a browser: cookies, CSRF tokens, redirects; every call goes into the report."""

import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from demo.story.page import Form, Page
from demo.story.report import HttpCall, Report, StepFailed

TIMEOUT = (3.05, 30.0)
CSRF_COOKIE = "csrftoken"
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Browser:
    """``who`` is the name in the report, ``base_url`` the site's root."""

    def __init__(self, who: str, base_url: str, report: Report) -> None:
        self.who = who
        self._base_url = base_url.rstrip("/")
        self._report = report
        self._session = requests.Session()
        # Neither a proxy nor a netrc of this machine has a say in calls to itself.
        self._session.trust_env = False

    def open(self, path: str) -> Page:
        """The page at ``path``, after redirects."""
        response = self._follow(self._send("GET", path))
        return self._page(response)

    def submit(self, page: Page, form: Form, **values: str) -> Page:
        """
        Send a form of ``page`` with ``values`` filled in; the page that follows. An accepted form answers a redirect.
        """
        here = self._base_url + page.path
        target = urljoin(here, form.action or page.path)
        response = self._send("POST", target, data=form.filled(**values), headers={"Referer": here})
        if response.status_code not in REDIRECTS:
            raise StepFailed(f"POST {urlsplit(target).path} to be accepted", _described(response))
        return self._page(self._follow(response))

    def call(self, method: str, path: str, json: Any = None) -> Any:
        """The JSON answer of the site's REST interface, asked as the site's own JavaScript does."""
        headers = {"Accept": "application/json"}
        if method != "GET":
            headers["X-CSRFToken"] = self._session.cookies.get(CSRF_COOKIE) or ""
        response = self._send(method, path, json=json, headers=headers)
        if not response.ok:
            raise StepFailed(f"{method} {path} to succeed", _described(response))
        try:
            return response.json()
        except ValueError:
            raise StepFailed(f"{method} {path} to answer JSON", _described(response)) from None

    def _follow(self, response: requests.Response) -> requests.Response:
        for _ in range(MAX_REDIRECTS):
            if response.status_code not in REDIRECTS:
                return response
            response = self._send("GET", urljoin(response.url, response.headers["Location"]))
        raise StepFailed("an end of redirects", response.url)

    def _page(self, response: requests.Response) -> Page:
        if not response.ok:
            raise StepFailed(f"the page {urlsplit(response.url).path}", _described(response))
        address = urlsplit(response.url)
        return Page(response.text, f"{address.path}?{address.query}" if address.query else address.path)

    def _send(self, method: str, address: str, **content: Any) -> requests.Response:
        url = urljoin(self._base_url + "/", address)
        started = time.monotonic()
        try:
            response = self._session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **content)
        except requests.RequestException as error:
            raise StepFailed(f"{method} {urlsplit(url).path} to be answered", type(error).__name__) from error
        milliseconds = round((time.monotonic() - started) * 1000)
        self._report.call(HttpCall(self.who, method, urlsplit(url).path, response.status_code, milliseconds))
        return response


def _described(response: requests.Response) -> str:
    kind = response.headers.get("Content-Type", "")
    text = response.text[:300] if "json" in kind else f"a page of {len(response.text)} characters"
    return f"{response.status_code} {text}"
