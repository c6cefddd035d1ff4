"""
What is counted for Prometheus while things are done; ``operations.metrics`` tells it, with the rest.

Labels name apps, vendors, kinds and outcomes; never a learner, a course, an exam or an attempt. A host that has an
address of its own for Prometheus tells these there too.
"""

from prometheus_client import Counter, Histogram

PREFIX = "proctoring_"

VENDOR_CALLS = Histogram(
    f"{PREFIX}vendor_call_seconds",
    "Calls to vendors and providers, with their retries.",
    ["name", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
DELIVERIES = Counter(f"{PREFIX}outbox_deliveries", "Tries to do what is in an outbox.", ["app", "kind", "outcome"])
