// The vendor's desktop application in the learner's screens: it hears of the start before the server does, of the end
// after it, and is pinged while the clock runs (see worker_client.js).

import { PLACE, failed, on } from "./screens.js";
import { DesktopApplication, WorkerFailure, endExam, isAvailable, keepPinging, startExam } from "./worker_client.js";

const FLOWS = { start: startExam, submit: endExam };
const HANDED_IN = ["submitted", "timed_out"];

function applicationOf({ dataset: { scriptUrl: url, pingInterval, externalId: attemptExternalId } }) {
  return new DesktopApplication({ url, pingInterval, attemptExternalId });
}

on("submit", ".proctoring-act[data-script-url]", async (form, event) => {
  const { proctoringAction: action, actionUrl, scriptUrl } = form.dataset;
  if (!isAvailable(scriptUrl)) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  const button = form.querySelector("button");
  button.disabled = true;
  form.classList.add("htmx-request");
  try {
    await FLOWS[action](applicationOf(form), actionUrl);
    window.location.reload();
  } catch (error) {
    const silent = error instanceof WorkerFailure;
    if (silent && action === "submit") {
      // It is handed in all the same; the next screen says what to do with the application.
      window.location.reload();
      return;
    }
    button.disabled = false;
    form.classList.remove("htmx-request");
    failed(form, silent ? form.closest(PLACE).dataset.textSilent : error.message);
  }
});

// Nobody starts before the application can be told. Hosts that put a screen into a page that is already there call this
// for the new part.
export function begin(root = document) {
  root.querySelectorAll(".proctoring-act[data-script-url] button").forEach((button) => { button.disabled = false; });
}

begin();

// While the clock of `place` runs. The function that it returns is called before the page goes, with the status that the
// attempt has by then: an application whose exam was handed in by the clock is told.
export function keepInTouch(place, reload) {
  const application = applicationOf(place);
  const { pollUrl, status } = place.dataset;
  const stop = keepPinging(application, pollUrl, { status: () => status, reload });
  return async (after) => {
    stop();
    if (HANDED_IN.includes(after) && isAvailable(application.url)) {
      await application.end().catch(() => {});
    }
  };
}
