"""The demo LMS as a busy site runs it: connections to the database that last, and a vendor that answers at once."""

from demo.settings import *  # noqa: F403
from demo.settings import DATABASES as DEMO_DATABASES
from demo.settings import PROCTORING_BACKENDS as DEMO_BACKENDS
from demo.settings import PROCTORING_SETTINGS as DEMO_PROCTORING_SETTINGS

DEBUG = False
ROOT_URLCONF = "benchmarks.web.urls"
DATABASES = {"default": {**DEMO_DATABASES["default"], "CONN_MAX_AGE": None}}

# Requests are counted as on any site, and all of them let through.
ANY_NUMBER = "9999999/min"
PROCTORING_SETTINGS = DEMO_PROCTORING_SETTINGS | {
    "THROTTLE_RATES": dict.fromkeys(["poll", "write", "staff", "callback", "anonymous"], ANY_NUMBER),
    "LMS_SERVICES": DEMO_PROCTORING_SETTINGS["LMS_SERVICES"] | {"tracker": "benchmarks.web.tracker.LogTracker"},
}
PROCTORING_BACKENDS = DEMO_BACKENDS | {
    "DEFAULT": "bench",
    "bench": {
        "class": "benchmarks.web.vendor.NearVendor",
        "base_url": "http://vendor.invalid",
        "client_id": "bench",
        "client_secret": "bench",
    },
}
