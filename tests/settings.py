"""
Settings of the tests: the demo's, with fakes for vendors and the LMS. ``DATABASE_URL`` and ``CELERY_BROKER_URL`` are
read too.
"""

from demo.settings import *  # noqa: F403
from demo.settings import BASE_DIR
from demo.settings import INSTALLED_APPS as DEMO_INSTALLED_APPS
from demo.settings import PROCTORING_SETTINGS as DEMO_PROCTORING_SETTINGS

DEBUG = False
SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests-only-for"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "verify_student": {
        "BACKEND": "django.core.files.storage.InMemoryStorage",
        "OPTIONS": {"base_url": "https://files.test/"},
    },
}

INSTALLED_APPS = [*DEMO_INSTALLED_APPS, "proctoring.compat", "verify_student.compat"]

PROCTORING_USER_OBFUSCATION_KEY = "obfuscation-key"
PROCTORING_SETTINGS = DEMO_PROCTORING_SETTINGS | {"LMS_SERVICES": {}, "OUTBOX_RETRY_BASE_SECONDS": 60}
PROCTORING_BACKENDS = {
    "DEFAULT": "watcher",
    "watcher": {"class": "tests.fakes.WatchingBackend", "verbose_name": "Watcher"},
    "other": {"class": "tests.fakes.WatchingBackend", "verbose_name": "Other"},
    "null": {},
    "mock": {},
}

# Keys of nobody: the vendor is a fake.
IDENTITY_KEYS = BASE_DIR / "tests/verify_student/keys"
VERIFY_STUDENT = {
    "PROVIDER": "local",
    "SOFTWARE_SECURE": {
        "API_URL": "https://vendor.test/verify",
        "API_ACCESS_KEY": "ACCESSKEY",
        "API_SECRET_KEY": "SECRETKEY",
        "FACE_IMAGE_AES_KEY": bytes(range(32)).hex(),
        "RSA_PUBLIC_KEY": (IDENTITY_KEYS / "vendor_public.pem").read_text(),
        "RSA_PRIVATE_KEY": (IDENTITY_KEYS / "vendor_private.pem").read_text(),
    },
}
