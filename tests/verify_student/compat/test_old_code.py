"""A plugin written for the platform's own app runs as it is."""

import shutil
from pathlib import Path

from tests.aliases import run

PLUGIN = Path(__file__).with_name("old_identity_plugin.py")
SITE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "old_site"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth import get_user_model
user = get_user_model().objects.create_user("ada", "ada@example.com")
"""
SETTINGS = """
import verify_student.compat
from tests.settings import *
INSTALLED_APPS = ["old_identity_app", *INSTALLED_APPS]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
"""
# The plugin's own models module imports the platform's, while apps are loaded; its app comes first.
MODELS = "from lms.djangoapps.verify_student.statuses import VerificationAttemptStatus\n"
APP = """
from django.apps import AppConfig
class OldConfig(AppConfig):
    name = "old_identity_app"
    def ready(self):
        import old_identity_plugin
"""
STORY = """
import old_identity_plugin as plugin
said = plugin.verify(user)
expected = dict(before=False, verified=True, status="approved", soon=False, refused=True, latest=True)
assert said == expected, said
assert plugin.photo(user) == ("approved", True)
assert ("idv_update", "approved", "Ada Lovelace") in plugin.heard, plugin.heard
plugin.VerificationAttempt.retire_user(user.pk)
assert ("deleted", "approved") in plugin.heard
from django.core import mail
assert mail.outbox[0].to == ["ada@example.com"]
"""


def test_a_learner_is_verified_by_an_old_plugin(tmp_path: Path) -> None:
    shutil.copyfile(PLUGIN, tmp_path / PLUGIN.name)
    (tmp_path / "old_site.py").write_text(SETTINGS)
    app = tmp_path / "old_identity_app"
    app.mkdir()
    for name, text in {"__init__.py": "", "apps.py": APP, "models.py": MODELS}.items():
        (app / name).write_text(text)
    run(SITE + STORY, tmp_path)


def test_nothing_in_the_old_file_names_ours() -> None:
    assert "from verify_student" not in PLUGIN.read_text()
