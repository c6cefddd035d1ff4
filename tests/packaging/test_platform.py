"""A platform with plugins into which the wheel was installed (contract vendors_admin_screens.md §7.2)."""

from pathlib import Path

import pytest

from tests.examples.conftest import copied, manage
from tests.packaging.conftest import python

# As a platform's settings are: common ones, which plugins complete, and those of production on top.
SETTINGS = """
from edx_django_utils.plugins import add_plugins, get_plugin_apps
SECRET_KEY = "of nobody"
USE_TZ = True
ROOT_URLCONF = "platform_urls"
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {{"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]}},
}}]
STATIC_URL = "/static/"
INSTALLED_APPS.extend(get_plugin_apps("{host}"))
add_plugins(__name__, "{host}", "common")
ENV_TOKENS = {{"PROCTORING_SETTINGS": {{"PLATFORM_NAME": "Here"}}}}
AUTH_TOKENS = {{"PROCTORING_BACKENDS": {{"DEFAULT": "mock", "mock": {{}}, "null": {{}}}}}}
add_plugins(__name__, "{host}", "production")
"""
URLS = """
from edx_django_utils.plugins import get_plugin_url_patterns
urlpatterns = get_plugin_url_patterns("{host}")
"""
START = """
import os, sys
sys.path.insert(0, {wheel!r})
os.environ["DJANGO_SETTINGS_MODULE"] = "platform_settings"
import django
django.setup()
import proctoring, verify_student
assert proctoring.__file__.startswith({wheel!r}), proctoring.__file__
from django.conf import settings
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
call_command("check", fail_level="WARNING")
call_command("migrate", verbosity=0)
assert settings.PROCTORING_SETTINGS == {{"PLATFORM_NAME": "Here"}}
assert settings.PROCTORING_BACKENDS["DEFAULT"] == "mock"
from edx_proctoring.api import create_exam, get_exam_by_id
exam = get_exam_by_id(create_exam("a/b/c", "content", "Exam", 60))
assert exam["backend"] == "mock"
DASHBOARD = dict(course_id="a/b/c", exam_id=exam["id"])
assert reverse("edx_proctoring:instructor_dashboard_exam", kwargs=DASHBOARD) == (
    f"/api/edx_proctoring/v1/instructor/a/b/c/{{exam['id']}}"
)
"""
LMS = """
assert reverse("edx_proctoring:proctored_exam.exam") == "/api/edx_proctoring/v1/proctored_exam/exam"
assert "proctoring.deliver_outbox" in settings.CELERY_BEAT_SCHEDULE
from django.template.loader import get_template
get_template("proctoring/base.html")
from django.contrib.staticfiles import finders
assert finders.find("proctoring/css/proctoring.css").startswith(sys.path[0])
from django.utils import translation
from proctoring.exceptions import ProctoredExamNotFoundException as Refusal
with translation.override("de"):
    assert str(Refusal.default_message) != "There is no such exam."
from django.test import Client
assert Client().get(reverse("edx_proctoring:proctored_exam.exam"), headers={"host": "localhost"}).status_code == 403
"""
STUDIO = """
try:
    reverse("edx_proctoring:proctored_exam.exam")
except NoReverseMatch:
    pass
else:
    raise AssertionError("A studio has exams' routes.")
assert not hasattr(settings, "CELERY_BEAT_SCHEDULE")
"""


@pytest.mark.parametrize(("host", "more"), [("lms.djangoapp", LMS), ("cms.djangoapp", STUDIO)], ids=["lms", "studio"])
def test_installing_the_wheel_is_enough(wheel: Path, tmp_path: Path, host: str, more: str) -> None:
    (tmp_path / "platform_settings.py").write_text(SETTINGS.format(host=host))
    (tmp_path / "platform_urls.py").write_text(URLS.format(host=host))
    python("-c", START.format(wheel=str(wheel)) + more, cwd=tmp_path)


def test_a_platform_of_another_kind_runs_on_the_wheel(wheel: Path, tmp_path: Path) -> None:
    manage(copied(tmp_path), "test", "--noinput", packages=wheel)
