// The exam clock counts down to the instant that the server's last answer means, by a clock that nobody can set. It asks
// again each minute, after sleep, and until a lost connection is back.

import { request, tell } from "./request.js";

const SYNC_EVERY = 60;
const HOLD_AT_ZERO = 5;
// A level once reached is kept through the small steps by which the server corrects the clock, and they are no sleep.
const SLACK = 5;
const HIDDEN = "proctoring-clock-hidden";
// Names that sites' own styles know.
const CLASSES = { over: "low-time critical", critical: "low-time critical", low: "low-time warning" };

const now = () => performance.now() / 1000;
const unsaved = new Set();
let leaving = false;

class ExamClock {
  constructor(place) {
    this.place = place;
    this.part = (name) => place.querySelector(`[data-timer-${name}]`);
    this.classes = place.className;
    this.deadline = now() + Number(place.dataset.remainingSeconds);
    this.wall = Date.now() / 1000 - now();
    this.syncAt = this.failures = 0;
    this.tick();
    if (place.dataset.scriptUrl) {
      import("./application.js").then((module) => { this.farewell = module.keepInTouch(place, () => this.leave()); });
    }
    window.addEventListener("online", () => { this.syncAt = 0; });
    const face = this.part("face");
    face.addEventListener("toggle", () => window.localStorage.setItem(HIDDEN, face.open ? "no" : "yes"));
    face.open = window.localStorage.getItem(HIDDEN) !== "yes";
  }

  tick() {
    const slept = Date.now() / 1000 - now() - this.wall;
    this.wall += slept;
    this.show(this.deadline - now());
    const over = this.deadline + HOLD_AT_ZERO < now() && !this.failures;
    if (!this.syncing && (over || this.syncAt <= now() || Math.abs(slept) > SLACK)) {
      this.syncing = true;
      this.sync(slept);
    }
    window.setTimeout(() => this.place.isConnected && this.tick(), 1000);
  }

  // Levels are said in words and not by colour alone, and announced once, when they change.
  show(remaining) {
    const seconds = Math.max(0, Math.ceil(remaining));
    this.part("clock").textContent = Math.floor(seconds / 3600) + new Date(seconds * 1000).toISOString().slice(13, 19);
    const { lowSeconds: low, criticalSeconds: critical } = this.place.dataset;
    const reached = ([name, limit]) => remaining <= Number(limit) + (name === this.level ? SLACK : 0);
    const [level] = Object.entries({ over: 0, critical, low }).find(reached) || [""];
    if (level !== this.level) {
      this.level = this.place.dataset.level = level;
      this.place.className = `${this.classes} ${CLASSES[level] || ""}`;
      this.part("level").textContent = this.place.getAttribute(`data-text-${level}`);
      this.syncAt = level === "over" ? this.syncAt : 0;
      this.unsaid = level !== "over";
      this.part("announce").textContent = level === "over" ? this.place.dataset.textOver : "";
    }
  }

  // Takes the server's remaining time. An attempt that has moved on, or is not ours any more, ends this page.
  async sync(slept) {
    const { pollUrl, status, textBack, textLost } = this.place.dataset;
    const asked = now();
    try {
      const attempt = await request("GET", pollUrl);
      if (attempt.status !== status) {
        return void this.leave(attempt.status);
      }
      this.deadline = (asked + now()) / 2 + Number(attempt.time_remaining_seconds);
      this.spoken = attempt.accessibility_time_string;
      this.part("connection").textContent = this.failures ? textBack : "";
      this.failures = 0;
    } catch (error) {
      if ([400, 401, 403, 404].includes(error.status)) {
        // A page that was never answered would only be loaded for ever.
        return void (this.spoken ? this.leave() : tell(this.place, error.message));
      }
      // A computer that slept is likelier than one whose clock was set.
      this.deadline -= Math.max(slept, 0);
      this.part("connection").textContent = textLost;
      this.failures += 1;
    }
    this.syncAt = now() + Math.min(2 ** (this.failures || Infinity), SYNC_EVERY) * (1 - Math.random() / 4);
    if (this.unsaid) {
      this.part("announce").textContent = `${this.part("level").textContent} ${this.failures ? "" : this.spoken}`;
    }
    this.syncing = this.unsaid = false;
  }

  async leave(status) {
    leaving = true;
    await this.farewell?.(status);
    window.location.reload();
  }
}

document.addEventListener("input", ({ target: { form } }) => form?.method === "post" && unsaved.add(form));
document.addEventListener("submit", (event) => {
  const place = event.target.closest("[data-proctoring-timer]");
  unsaved.delete(event.target);
  leaving = !place && event.target.matches(".proctoring-act");
  if (place && unsaved.size > 0) {
    event.preventDefault();
    event.stopImmediatePropagation();
    unsaved.clear();
    tell(place, place.dataset.textUnsaved);
  }
}, true);
window.addEventListener("beforeunload", (event) => (
  !leaving && (unsaved.size > 0 || document.querySelector("[data-guards]")) && event.preventDefault()
));

// Hosts that put a clock into a page that is already there call this for the new part.
export function begin(root = document) {
  root.querySelectorAll("[data-proctoring-timer]").forEach((place) => new ExamClock(place));
}
begin();
