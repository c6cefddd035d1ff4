"""Everything on this machine: SQLite, mail on the terminal, tasks in-process."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent

# Django: as any project has it.
DEBUG = True
SECRET_KEY = "of an example, which nobody should use for anything else"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "campus.urls"
USE_TZ, TIME_ZONE = True, "UTC"
STATIC_URL = "/static/"
LOGIN_URL, LOGIN_REDIRECT_URL = "login", "home"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "db.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},  # writers wait for one another, instead of failing half-way
    }
}
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
    "edx_ace",
    "proctoring.apps.ProctoringConfig",
    "verify_student.apps.VerifyStudentConfig",
    "campus",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "crum.CurrentRequestUserMiddleware",
]
PROCESSORS = ["template.context_processors.request", "contrib.auth.context_processors.auth"]
PROCESSORS += ["contrib.messages.context_processors.messages"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [f"django.{name}" for name in PROCESSORS]},
    }
]

# Tasks run where they are asked for. Celery wants an address even where nothing is sent to it.
CELERY_BROKER_URL, CELERY_TASK_ALWAYS_EAGER = "memory://", True

# Exams and identity verification
LMS_ROOT_URL, HTTPS = "http://127.0.0.1:8000", "off"
COURSE_ID_PATTERN = r"(?P<course_id>[a-z0-9-]+)"
PROCTORING_BACKENDS = {"DEFAULT": "null", "null": {}}
PROCTORING_SETTINGS = {
    "SITE_NAME": "127.0.0.1:8000",
    "PLATFORM_NAME": "Campus",
    "LMS_SERVICES": {
        "credit": "campus.services.CreditService",
        "instructor": "campus.services.InstructorService",
    },
}
# Learners' photos are looked at by the campus's own staff, in the admin.
VERIFY_STUDENT = {"LMS_SERVICES": {"pages": "campus.services.PagesService"}}
SILENCED_SYSTEM_CHECKS = ["verify_student.I012"]  # of what the other services would tell, the defaults are right here
STORAGES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FOLDER / "files"}},
    "verify_student": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FOLDER / "photos", "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
}
ACE_ENABLED_CHANNELS = ["django_email"]
ACE_CHANNEL_DEFAULT_EMAIL = ACE_CHANNEL_TRANSACTIONAL_EMAIL = "django_email"
