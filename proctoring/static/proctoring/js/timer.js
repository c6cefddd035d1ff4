// The exam clock. The server owns the time: this only counts down to the instant that the server's last answer means.

import { Refusal, request, showError, whileBusy } from "./request.js";

const SECOND = 1000;
const SYNC_EVERY = 60 * SECOND;
const HOLD_AT_ZERO = 5 * SECOND;
const SLEPT = 5 * SECOND;
const LEVEL_SLACK = 5;
const HIDDEN_KEY = "proctoring-clock-hidden";

export function clockText(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

function remember(hidden) {
  try {
    window.sessionStorage.setItem(HIDDEN_KEY, hidden ? "1" : "");
  } catch {
    // A browser without storage simply shows the clock again on the next page.
  }
}

function remembered() {
  try {
    return window.sessionStorage.getItem(HIDDEN_KEY) === "1";
  } catch {
    return false;
  }
}

class ExamClock {
  constructor(container) {
    this.container = container;
    this.level = null;
    this.over = false;
    this.answered = false;
    this.lastTick = Date.now();
    this.lastSync = 0;
    this.setRemaining(Number(container.dataset.remainingSeconds));
  }

  part(name) {
    return this.container.querySelector(`[data-timer-${name}]`);
  }

  setRemaining(seconds) {
    this.deadline = Date.now() + seconds * SECOND;
  }

  get remaining() {
    return (this.deadline - Date.now()) / SECOND;
  }

  begin() {
    this.hideClock(remembered());
    this.part("toggle").addEventListener("click", () => this.hideClock(!this.part("clock").hidden));
    this.part("end").addEventListener("click", () => this.end());
    document.addEventListener("visibilitychange", () => document.hidden || this.sync());
    window.addEventListener("pageshow", (event) => event.persisted && this.sync());
    this.tick();
  }

  hideClock(hidden) {
    this.part("clock").hidden = hidden;
    this.part("toggle").setAttribute("aria-pressed", String(hidden));
    remember(hidden);
  }

  tick() {
    const now = Date.now();
    const slept = Math.abs(now - this.lastTick - SECOND) > SLEPT;
    this.lastTick = now;
    this.part("clock").textContent = clockText(this.remaining);
    this.showLevel();
    if (this.remaining <= 0) {
      this.finish();
    } else if (slept || now - this.lastSync > SYNC_EVERY) {
      this.sync();
    }
    window.setTimeout(() => this.container.isConnected && this.tick(), SECOND);
  }

  // A level once reached is kept through the small steps by which the server corrects the clock.
  levelNow() {
    const { criticalSeconds, lowSeconds } = this.container.dataset;
    const below = (level, seconds) => this.remaining <= Number(seconds) + (this.level === level ? LEVEL_SLACK : 0);
    if (below("critical", criticalSeconds)) {
      return "critical";
    }
    return below("low", lowSeconds) ? "low" : "";
  }

  // Said in words and not by colour alone; announced once, when it changes.
  showLevel() {
    const level = this.levelNow();
    if (level === this.level || this.over) {
      return;
    }
    this.level = level;
    this.container.dataset.level = level;
    const texts = { low: this.container.dataset.textLow, critical: this.container.dataset.textCritical };
    this.part("level").textContent = texts[level] || "";
    this.sync().then(() => this.announce());
  }

  announce() {
    this.part("announce").textContent = [this.part("level").textContent, this.spoken].filter(Boolean).join(" ");
  }

  // Takes the server's remaining time; an attempt that no longer runs, or is no longer ours, ends this page.
  async sync() {
    this.lastSync = Date.now();
    try {
      const attempt = await request("GET", this.container.dataset.pollUrl);
      if (attempt.status !== "started") {
        window.location.reload();
        return;
      }
      this.answered = true;
      this.spoken = attempt.accessibility_time_string;
      this.setRemaining(Number(attempt.time_remaining_seconds));
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 403) {
        return;
      }
      // A page that was never answered would only be reloaded for ever.
      if (this.answered) {
        window.location.reload();
      } else {
        showError(this.container, error);
      }
    }
  }

  // The server hands the attempt in when it is read after its deadline; the hold lets both clocks agree on that.
  finish() {
    if (this.over) {
      return;
    }
    this.over = true;
    this.part("level").textContent = this.container.dataset.textOver;
    this.part("announce").textContent = this.container.dataset.textOver;
    window.setTimeout(async () => {
      await this.sync();
      this.over = false;
      this.level = null;
    }, HOLD_AT_ZERO);
  }

  end() {
    const { actionUrl, examUrl } = this.container.dataset;
    whileBusy(this.container, this.part("end"), async () => {
      await request("PUT", actionUrl, { action: "stop" });
      if (examUrl) {
        window.location.assign(examUrl);
      } else {
        window.location.reload();
      }
      return true;
    });
  }
}

// Hosts that put a clock into a page that is already there call this for the new part.
export function begin(root = document) {
  root.querySelectorAll("[data-proctoring-timer]").forEach((container) => new ExamClock(container).begin());
}

begin();
