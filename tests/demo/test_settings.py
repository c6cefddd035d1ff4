"""The demo's settings follow the environment, read by a fresh process each time."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
READ = "import json, {module} as s; print(json.dumps({expression}, default=str))"
PRODUCTION = {
    "SECRET_KEY": "a-key-of-a-real-site-is-long-and-random-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "lms.example.org",
    "DATABASE_URL": "sqlite:///:memory:",
    "PROCTORING_USER_OBFUSCATION_KEY": "another-long-and-random-key",
    "SIMULATOR_CLIENT_SECRET": "one",
    "LMS_CLIENT_SECRET": "two",
    "LMS_URL": "https://lms.example.org",
}


def run(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "COVERAGE_PROCESS_START") if name in os.environ}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True, check=False, timeout=120
    )


def read(expression: str, module: str = "demo.settings", **environment: str) -> Any:
    done = run("-c", READ.format(module=module, expression=expression), environment=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_any_variable_it_is_sqlite_files_and_no_broker(tmp_path: Path) -> None:
    database, folder, eager = read(
        "[s.DATABASES['default'], s.EMAIL_FILE_PATH, s.CELERY_TASK_ALWAYS_EAGER]", DEMO_DIR=str(tmp_path / "new")
    )
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(tmp_path / "new" / "demo.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert folder == str(tmp_path / "new" / "mail")
    assert eager is True
    assert (tmp_path / "new").is_dir()


def test_photos_lie_apart_and_the_institutions_staff_look_at_them(tmp_path: Path) -> None:
    folder, options, provider = read(
        "[s.STORAGES['default']['OPTIONS']['location'], s.STORAGES['verify_student']['OPTIONS'], "
        "s.VERIFY_STUDENT['PROVIDER']]",
        DEMO_DIR=str(tmp_path),
    )
    assert (folder, options["location"]) == (str(tmp_path / "files"), str(tmp_path / "photos"))
    assert (options["directory_permissions_mode"], provider) == (0o700, "local")
    assert read("s.VERIFY_STUDENT['PROVIDER']", IDENTITY_PROVIDER="software_secure") == "software_secure"


def test_mariadb_gets_its_character_set_and_isolation() -> None:
    url = "mysql://someone:pass%2Fword@127.0.0.1:3306/demo"
    database = read("s.DATABASES['default']", DATABASE_URL=url)
    assert database["ENGINE"] == "django.db.backends.mysql"
    assert (database["NAME"], database["PASSWORD"], database["PORT"]) == ("demo", "pass/word", 3306)
    assert database["OPTIONS"]["charset"] == "utf8mb4"
    assert database["OPTIONS"]["isolation_level"] == "read committed"


def test_postgresql_is_taken_as_it_is_addressed() -> None:
    database = read("s.DATABASES['default']", DATABASE_URL="postgres://someone@/demo?host=/run/postgresql")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["OPTIONS"] == {"host": "/run/postgresql"}


def test_options_in_the_address_win() -> None:
    options = read("s.DATABASES['default']['OPTIONS']", DATABASE_URL="mysql://a@127.0.0.1/demo?charset=latin1")
    assert options["charset"] == "latin1"


def test_a_broker_takes_the_tasks() -> None:
    broker, eager = read("[s.CELERY_BROKER_URL, s.CELERY_TASK_ALWAYS_EAGER]", CELERY_BROKER_URL="redis://127.0.0.1/0")
    assert (broker, eager) == ("redis://127.0.0.1/0", False)


def test_mail_goes_where_the_environment_says() -> None:
    mailer = read("[s.EMAIL_BACKEND, s.EMAIL_HOST]", EMAIL_URL="smtp://mail.example.org:25")
    assert mailer == ["django.core.mail.backends.smtp.EmailBackend", "mail.example.org"]


def test_addresses_of_both_sites_follow_the_environment() -> None:
    found = read(
        "[s.SITE_NAME, s.HTTPS, s.PROCTORING_BACKENDS['simproc']['base_url'], s.PROCTORING_SETTINGS['SITE_NAME']]",
        LMS_URL="https://lms.example.org/",
        SIMULATOR_URL="http://127.0.0.1:9001/",
    )
    assert found == ["lms.example.org", "on", "http://127.0.0.1:9001", "lms.example.org"]


def test_switches() -> None:
    expression = "[s.FEATURES['ENABLE_SPECIAL_EXAMS'], s.PROCTORING_SETTINGS.get('ALLOW_TIMED_OUT_STATE'), s.DEBUG]"
    assert read(expression) == [True, None, True]
    assert read(expression, ENABLE_SPECIAL_EXAMS="no", ALLOW_TIMED_OUT_STATE="yes", DEBUG="no") == [False, True, False]


def test_production_names_everything_that_is_missing() -> None:
    done = run("-c", "import demo.settings_production", environment={"SECRET_KEY": "given"})
    assert done.returncode != 0
    last_line = done.stderr.strip().splitlines()[-1]
    assert "ALLOWED_HOSTS, DATABASE_URL, PROCTORING_USER_OBFUSCATION_KEY" in last_line
    assert "SECRET_KEY" not in last_line


def test_production_is_not_debugged_and_trusts_its_own_address() -> None:
    found = read("[s.DEBUG, s.CSRF_TRUSTED_ORIGINS, s.ALLOWED_HOSTS]", "demo.settings_production", **PRODUCTION)
    assert found == [False, ["https://lms.example.org"], ["lms.example.org"]]


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"LMS_URL"}))
def test_production_starts_with_no_secret_of_the_demo(name: str) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != name}
    assert run("-c", "import demo.settings_production", environment=given).returncode != 0


def test_production_has_the_legacy_vendor_with_secrets_of_its_own_only() -> None:
    secrets = {
        "SIMULATOR_RPNOW_SECRET_KEY": "three",
        "SIMULATOR_RPNOW_CRYPTO_KEY": "0123456789abcdefghijklmn",
        "SIMULATOR_VIDEO_KEY": "00112233445566778899aabbccddeeff",
        "SIMULATOR_CALLBACK_SECRET": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    }
    expression = "'software_secure' in s.PROCTORING_BACKENDS"
    assert read(expression, "demo.settings_production", **PRODUCTION | secrets) is True
    for name in secrets:
        given = {key: value for key, value in secrets.items() if key != name}
        assert read(expression, "demo.settings_production", **PRODUCTION | given) is False


def test_production_passes_the_deployment_checks() -> None:
    environment = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "demo.settings_production"}
    done = run("-m", "django", "check", "--deploy", "--fail-level", "WARNING", environment=environment)
    assert done.returncode == 0, done.stderr
