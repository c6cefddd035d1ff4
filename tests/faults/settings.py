"""The demo LMS as it is broken: its vendors misbehave, its photo store is small, and it counts what it is told."""

import json

from demo.settings import *  # noqa: F403
from demo.settings import DATABASES, DEMO_DIR, INSTALLED_APPS, STORAGES, env
from demo.settings import PROCTORING_SETTINGS as DEMO_PROCTORING_SETTINGS
from demo.settings import VERIFY_STUDENT as DEMO_VERIFY_STUDENT

DEBUG = False
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.FaultsConfig"]
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
PHOTOS_DIR = env.str("FAULTS_PHOTOS_DIR", default=str(DEMO_DIR / "photos"))
STORAGES["verify_student"]["OPTIONS"] |= {"location": PHOTOS_DIR, "base_url": "https://photos.invalid/"}
if not env.bool("FAULTS_SMALL_STORE", default=True):
    STORAGES["verify_student"]["BACKEND"] = "tests.faults.storage.FullWhileFilled"
FAULTS_LEASE_SECONDS = env.int("FAULTS_LEASE_SECONDS", default=0)

# Everybody comes from one address, and comes again.
UNTHROTTLED = dict.fromkeys(("poll", "write", "staff", "callback"))
COUNTING_SERVICES = {
    "credit": "tests.faults.receiving.Credit",
    "grades": "tests.faults.receiving.Grades",
    "certificates": "tests.faults.receiving.Certificates",
    "instructor": "tests.faults.receiving.Instructor",
}
PROCTORING_SETTINGS = DEMO_PROCTORING_SETTINGS | {
    "LMS_SERVICES": DEMO_PROCTORING_SETTINGS["LMS_SERVICES"] | COUNTING_SERVICES,
    "OUTBOX_RETRY_BASE_SECONDS": 1,
    "VENDOR_CALL_TIMEOUT": 4,
    "THROTTLE_RATES": UNTHROTTLED,
    # A suspicious review rejects by itself: nobody of the staff is here.
    "REQUIRE_FAILURE_SECOND_REVIEWS": False,
}
VERIFY_STUDENT = DEMO_VERIFY_STUDENT | {
    "PROVIDER": "software_secure",
    "OUTBOX_RETRY_BASE_SECONDS": 1,
    # Keys of this run alone.
    "SOFTWARE_SECURE": json.loads(env.str("FAULTS_IDENTITY", default="{}")),
}
