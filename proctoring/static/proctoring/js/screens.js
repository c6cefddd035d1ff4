// The buttons of the learner's screens, and the set-up screen's waiting for the vendor.

import { Refusal, request, showError, whileBusy } from "./request.js";

const SCREEN = "[data-proctoring-screen]";
const ACTION = "[data-proctoring-action]";
const FIRST_POLL = 3000;
const SLOWEST_POLL = 30000;
// Signed out, not the learner's attempt, or gone: asking again would not help.
const FINAL_REFUSALS = [400, 401, 403, 404];

function reload() {
  window.location.reload();
  return true;
}

// What a control asks of the server. Booleans travel as text: that is the published interface.
function send(screen, control) {
  const { createUrl, actionUrl, acknowledgeUrl, examId } = screen.dataset;
  const { proctoringAction: action, attemptProctored, startClock } = control.dataset;
  if (action === "create") {
    return request("POST", createUrl, { exam_id: Number(examId), attempt_proctored: attemptProctored, start_clock: startClock });
  }
  if (action === "acknowledge") {
    return request("PUT", acknowledgeUrl);
  }
  return request("PUT", actionUrl, { action });
}

// The link itself opens the vendor's page; the server hears of it unless the vendor was faster than the learner.
async function reportDownload(screen, control) {
  const attempt = await request("GET", screen.dataset.actionUrl);
  if (hasMovedOn(screen, attempt)) {
    return reload();
  }
  if (attempt.status === "created") {
    await send(screen, control);
    return reload();
  }
  return false;
}

function onClick(event) {
  const control = event.target.closest(ACTION);
  const screen = control && control.closest(SCREEN);
  if (!screen) {
    return;
  }
  if (control.dataset.proctoringAction === "click_download_software") {
    whileBusy(screen, control, () => reportDownload(screen, control));
    return;
  }
  event.preventDefault();
  whileBusy(screen, control, async () => {
    await send(screen, control);
    return reload();
  });
}

function hasMovedOn(screen, attempt) {
  return !screen.dataset.pollWhile.split(" ").includes(attempt.status);
}

// Asks every few seconds, more slowly the longer nothing happens, and at once when the learner comes back to the page.
function poll(screen) {
  let delay = FIRST_POLL;
  let timer = 0;
  const askAfter = (milliseconds) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, milliseconds);
  };

  const ask = async () => {
    if (!screen.isConnected) {
      return;
    }
    try {
      if (hasMovedOn(screen, await request("GET", screen.dataset.pollUrl))) {
        reload();
        return;
      }
      delay = Math.min(delay * 1.1, SLOWEST_POLL);
    } catch (error) {
      if (error instanceof Refusal && FINAL_REFUSALS.includes(error.status)) {
        showError(screen, error);
        return;
      }
      delay = Math.min(delay * 2, SLOWEST_POLL);
    }
    askAfter(delay);
  };

  askAfter(delay);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      delay = FIRST_POLL;
      askAfter(0);
    }
  });
}

function showLocalTime(element) {
  const moment = new Date(element.dateTime);
  if (!Number.isNaN(moment.getTime())) {
    const format = { dateStyle: "long", timeStyle: "long" };
    element.textContent = moment.toLocaleString(document.documentElement.lang || undefined, format);
  }
}

async function copyCode(button) {
  const field = button.closest(SCREEN).querySelector("[data-proctoring-code]");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.textCopied;
  } catch {
    // Without permission the code stays selected, ready for the learner's own copy command.
    field.focus();
  }
}

// Hosts that put a screen into a page that is already there call this for the new part.
export function begin(root = document) {
  root.querySelectorAll(`${SCREEN}[data-poll-url]`).forEach(poll);
  root.querySelectorAll("[data-proctoring-local-time]").forEach(showLocalTime);
}

document.addEventListener("click", onClick);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-proctoring-copy]");
  if (button) {
    copyCode(button);
  }
});
// A page out of the browser's history may show a screen that is long over.
window.addEventListener("pageshow", (event) => event.persisted && document.querySelector(SCREEN) && reload());
begin();
