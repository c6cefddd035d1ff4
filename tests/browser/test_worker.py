"""The vendor's half of the worker protocol (contract vendors_admin_screens.md §3.13), in a real browser."""

from typing import Any

import pytest

from tests.browser.worker_site import Page, Site, page, site, tab

__all__ = ["page", "site", "tab"]

VENDOR = """
import named, {{ handlerWrapper }} from "/js/worker.js";
if (named !== handlerWrapper) {{ throw new Error("two handlerWrappers"); }}
self.addEventListener("message", ({{ data }}) => data === "last" && setTimeout(() => self.postMessage("last")));
const tell = (called, args) => self.postMessage({{ type: "called", called, args }});
export default handlerWrapper(class {{
  constructor(options) {{ this.options = options; }}
  {methods}
}});
"""
RESOLVING = """
onStartExamAttempt(...args) { tell("start", [...args, this.options]); return Promise.resolve(); }
onEndExamAttempt(...args) { tell("end", [...args, this.options]); return Promise.resolve(); }
onPing(...args) { tell("ping", [...args, this.options]); return Promise.resolve(); }
"""
# Sends each message, and one that the script above answers by itself, after the others.
TALK = """
const worker = new Worker("/vendor.js", { type: "module" });
const replies = [];
const last = new Promise((resolve) => {
  worker.onerror = (event) => { replies.push({ crash: event.message }); resolve(); };
  worker.onmessage = ({ data }) => {
    if (data === "last") { resolve(); return; }
    replies.push({ ...data, error: data.error instanceof Error ? data.error.message : data.error });
  };
});
for (const message of [...given, "last"]) { worker.postMessage(message); }
await last;
worker.terminate();
return replies;
"""


def talk(page: Page, site: Site, methods: str, *messages: Any) -> list[Any]:
    site.vendor = VENDOR.format(methods=methods)
    replies: list[Any] = page.run(TALK, list(messages))
    return [{key: value for key, value in reply.items() if value is not None} for reply in replies]


@pytest.mark.parametrize(
    ("message", "called", "reply"),
    [
        (
            {"type": "startExamAttempt", "timeout": 60000, "attemptExternalId": "a1"},
            {"called": "start", "args": [60000, "a1", {}]},
            "examAttemptStarted",
        ),
        (
            {"type": "endExamAttempt", "attemptExternalId": "a1"},
            {"called": "end", "args": ["a1", {}]},
            "examAttemptEnded",
        ),
        (
            {"type": "ping", "timeout": 50000, "attemptExternalId": "a1"},
            {"called": "ping", "args": [50000, "a1", {}]},
            "echo",
        ),
    ],
)
def test_a_message_calls_its_method_and_is_answered(
    page: Page, site: Site, message: Any, called: Any, reply: str
) -> None:
    assert talk(page, site, RESOLVING, message) == [{"type": "called", **called}, {"type": reply}]


@pytest.mark.parametrize(
    ("message", "method", "reply"),
    [
        ("startExamAttempt", "onStartExamAttempt", "examAttemptStartFailed"),
        ("endExamAttempt", "onEndExamAttempt", "examAttemptEndFailed"),
        ("ping", "onPing", "pingFailed"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        'return Promise.reject(new Error("closed"));',
        'return Promise.reject("closed");',
        'throw new Error("closed");',
        # A function cannot be copied to the page.
        'return Promise.reject(Object.assign(() => {}, { message: "closed" }));',
    ],
)
def test_a_failure_is_answered_with_its_error(
    page: Page, site: Site, message: str, method: str, reply: str, body: str
) -> None:
    replies = talk(page, site, f"{method}() {{ {body} }}", {"type": message})
    assert replies == [{"type": reply, "error": "closed"}]


def test_options_make_a_new_handler_and_are_not_answered(page: Page, site: Site) -> None:
    options = {"port": 11133}
    replies = talk(page, site, RESOLVING, {"type": "config", "options": options}, {"type": "ping", "timeout": 1})
    assert replies == [{"type": "called", "called": "ping", "args": [1, None, options]}, {"type": "echo"}]


@pytest.mark.parametrize("message", ["startExamAttempt", "endExamAttempt", "ping"])
def test_a_method_that_is_left_out_is_not_answered(page: Page, site: Site, message: str) -> None:
    assert talk(page, site, "", {"type": message}) == []


@pytest.mark.parametrize(
    "message", [{"type": "other"}, {"type": "toString"}, {"type": "constructor"}, {}, None, "ping"]
)
def test_other_messages_are_passed_over(page: Page, site: Site, message: Any) -> None:
    assert talk(page, site, RESOLVING, message) == []
