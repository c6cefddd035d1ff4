// The vendor's half of the talk between an exam's page and the desktop application. It runs in a Web Worker: a vendor's
// script wraps a class of its own and exports the result.
//
//   import handlerWrapper from ".../proctoring/js/worker.js";
//   export default handlerWrapper(class {
//     constructor(options) {}
//     async onStartExamAttempt(timeout, attemptExternalId) {}   // timeout in milliseconds
//     async onEndExamAttempt(attemptExternalId) {}
//     async onPing(timeout, attemptExternalId) {}
//   });
//
// Every method may be left out: then there is no reply to its message.

const CALLS = {
  startExamAttempt: {
    method: "onStartExamAttempt",
    given: ({ timeout, attemptExternalId }) => [timeout, attemptExternalId],
    resolved: "examAttemptStarted",
    rejected: "examAttemptStartFailed",
  },
  endExamAttempt: {
    method: "onEndExamAttempt",
    given: ({ attemptExternalId }) => [attemptExternalId],
    resolved: "examAttemptEnded",
    rejected: "examAttemptEndFailed",
  },
  ping: {
    method: "onPing",
    given: ({ timeout, attemptExternalId }) => [timeout, attemptExternalId],
    resolved: "echo",
    rejected: "pingFailed",
  },
};

function refuse(type, error) {
  try {
    self.postMessage({ type, error });
  } catch {
    // What cannot be copied to the page is told in words.
    self.postMessage({ type, error: String((error && error.message) || error) });
  }
}

async function answer(handler, call, message) {
  try {
    await handler[call.method](...call.given(message));
  } catch (error) {
    refuse(call.rejected, error);
    return;
  }
  self.postMessage({ type: call.resolved });
}

// Listens to the page from now on. Messages of other types are passed over.
export function handlerWrapper(Handler) {
  let handler = new Handler({});

  self.addEventListener("message", (event) => {
    const message = event.data || {};
    if (message.type === "config") {
      handler = new Handler(message.options);
      return;
    }
    const call = Object.hasOwn(CALLS, message.type) ? CALLS[message.type] : null;
    if (call && typeof handler[call.method] === "function") {
      answer(handler, call, message);
    }
  });
}

export default handlerWrapper;
