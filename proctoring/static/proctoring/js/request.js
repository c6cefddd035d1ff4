// One call to the server: JSON both ways, the CSRF token along, and the server's own words when it refuses.

export function cookie(name) {
  const entry = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return entry ? decodeURIComponent(entry.slice(name.length + 1)) : "";
}

export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

// Resolves with the answer's JSON, rejects with a Refusal; status 0 means that the server was not reached.
export async function request(method, url, body) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") {
    headers["Content-Type"] = "application/json";
    headers["X-CSRFToken"] = cookie("csrftoken");
  }
  const options = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Refusal(0, "");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refusal(response.status, typeof answer.detail === "string" ? answer.detail : "");
  }
  return answer;
}

// Shows what went wrong in the live region of a screen or timer.
export function showError(container, error) {
  const region = container.querySelector("[data-proctoring-error]");
  region.textContent = error instanceof Refusal && error.message ? error.message : container.dataset.textFailed;
}

function clearError(container) {
  container.querySelector("[data-proctoring-error]").textContent = "";
}

// Runs an action with its control busy and every button of the container disabled; a failure is shown and undone.
export async function whileBusy(container, control, action) {
  if (container.hasAttribute("data-proctoring-busy")) {
    return;
  }
  const buttons = [...container.querySelectorAll("button:not(:disabled)")];
  container.setAttribute("data-proctoring-busy", "");
  control.setAttribute("aria-busy", "true");
  buttons.forEach((button) => { button.disabled = true; });
  clearError(container);
  const release = () => {
    container.removeAttribute("data-proctoring-busy");
    control.removeAttribute("aria-busy");
    buttons.forEach((button) => { button.disabled = false; });
  };
  try {
    // An action that leaves the page answers true: its buttons stay disabled until the next page is there.
    if (!(await action())) {
      release();
    }
  } catch (error) {
    release();
    control.focus();
    showError(container, error);
  }
}
