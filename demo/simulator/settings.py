"""
Settings of the vendor simulator, a site of its own with a database of its own. Everything comes from the environment.

``LMS_URL`` empty: an attempt's callbacks go to the ``lms_host`` of its registration.
"""

from pathlib import Path

import environ

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DEMO_DIR = (BASE_DIR / env.str("DEMO_DIR", default=".demo")).resolve()
DEMO_DIR.mkdir(parents=True, exist_ok=True)

LMS_URL = env.str("LMS_URL", default="").rstrip("/")
SIMULATOR_URL = env.str("SIMULATOR_URL", default="http://127.0.0.1:8001").rstrip("/")
SIMULATOR_CLIENT_ID = env.str("SIMULATOR_CLIENT_ID", default="demo-lms")
SIMULATOR_CLIENT_SECRET = env.str("SIMULATOR_CLIENT_SECRET", default="demo-lms-secret-of-no-value-anywhere")
LMS_CLIENT_ID = env.str("LMS_CLIENT_ID", default="simproc")
LMS_CLIENT_SECRET = env.str("LMS_CLIENT_SECRET", default="simproc-secret-of-no-value-anywhere")
RPNOW_KEY = (
    env.str("SIMULATOR_RPNOW_KEY_ID", default="demo-lms"),
    env.str("SIMULATOR_RPNOW_SECRET_KEY", default="demo-rpnow-secret-of-no-value-anywhere"),
)
RPNOW_CRYPTO_KEY = env.str("SIMULATOR_RPNOW_CRYPTO_KEY", default="demo-rpnow-3des-key-0001")
# Signs what is told of attempts of the Software Secure protocol; empty: it is not signed.
CALLBACK_SECRET = env.str(
    "SIMULATOR_CALLBACK_SECRET", default="whsec_ZGVtby1vbmx5LXNlY3JldC1vZi1uby12YWx1ZS1hbnl3aGVyZQ=="
)
# How long a client has to wait that never gives up.
SILENT_SECONDS = env.float("SIMULATOR_SILENT_SECONDS", default=120.0)
TOKEN_SECONDS = env.int("SIMULATOR_TOKEN_SECONDS", default=3600)

SECRET_KEY = env.str("SIMULATOR_SECRET_KEY", default="demo-only-secret-key-of-a-vendor-that-watches-nobody")
DEBUG = False
ALLOWED_HOSTS = env.list("SIMULATOR_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
ROOT_URLCONF = "demo.simulator.urls"
INSTALLED_APPS = ["demo.simulator.apps.SimulatorConfig"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]
# Cookies ignore ports: names of its own keep the LMS on the same host from being disturbed.
CSRF_COOKIE_NAME = "simulator_csrf"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DEMO_DIR / "simulator.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": '{asctime} level={levelname} logger={name} message="{message}"', "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.request": {"level": "ERROR"},
    },
}
