// The page's half of the talk with the vendor's desktop application, through a Web Worker that runs the vendor's script
// (see worker.js). Whatever happens, every promise here settles, and no worker outlives its message.
//
// A page with a content security policy needs `worker-src blob:` and the vendor's origin in `script-src`.

import { request } from "./request.js";

const SECOND = 1000;
// What a worker's own time limit stays under the page's.
const SLACK = 10 * SECOND;
const EARLY = 20;
// Of the script below, not of the vendor's.
const LOADED = "proctoringWorkerLoaded";
const NOT_LOADED = "proctoringWorkerNotLoaded";

// `reason` is "unsupported", "load", "timeout", "refused" or "crash"; the message is for the log.
export class WorkerFailure extends Error {
  constructor(reason, detail) {
    super(detail);
    this.name = "WorkerFailure";
    this.reason = reason;
  }
}

// Whether there is a desktop application to talk to.
export function isAvailable(url) {
  return Boolean(url) && typeof window.Worker === "function";
}

// A script of another origin cannot be a worker, but a script of ours can import it. Vendors' bundles are plain scripts;
// what cannot be read as one may be a module. A script that ran and failed is not run again.
function bootScript(url) {
  const address = JSON.stringify(new URL(url, document.baseURI).href);
  return `
    (async () => {
      try {
        try {
          importScripts(${address});
        } catch (error) {
          if (!["SyntaxError", "NetworkError"].includes(error.name)) { throw error; }
          await import(${address});
        }
        self.postMessage({ type: "${LOADED}" });
      } catch (error) {
        self.postMessage({ type: "${NOT_LOADED}", error: String(error) });
      }
    })();`;
}

function inWords(error) {
  return String((error && error.message) || error || "no reason given");
}

// Sends one message to a fresh worker. Resolves when the reply is of the type `expected`; rejects with a WorkerFailure on
// any other reply, on a script that does not run, and after `patience` milliseconds.
export function send(url, message, expected, patience) {
  if (!isAvailable(url)) {
    return Promise.reject(new WorkerFailure("unsupported", "no worker can be started"));
  }
  return new Promise((resolve, reject) => {
    const address = URL.createObjectURL(new Blob([bootScript(url)], { type: "text/javascript" }));
    const worker = new window.Worker(address);
    const settle = (act, value) => {
      window.clearTimeout(limit);
      worker.terminate();
      URL.revokeObjectURL(address);
      act(value);
    };
    const fail = (reason, detail) => settle(reject, new WorkerFailure(reason, detail));
    const limit = window.setTimeout(() => fail("timeout", `no reply to ${message.type}`), patience);

    worker.addEventListener("error", (event) => {
      event.preventDefault();
      fail("crash", inWords(event));
    });
    worker.addEventListener("messageerror", () => fail("refused", "a reply that cannot be read"));
    worker.addEventListener("message", ({ data }) => {
      const { type, error } = data || {};
      if (type === LOADED) {
        worker.postMessage(message);
      } else if (type === NOT_LOADED) {
        fail("load", inWords(error));
      } else if (type === expected) {
        settle(resolve);
      } else {
        fail("refused", inWords(error));
      }
    });
  });
}

// `pingInterval` in seconds; `attemptExternalId` may be left out.
export class DesktopApplication {
  constructor({ url, pingInterval, attemptExternalId }) {
    this.url = url;
    this.interval = pingInterval * SECOND;
    this.about = attemptExternalId ? { attemptExternalId } : {};
  }

  start() {
    const message = { type: "startExamAttempt", timeout: this.interval, ...this.about };
    return send(this.url, message, "examAttemptStarted", this.interval + SLACK);
  }

  end() {
    return send(this.url, { type: "endExamAttempt", ...this.about }, "examAttemptEnded", this.interval + SLACK);
  }

  // The application gets less time than there is, so that its own reason arrives before the page gives up.
  ping() {
    const timeout = Math.max(this.interval - SLACK, this.interval / 2);
    return send(this.url, { type: "ping", timeout, ...this.about }, "echo", this.interval);
  }
}

// The application first, then the server: an exam whose application does not run never starts.
export async function startExam(application, actionUrl) {
  if (isAvailable(application.url)) {
    await application.start();
  }
  return request("PUT", actionUrl, { action: "start" });
}

// The server first: what is handed in stays so, whatever the application says.
export async function endExam(application, actionUrl) {
  const answer = await request("PUT", actionUrl, { action: "submit" });
  if (isAvailable(application.url)) {
    await application.end();
  }
  return answer;
}

// Tells the server that the application is gone. Whether that ended the attempt: then the page is to be loaded again.
export async function reportError(actionUrl, detail) {
  const answer = await request("PUT", actionUrl, { action: "error", detail });
  return Boolean(answer.exam_attempt_id);
}

// Milliseconds until the middle of an interval comes next, `elapsed` milliseconds after the first one began.
export function untilNextPing(elapsed, interval) {
  const sinceMiddle = (elapsed - interval / 2) % interval;
  return interval - (sinceMiddle < 0 ? sinceMiddle + interval : sinceMiddle);
}

// Pings in the middle of each interval until the returned function is called. One at a time: a tab that slept pings once
// when it wakes. `status` says how the attempt stands; while the learner is asked whether they are done, it stays quiet.
export function keepPinging(application, actionUrl, { status, reload = () => window.location.reload() }) {
  const began = performance.now();
  let stopped = !isAvailable(application.url) || !(application.interval > 0);
  let timer = 0;

  const failed = async (failure) => {
    try {
      if (!stopped && (await reportError(actionUrl, failure.message))) {
        stopped = true;
        reload();
      }
    } catch {
      // The server was not reached: the next ping that fails says it again.
    }
  };

  const ping = async () => {
    if (status() !== "ready_to_submit") {
      await application.ping().catch(failed);
    }
    schedule();
  };

  function schedule() {
    if (!stopped) {
      // Timers may come a little early; that middle has had its ping then.
      timer = window.setTimeout(ping, untilNextPing(performance.now() - began + EARLY, application.interval) + EARLY);
    }
  }

  schedule();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
  };
}
