// What htmx and HTML cannot do on the learner's screens: say why a button did not work, tell the server that the set-up
// was opened, copy a code, show dates in the learner's own time, and see to it that there is one htmx.

import { csrfToken, request, tell } from "./request.js";

export const PLACE = "[data-proctoring-screen], [data-proctoring-timer]";

export function on(name, selector, act) {
  document.addEventListener(name, (event) => {
    const found = event.target.closest?.(selector);
    return found && act(found, event);
  }, name === "submit");
}

export function failed(form, text) {
  tell(form.closest(PLACE), text || form.closest(PLACE).dataset.textFailed);
  form.querySelector("button").focus();
}

on("htmx:configRequest", ".proctoring-act", (form, { detail }) => { detail.headers["X-CSRFToken"] = csrfToken(); });
on("htmx:beforeRequest", ".proctoring-act", (form) => tell(form.closest(PLACE), ""));
on("htmx:afterRequest", ".proctoring-act", (form, { detail: { successful, xhr } }) => {
  const said = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") && xhr.responseText;
  return successful || failed(form, said);
});

on("click", "[data-proctoring-opened]", ({ dataset: { proctoringOpened: url } }) => {
  request("PUT", url, { action: "click_download_software" }).catch(() => {});
});

on("click", "[data-proctoring-copy]", (button) => {
  const field = button.closest(PLACE).querySelector("[data-proctoring-code]");
  const copied = navigator.clipboard?.writeText(field.value) ?? Promise.reject();
  // Without permission the code is selected, ready for the learner's own copy command.
  copied.then(() => { button.textContent = button.dataset.textCopied; }, () => field.select());
});

// Hosts that put a screen into a page that is already there call this for the new part.
export function begin(root = document.body) {
  root.querySelectorAll("time[data-proctoring-guessed=yes]").forEach((time) => {
    const language = document.documentElement.lang || undefined;
    time.textContent = new Date(time.dateTime).toLocaleString(language, { dateStyle: "long", timeStyle: "long" });
  });
  window.htmx?.process(root);
}

begin();
// Once all of the page is loaded, the host's htmx is there if there is any.
window.addEventListener("load", () => window.htmx
  || document.head.append(document.querySelector("template[data-proctoring-htmx]").content.cloneNode(true)));
