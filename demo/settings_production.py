"""The demo LMS behind TLS: nothing secret has a default, and what is missing is named together."""

import os

from django.core.exceptions import ImproperlyConfigured

from demo.settings import *
from demo.settings import LMS_URL, PROCTORING_BACKENDS, env

REQUIRED = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "PROCTORING_USER_OBFUSCATION_KEY",
    "SIMULATOR_CLIENT_SECRET",
    "LMS_CLIENT_SECRET",
)
if missing := [name for name in REQUIRED if not os.environ.get(name)]:
    raise ImproperlyConfigured(f"Set these environment variables: {', '.join(missing)}")

# The legacy vendor is there for whoever gives it keys of their own.
LEGACY_SECRETS = (
    "SIMULATOR_RPNOW_SECRET_KEY",
    "SIMULATOR_RPNOW_CRYPTO_KEY",
    "SIMULATOR_VIDEO_KEY",
    "SIMULATOR_CALLBACK_SECRET",
)
if not all(os.environ.get(name) for name in LEGACY_SECRETS):
    del PROCTORING_BACKENDS["software_secure"]

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [LMS_URL]

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
X_FRAME_OPTIONS = "DENY"
