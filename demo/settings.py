"""
Settings of the demo LMS. Everything that differs between machines comes from the environment, see docs/demo.rst.

Without any variable set: SQLite and mails under ``.demo``, tasks in-process, debug on.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

from proctoring.conf import BEAT as EXAM_TASKS
from verify_student.conf import BEAT as IDENTITY_TASKS

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO_DIR = (BASE_DIR / env.str("DEMO_DIR", default=".demo")).resolve()
LMS_URL = env.str("LMS_URL", default="http://127.0.0.1:8000").rstrip("/")
SIMULATOR_URL = env.str("SIMULATOR_URL", default="http://127.0.0.1:8001").rstrip("/")

# Django

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="demo-only-secret-key-of-a-site-without-any-real-learner-in-it")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
ROOT_URLCONF = "demo.urls"
WSGI_APPLICATION = "demo.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "simple_history",
    "rest_framework",
    "django_htmx",
    "import_export",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "edx_ace",
    "waffle",
    "proctoring.apps.ProctoringConfig",
    "verify_student.apps.VerifyStudentConfig",
    "demo.lms.apps.DemoLmsConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # Tells the legacy vendor's plugin in which browser the exam is open.
    "crum.CurrentRequestUserMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# No page has a script or a style of its own in it. Vendors' desktop applications bring the script that talks to them.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", SIMULATOR_URL],
        "worker-src": ["'self'", "blob:"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'", SIMULATOR_URL],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"

# Database

DATABASE_OPTIONS: dict[str, dict[str, Any]] = {
    # Writers queue up at BEGIN instead of failing half-way through a transaction; readers never wait.
    "django.db.backends.sqlite3": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
    "django.db.backends.mysql": {
        "charset": "utf8mb4",
        "isolation_level": "read committed",
        "init_command": "SET sql_mode='STRICT_TRANS_TABLES'",
    },
    "django.db.backends.postgresql": {},
}


def _database(config: dict[str, Any]) -> dict[str, Any]:
    """The parsed address with what its engine needs; options in the address win."""
    engine = config["ENGINE"]
    config["OPTIONS"] = DATABASE_OPTIONS.get(engine, {}) | config.get("OPTIONS", {})
    if engine == "django.db.backends.mysql":
        config["TEST"] = {"CHARSET": "utf8mb4"}
    if engine == "django.db.backends.sqlite3" and config["NAME"] != ":memory:":
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    return config


DATABASES = {"default": _database(env.db_url("DATABASE_URL", default=f"sqlite:///{DEMO_DIR / 'demo.sqlite3'}"))}

# Who may do what

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "demo.lms.permissions.EnrolledCanTakeExams",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "course_list"
LOGOUT_REDIRECT_URL = "login"
# Cookies ignore ports: a name of its own keeps the simulator on the same host from overwriting this one.
SESSION_COOKIE_NAME = "demo_lms_session"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "demo.lms.oauth.ClientUserValidator",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "SCOPES": {"read": "Read", "write": "Write"},
    # What RFC 9700 asks of a provider; the library's defaults are older.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

# Special exams

SITE_NAME = urlsplit(LMS_URL).netloc
PLATFORM_NAME = env.str("PLATFORM_NAME", default="Demo LMS")
HTTPS = "on" if LMS_URL.startswith("https:") else "off"
LMS_ROOT_URL = LMS_URL
CONTACT_EMAIL = "contact@demo.invalid"
TECH_SUPPORT_EMAIL = "support@demo.invalid"
DEFAULT_FROM_EMAIL = "exams@demo.invalid"
COURSE_ID_PATTERN = r"(?P<course_id>course-v1:[^/+?]+\+[^/+?]+\+[^/+?]+|[^/+?]+/[^/+?]+/[^/+?]+)"
FEATURES = {"ENABLE_SPECIAL_EXAMS": env.bool("ENABLE_SPECIAL_EXAMS", default=True)}

PROCTORING_SETTINGS: dict[str, Any] = {
    "SITE_NAME": SITE_NAME,
    "PLATFORM_NAME": PLATFORM_NAME,
    "CONTACT_EMAIL": CONTACT_EMAIL,
    "LINK_URLS": {
        "contact_us": f"{LMS_URL}/help/#contact",
        "faq": f"{LMS_URL}/help/#questions",
        "online_proctoring_rules": f"{LMS_URL}/help/#rules",
        "tech_requirements": f"{LMS_URL}/help/#computer",
    },
    "LMS_SERVICES": {
        "credit": "demo.lms.services.credit.CreditService",
        "grades": "demo.lms.services.grades.GradesService",
        "certificates": "demo.lms.services.certificates.CertificatesService",
        "instructor": "demo.lms.services.instructor.InstructorService",
        "enrollments": "demo.lms.services.enrollments.EnrollmentsService",
        "learning_sequences": "demo.lms.services.sequences.LearningSequencesService",
        "name_affirmation": "demo.lms.services.names.NameAffirmationService",
        "dates": "demo.lms.services.dates.DatesService",
        "preferences": "demo.lms.services.preferences.PreferencesService",
        "tracker": "demo.lms.services.tracker.TrackerService",
    },
    "API_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "oauth2_provider.contrib.rest_framework.OAuth2Authentication",
    ],
}
if env.bool("ALLOW_TIMED_OUT_STATE", default=False):
    PROCTORING_SETTINGS["ALLOW_TIMED_OUT_STATE"] = True

SIMULATOR_CLIENT_ID = env.str("SIMULATOR_CLIENT_ID", default="demo-lms")
SIMULATOR_CLIENT_SECRET = env.str("SIMULATOR_CLIENT_SECRET", default="demo-lms-secret-of-no-value-anywhere")
LMS_CLIENT_ID = env.str("LMS_CLIENT_ID", default="simproc")
LMS_CLIENT_SECRET = env.str("LMS_CLIENT_SECRET", default="simproc-secret-of-no-value-anywhere")
# The simulator's other protocol, that of the legacy vendor.
SIMULATOR_RPNOW_KEY_ID = env.str("SIMULATOR_RPNOW_KEY_ID", default="demo-lms")
SIMULATOR_RPNOW_SECRET_KEY = env.str("SIMULATOR_RPNOW_SECRET_KEY", default="demo-rpnow-secret-of-no-value-anywhere")
SIMULATOR_RPNOW_CRYPTO_KEY = env.str("SIMULATOR_RPNOW_CRYPTO_KEY", default="demo-rpnow-3des-key-0001")
SIMULATOR_VIDEO_KEY = env.str("SIMULATOR_VIDEO_KEY", default="64656d6f2d6f6e6c792d766964656f21")
SIMULATOR_CALLBACK_SECRET = env.str(
    "SIMULATOR_CALLBACK_SECRET", default="whsec_ZGVtby1vbmx5LXNlY3JldC1vZi1uby12YWx1ZS1hbnl3aGVyZQ=="
)

PROCTORING_BACKENDS: dict[str, Any] = {
    "DEFAULT": "simproc",
    "simproc": {
        "class": "proctoring.backends.rest.BaseRestProctoringProvider",
        "base_url": SIMULATOR_URL,
        "client_id": SIMULATOR_CLIENT_ID,
        "client_secret": SIMULATOR_CLIENT_SECRET,
        "verbose_name": "SimProc",
        "tech_support_email": TECH_SUPPORT_EMAIL,
        "tech_support_phone": "+00 000 0000",
    },
    "software_secure": {
        "class": "proctoring.backends.software_secure.SoftwareSecureBackendProvider",
        "organization": "demo",
        "exam_sponsor": PLATFORM_NAME,
        "exam_register_endpoint": f"{SIMULATOR_URL}/rpnow/exams/",
        "secret_key_id": SIMULATOR_RPNOW_KEY_ID,
        "secret_key": SIMULATOR_RPNOW_SECRET_KEY,
        "crypto_key": SIMULATOR_RPNOW_CRYPTO_KEY,
        "software_download_url": f"{SIMULATOR_URL}/download/",
        "video_review_aes_key": SIMULATOR_VIDEO_KEY,
        "send_email": True,
        "callback_secrets": [{"id": "simulator", "secret": SIMULATOR_CALLBACK_SECRET}],
    },
    "null": {"class": "proctoring.backends.null.NullBackendProvider"},
    "mock": {"class": "proctoring.backends.mock.MockProctoringBackendProvider"},
}
PROCTORING_USER_OBFUSCATION_KEY = env.str("PROCTORING_USER_OBFUSCATION_KEY", default="demo-only-obfuscation-key")

# Identity verification

# Photos lie apart from all other files, where no web server looks. They are encrypted, and gone after the decision.
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DEMO_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "verify_student": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DEMO_DIR / "photos",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
ID_VERIFICATION_SUPPORT_LINK = f"{LMS_URL}/help/#questions"

VERIFY_STUDENT: dict[str, Any] = {
    # The institution's own staff look at the photos, in the admin: that works without any vendor.
    "PROVIDER": env.str("IDENTITY_PROVIDER", default="local"),
    "FOUR_EYES": env.bool("IDENTITY_FOUR_EYES", default=False),
    "LMS_SERVICES": {
        "profiles": "demo.lms.services.identity.ProfilesService",
        "courses": "demo.lms.services.identity.CoursesService",
        "preferences": "demo.lms.services.preferences.PreferencesService",
        "pages": "demo.lms.services.identity.PagesService",
        "people": "demo.lms.services.identity.PeopleService",
        # Nobody signs in to the demo through somebody else.
        "sign_ons": "verify_student.lms.defaults.NoSignOns",
    },
}

# Mail

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{DEMO_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
ACE_ENABLED_CHANNELS = ["django_email"]
ACE_CHANNEL_DEFAULT_EMAIL = ACE_CHANNEL_TRANSACTIONAL_EMAIL = "django_email"
# edx-ace would report to a monitoring service that the demo does not have.
OPENEDX_TELEMETRY: list[str] = []

# Tasks: to a broker where one is named, otherwise in-process

BROKER_URL = env.str("CELERY_BROKER_URL", default="")
# Celery wants an address even where nothing is ever sent to it.
CELERY_BROKER_URL = BROKER_URL or "memory://"
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="celery")
CELERY_TASK_ALWAYS_EAGER = not BROKER_URL
CELERY_TASK_EAGER_PROPAGATES = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DEMO_DIR / "celerybeat-schedule")
# A site is done with this line; the demo's stories have less time.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = EXAM_TASKS | IDENTITY_TASKS
QUICKER = {
    "OUTBOX_INTERVAL_SECONDS": (1.0, ["proctoring.deliver_outbox", "verify_student.deliver_outbox"]),
    "CALLBACK_INTERVAL_SECONDS": (15.0, ["proctoring.apply_due_callbacks", "verify_student.apply_due_results"]),
    "OVERDUE_INTERVAL_SECONDS": (15.0, ["proctoring.expire_overdue_attempts"]),
    "PURGE_INTERVAL_SECONDS": (
        3600.0,
        [
            "proctoring.purge_exam_data",
            "verify_student.purge_identity_data",
        ],
    ),
    "MISSING_REVIEWS_INTERVAL_SECONDS": (3600.0, ["proctoring.ask_for_missing_reviews"]),
    "REMINDERS_INTERVAL_SECONDS": (3600.0, ["verify_student.send_expiry_mail", "verify_student.send_reminders"]),
}
for variable, (usual, tasks) in QUICKER.items():
    for task in tasks:
        CELERY_BEAT_SCHEDULE[task] = {"task": task, "schedule": env.float(variable, default=usual)}

# Logs: one line an event, key=value, quiet unless something is wrong

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
        # They tell of channels that nobody asked for, and write down what mail servers say, addresses and all; the
        # outbox keeps the kind of error.
        "edx_ace.channel": {"level": "CRITICAL"},
        "stevedore.extension": {"level": "CRITICAL"},
    },
}
