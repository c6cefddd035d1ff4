"""A vendor's plugin and an LMS's app of older sites run as they are."""

import shutil
from pathlib import Path

import pytest

from tests.aliases import run

FILES = ("old_vendor.py", "old_lms_code.py")
# The plugin is found by its entry point, and imported as a vendor's package of its own would be.
METADATA = {
    "METADATA": "Metadata-Version: 2.1\nName: old-vendor\nVersion: 1.0\n",
    "entry_points.txt": "[openedx.proctoring]\nold = old_vendor:OldVendor\nold_rest = old_vendor:OldRestVendor\n",
}
SITE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "old_site"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
SETTINGS = """
import proctoring.compat
import old_vendor  # plugins of older sites are loaded while the site's apps are
from tests.settings import *
INSTALLED_APPS = ["old_lms_code_app", *INSTALLED_APPS]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
PROCTORING_BACKENDS = {
    "DEFAULT": "old",
    "old": {},
    "old_rest": {"client_id": "a", "client_secret": "b"},
}
"""
APP = """
from django.apps import AppConfig
from edx_proctoring.backends.backend import ProctoringBackendProvider
class OldConfig(AppConfig):
    name = "old_lms_code_app"
    def ready(self):
        import old_lms_code
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """What an operator has: the plugin's package, an app of the LMS, settings."""
    for name in FILES:
        shutil.copyfile(Path(__file__).with_name(name), tmp_path / name)
    (tmp_path / "old_site.py").write_text(SETTINGS)
    app = tmp_path / "old_lms_code_app"
    app.mkdir()
    (app / "__init__.py").write_text("")
    (app / "apps.py").write_text(APP)
    info = tmp_path / "old_vendor-1.0.dist-info"
    info.mkdir()
    for name, text in METADATA.items():
        (info / name).write_text(text)
    return tmp_path


def test_a_learner_sits_an_exam_of_old_code_with_an_old_vendor(site: Path) -> None:
    code = """
from django.contrib.auth import get_user_model
from proctoring.backends import provider_named
from proctoring.backends.base import ProctoringBackendProvider
import old_lms_code
user = get_user_model().objects.create_user("ada", "ada@example.com")
attempt = old_lms_code.sit(user.pk)
assert attempt["status"] == "submitted", attempt
assert attempt["external_id"] == f"old-{attempt['attempt_code']}"
vendor = provider_named("old")
assert isinstance(vendor, ProctoringBackendProvider)
told = [call[-1] if isinstance(call, tuple) else call for call in vendor.told]
assert told == ["created", "started", "submitted"], told
assert ("edx_proctoring", "submitted") in old_lms_code.heard, old_lms_code.heard
assert ("credit", "submitted") in old_lms_code.heard
from proctoring.services import reviews
said = old_lms_code.answers(user.pk)
assert said["refused"] and said["service"] and said["model"], said
assert said["choices"] == {"old": "Old vendor", "old_rest": "Old REST vendor"}, said
assert said["credit"] == "CreditService"
rest = provider_named("old_rest")
assert rest.proctoring_instructions == ["Sit down.", "Look up."]
from edx_proctoring.api import remove_exam_attempt
remove_exam_attempt(attempt["id"], user)
assert ("deleted", attempt["attempt_code"]) in old_lms_code.heard
"""
    run(SITE + code, site)


def test_nothing_in_the_old_files_names_ours() -> None:
    for name in FILES:
        text = Path(__file__).with_name(name).read_text()
        assert not [line for line in text.splitlines() if line.startswith(("import proctoring", "from proctoring"))]
