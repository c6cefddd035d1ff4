"""
A real browser on a real server: who is signed in, how wide the window is, and what every screen has to stand.

Where there is no browser these tests are skipped with one sentence; the gate installs one and demands it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.inspecting import Inspector, read_rules

AXE = Path(__file__).parent / "axe/node_modules/axe-core/axe.min.js"
# The camera shows a moving test picture.
ARGUMENTS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--no-proxy-server",
]
PATIENCE = 10_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A machine that is short of time may starve a browser. What is wrong is wrong three times.
            item.add_marker(pytest.mark.flaky(reruns=2))


def _missing(what: str) -> None:
    """Skip, unless this is the gate, which has everything."""
    assert not os.environ.get("CI"), f"there is no {what}"
    pytest.skip(f"There is no {what}: the tests of the screens need one.")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of the whole run."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        _missing("Chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    # Playwright's loop runs in this thread, which has the database's connection too; Django would mind.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """
    ``open_as(user, path="/", **options)`` is a page of a fresh browser in which ``user`` is signed in (None: nobody).

    Options are those of Playwright's ``new_context``: ``locale``, ``viewport``, ``color_scheme``, ``timezone_id``,
    ``permissions``. What the browser's console says of errors, blocked scripts and styles among them, fails the test.
    """
    contexts: list[Any] = []
    said: list[str] = []

    def open_page(user: Any = None, path: str = "/", **options: Any) -> Any:
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session_of(user, live_server.url)])
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _listen(message, said))
        page.expected_errors = []
        page.goto(path)
        return page

    yield open_page
    expected = [text for context in contexts for page in context.pages for text in page.expected_errors]
    for context in contexts:
        context.close()
    unexpected = [line for line in said if not any(text in line for text in expected)]
    assert not unexpected, unexpected


def _listen(message: Any, said: list[str]) -> None:
    if message.type == "error":
        said.append(f"{message.location.get('url')}: {message.text}")


def _session_of(user: Any, url: str) -> dict[str, Any]:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": url}


@pytest.fixture(scope="session")
def rules() -> str:
    """The script of the accessibility rules."""
    if not AXE.exists():
        _missing("axe-core (`make axe` installs it)")
    return read_rules(AXE)


@pytest.fixture
def inspect(rules: str) -> Inspector:
    """``inspect(page, "name")``: everything that every screen has to stand; see ``tests.browser.inspecting``."""
    return Inspector(rules, os.environ.get("SCREENSHOTS_DIR"))
