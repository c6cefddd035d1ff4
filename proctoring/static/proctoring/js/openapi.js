// The API's page: the document in the reader that the sidecar app brings, which is loaded before as a plain script.

import { csrfToken } from "./request.js";

const place = document.getElementById("openapi");

window.SwaggerUIBundle({
  url: place.dataset.url,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor(request) {
    request.headers["X-CSRFToken"] = csrfToken();
    return request;
  },
});
