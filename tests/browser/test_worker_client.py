"""The page's half of the worker protocol (contract vendors_admin_screens.md §3.13), in a real browser."""

import json
from typing import Any

import pytest

from tests.browser.worker_site import ATTEMPT, Page, Site, page, site, tab

__all__ = ["page", "site", "tab"]

# A vendor's bundle: a plain script that answers every message as it is told, and shows what it got.
VENDOR = """
const replies = %s;
self.addEventListener("message", ({ data }) => {
  const seen = replies.seen;
  const told = seen ? fetch(seen, { method: "PUT", body: JSON.stringify(data) }) : Promise.resolve();
  told.then(() => reply(data));
});
function reply({ type }) {
  if (type in replies) { self.postMessage(replies[type]); }
}
"""
GOOD = {
    "startExamAttempt": {"type": "examAttemptStarted"},
    "endExamAttempt": {"type": "examAttemptEnded"},
    "ping": {"type": "echo"},
}
APPLICATION = """
const usual = { url: "/vendor.js", pingInterval: 60, attemptExternalId: "a1" };
const application = new client.DesktopApplication({ ...usual, ...given });
"""
# Counts workers that were started and not ended.
COUNTED = """
const alive = new Set();
const Plain = window.Worker;
window.Worker = class extends Plain {
  constructor(...args) { super(...args); alive.add(this); }
  terminate() { alive.delete(this); super.terminate(); }
};
"""


def vendor(**replies: Any) -> str:
    return VENDOR % json.dumps(replies)


def plain(site: Site, **replies: Any) -> None:
    site.vendor = vendor(**{"seen": f"{site.url}{ATTEMPT}", **GOOD, **replies})


def told(page: Page, action: str, **given: Any) -> Any:
    """What becomes of ``application.<action>()``, and how many workers are left."""
    script = f"{COUNTED}{APPLICATION}const end = await application.{action}().then(() => 'done', failed);"
    return page.run(f"{script} return [end, alive.size];", given)


# Messages


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("start", {"type": "startExamAttempt", "timeout": 60000, "attemptExternalId": "a1"}),
        ("end", {"type": "endExamAttempt", "attemptExternalId": "a1"}),
        ("ping", {"type": "ping", "timeout": 50000, "attemptExternalId": "a1"}),
    ],
)
def test_a_message_is_sent_and_its_reply_awaited(page: Page, site: Site, action: str, message: Any) -> None:
    plain(site)
    assert told(page, action) == ["done", 0]
    assert site.calls == [message]


def test_an_attempt_without_an_id_sends_none(page: Page, site: Site) -> None:
    plain(site)
    assert told(page, "end", attemptExternalId="") == ["done", 0]
    assert site.calls == [{"type": "endExamAttempt"}]


def test_a_short_interval_leaves_the_application_half_of_it(page: Page, site: Site) -> None:
    plain(site)
    told(page, "ping", pingInterval=8)
    assert site.calls[0]["timeout"] == 4000


def test_a_vendors_module_is_imported_as_one(page: Page, site: Site) -> None:
    site.vendor = """
    import handlerWrapper from "/js/worker.js";
    export default handlerWrapper(class { onPing() { return Promise.resolve(); } });
    """
    assert told(page, "ping") == ["done", 0]


@pytest.mark.parametrize("action", ["start", "end", "ping"])
@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        ({"type": "pingFailed", "error": "closed"}, "closed"),
        ({"type": "examAttemptStartFailed", "error": {"message": "closed"}}, "closed"),
        ({"type": "something"}, "no reason given"),
        (None, "no reason given"),
    ],
)
def test_any_other_reply_is_a_failure_and_ends_the_worker(
    page: Page, site: Site, action: str, reply: Any, detail: str
) -> None:
    plain(site, startExamAttempt=reply, endExamAttempt=reply, ping=reply)
    assert told(page, action) == [{"failed": "refused", "detail": detail}, 0]


def test_a_script_of_another_origin_is_imported(page: Page, site: Site) -> None:
    plain(site, seen="")
    assert told(page, "start", url=f"{site.url.replace('127.0.0.1', 'localhost')}/vendor.js") == ["done", 0]


def test_weakness_53_a_silent_application_is_given_up_and_its_worker_ended(page: Page, site: Site) -> None:
    site.vendor = vendor()
    end = told(page, "ping", pingInterval=0.3)
    assert end == [{"failed": "timeout", "detail": "no reply to ping"}, 0]


@pytest.mark.parametrize(("message", "expected"), [("startExamAttempt", "examAttemptStarted"), ("endExamAttempt", "x")])
def test_weakness_53_starting_and_ending_are_given_up_too(page: Page, site: Site, message: str, expected: str) -> None:
    site.vendor = vendor()
    script = f"""{COUNTED}
    const end = await client.send("/vendor.js", {{ type: "{message}" }}, "{expected}", 300).catch(failed);
    return [end.failed, alive.size];"""
    assert page.run(script) == ["timeout", 0]


@pytest.mark.parametrize(("action", "least"), [("start", 60000), ("end", 60000)])
def test_starting_and_ending_wait_longer_than_the_application_may(
    page: Page, site: Site, action: str, least: int
) -> None:
    plain(site)
    script = f"""
    const limits = [];
    const plain = window.setTimeout;
    window.setTimeout = (act, delay, ...more) => {{ limits.push(delay); return plain(act, delay, ...more); }};
    {APPLICATION}
    await application.{action}();
    return limits;"""
    assert page.run(script, {}) == [least + 10000]


def test_a_script_that_is_not_there_is_a_failure(page: Page) -> None:
    end, alive = told(page, "start", url="/missing.js")
    assert (end["failed"], alive) == ("load", 0)


@pytest.mark.parametrize("script", ['throw new Error("broken");', "this is no script", '<html lang="en"></html>'])
def test_a_script_that_does_not_run_is_a_failure(page: Page, site: Site, script: str) -> None:
    site.vendor = script
    end, alive = told(page, "start")
    assert (end["failed"], alive) == ("load", 0)


def test_a_script_that_fails_later_is_a_failure(page: Page, site: Site) -> None:
    site.vendor = 'self.addEventListener("message", () => { throw new Error("broken"); });'
    end, alive = told(page, "start")
    assert (end["failed"], alive) == ("crash", 0)
    assert "broken" in end["detail"]


def test_without_an_address_nothing_is_started(page: Page) -> None:
    assert told(page, "start", url="") == [{"failed": "unsupported", "detail": "no worker can be started"}, 0]


# Starting and ending an exam


def flow(page: Page, name: str, **given: Any) -> Any:
    script = f"{APPLICATION}return client.{name}(application, '{ATTEMPT}').then(() => 'done', failed);"
    return page.run(script, given)


def kinds(site: Site) -> list[str]:
    """What the server and the application heard, in order."""
    return [call if isinstance(call, str) else call.get("action") or call["type"] for call in site.calls]


def test_an_exam_starts_at_the_application_first(page: Page, site: Site) -> None:
    plain(site)
    assert flow(page, "startExam") == "done"
    assert kinds(site) == ["startExamAttempt", "start"]


def test_an_exam_whose_application_refuses_does_not_start(page: Page, site: Site) -> None:
    plain(site, startExamAttempt={"type": "examAttemptStartFailed", "error": "closed"})
    assert flow(page, "startExam") == {"failed": "refused", "detail": "closed"}
    assert kinds(site) == ["startExamAttempt"]


def test_an_exam_ends_at_the_server_first(page: Page, site: Site) -> None:
    plain(site)
    assert flow(page, "endExam") == "done"
    assert kinds(site) == ["submit", "endExamAttempt"]


def test_an_exam_that_the_server_does_not_take_is_not_ended_at_the_application(page: Page, site: Site) -> None:
    plain(site)
    site.answers = [(403, {"detail": "no"})]
    assert flow(page, "endExam")["detail"] == "no"
    assert kinds(site) == ["submit"]


@pytest.mark.parametrize(("name", "action"), [("startExam", "start"), ("endExam", "submit")])
def test_without_an_application_only_the_server_is_told(page: Page, site: Site, name: str, action: str) -> None:
    assert flow(page, name, url="") == "done"
    assert kinds(site) == [action]


# Pings


@pytest.mark.parametrize(
    ("elapsed", "interval", "wait"),
    [(0, 60, 30), (29, 60, 1), (30, 60, 60), (31, 60, 59), (95, 60, 55), (0, 61, 30.5), (200, 60, 10), (0, 7, 3.5)],
)
def test_a_ping_comes_in_the_middle_of_each_interval(page: Page, elapsed: int, interval: int, wait: float) -> None:
    assert page.run("return client.untilNextPing(...given);", [elapsed * 1000, interval * 1000]) == wait * 1000


def pinging(page: Page, *, after: int, interval: float, status: str = "started", failing: bool = False) -> Any:
    """
    Ping an application that answers at once for ``after`` milliseconds; when it was pinged, in milliseconds, and how
    often the page was loaded again.
    """
    script = f"""{APPLICATION}
    const began = performance.now();
    const sent = [];
    application.ping = async () => {{
      sent.push(performance.now() - began);
      if ({json.dumps(failing)}) {{ throw new client.WorkerFailure("refused", "closed"); }}
    }};
    let reloads = 0;
    const options = {{ status: () => "{status}", reload: () => {{ reloads += 1; }} }};
    const stop = client.keepPinging(application, "{ATTEMPT}", options);
    await new Promise((resolve) => setTimeout(resolve, {after}));
    stop();
    return [sent, reloads];"""
    return page.run(script, {"pingInterval": interval})


def test_weakness_55_an_odd_interval_pings_too(page: Page) -> None:
    (first, second, *_more), reloads = pinging(page, after=1300, interval=0.501)
    assert 250 <= first < 500
    assert 750 <= second < 1000
    assert reloads == 0


def test_a_learner_who_is_asked_whether_they_are_done_is_left_alone(page: Page) -> None:
    assert pinging(page, after=500, interval=0.2, status="ready_to_submit") == [[], 0]


def test_a_ping_that_fails_is_reported_and_the_page_loaded_again(page: Page, site: Site) -> None:
    sent, reloads = pinging(page, after=900, interval=0.3, failing=True)
    assert site.calls == [{"action": "error", "detail": "closed"}]
    assert (len(sent), reloads) == (1, 1)


def test_an_error_that_the_server_passes_over_or_does_not_hear_lets_the_exam_go_on(page: Page, site: Site) -> None:
    site.answers = [(200, {"exam_attempt_id": False}), (503, {})]
    sent, reloads = pinging(page, after=2000, interval=0.3, failing=True)
    assert (len(sent), len(site.calls), reloads) == (3, 3, 1)


def test_nobody_pings_any_more_when_told_to_stop(page: Page) -> None:
    script = f"""{APPLICATION}
    let sent = 0;
    application.ping = async () => {{ sent += 1; }};
    client.keepPinging(application, "{ATTEMPT}", {{ status: () => "started" }})();
    await new Promise((resolve) => setTimeout(resolve, 400));
    return sent;"""
    assert page.run(script, {"pingInterval": 0.1}) == 0


def test_a_silent_application_is_reported(page: Page, site: Site) -> None:
    site.vendor = vendor()
    script = f"""{APPLICATION}
    return new Promise((reload) => client.keepPinging(application, "{ATTEMPT}", {{ status: () => "started", reload }}))
      .then(() => "loaded again");"""
    assert page.run(script, {"pingInterval": 0.5}) == "loaded again"
    assert site.calls == [{"action": "error", "detail": "no reply to ping"}]


@pytest.mark.parametrize("given", [{"url": ""}, {"pingInterval": 0}])
def test_without_an_application_nobody_pings(page: Page, site: Site, given: dict[str, Any]) -> None:
    plain(site)
    script = f"""{APPLICATION}
    client.keepPinging(application, "{ATTEMPT}", {{ status: () => "started", reload: () => {{}} }});
    await new Promise((resolve) => setTimeout(resolve, 300));"""
    page.run(script, {"pingInterval": 0.1, **given})
    assert site.calls == []
