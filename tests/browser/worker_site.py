"""A small site with a strict content security policy that serves our scripts and records calls, in a browser."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "proctoring/static/proctoring/js"
# The vendor's origin is the site's other name.
POLICY = "default-src 'none'; script-src 'self' http://localhost:*; worker-src 'self' blob:; connect-src 'self'"
PAGE = "<!DOCTYPE html><html lang='en'><meta charset='utf-8'><title>Exam</title><p>Exam</p></html>"
ATTEMPT = "/attempt"
# Dynamic imports, so that the page needs no script of its own.
RUN = """
async (given) => {
  const client = await import(new URL("/js/worker_client.js", document.baseURI));
  const failed = (error) => ({ failed: error.reason || error.name, detail: error.message });
  %s
}
"""


@dataclass
class Site:
    """
    ``vendor`` is the script at ``/vendor.js``. A GET of the attempt answers the next of ``statuses``, the last one for
    ever; a PUT answers the next of ``answers``, an HTTP status and an object, or 200 and the id of the attempt.
    """

    url: str = ""
    vendor: str = ""
    statuses: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    calls: list[Any] = field(default_factory=list)

    def attempt(self, method: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if method == "PUT":
            self.calls.append(json.loads(body))
            return self.answers.pop(0) if self.answers else (200, {"exam_attempt_id": 7})
        self.calls.append("poll")
        return 200, {"status": self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]}

    def file(self, path: str) -> tuple[str, str] | None:
        if path == "/":
            return "text/html", PAGE
        if path == "/vendor.js":
            return "text/javascript", self.vendor
        script = SCRIPTS / path.removeprefix("/js/")
        return ("text/javascript", script.read_text()) if script.is_file() else None


class Handler(BaseHTTPRequestHandler):
    """Serves ``site`` of its class."""

    site: Site

    def do_GET(self) -> None:
        if self.path == ATTEMPT:
            return self.do_PUT()
        if file := self.site.file(self.path):
            return self._send(200, *file)
        return self._send(404, "text/plain", "not found")

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = self.site.attempt(self.command, body)
        self._send(status, "application/json", json.dumps(answer))

    def _send(self, status: int, kind: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    """The site, with no vendor yet."""
    site = Site()
    handler = type("SiteHandler", (Handler,), {"site": site})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield site
        server.shutdown()
        thread.join()


class Page:
    """The site's page in the browser."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def run(self, script: str, given: Any = None) -> Any:
        """What ``script`` returns; it knows ``client``, ``given`` and ``failed``, which shows an error."""
        return self._page.evaluate(RUN % script, given)


@pytest.fixture(scope="session")
def tab(chromium: Any) -> Iterator[Any]:
    """One for all of these tests: what one of them leaves in its page goes with the page."""
    tab = chromium.new_page()
    yield tab
    tab.close()


@pytest.fixture
def page(tab: Any, site: Site) -> Page:
    """The site's page."""
    tab.goto(site.url)
    return Page(tab)
