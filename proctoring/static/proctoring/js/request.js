// One call to the server: JSON both ways, the CSRF token along, and the server's own words when it refuses.

// Sites may keep the cookie from scripts; then the token is in the forms.
export function csrfToken() {
  const [, cookie] = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) || [];
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value || cookie || "";
}

// Resolves with the answer's JSON, rejects with an error of the answer's `status`; 0 where the server was not reached.
export async function request(method, url, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  const options = { method, headers, body: body && JSON.stringify(body), cache: "no-store" };
  const response = await fetch(url, options).catch(() => ({ ok: false, status: 0, json: async () => ({}) }));
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const said = typeof answer.detail === "string" ? answer.detail : "";
    throw Object.assign(new Error(said), { status: response.status });
  }
  return answer;
}

// Says in the live region of a screen or clock what went wrong; empty text means that all is well.
export function tell(place, text) {
  place.querySelector("[data-proctoring-error]").textContent = text;
}
