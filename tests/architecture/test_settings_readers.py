"""The rule about settings can fail, and knows who may read them."""

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.settings_readers import IMPORT_RULE, READ_RULE, USER_MODEL_RULE, violations
from tests.architecture.rules.source import report


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("from django.conf import settings\n", 1),
        ("import os\n\ndef debug():\n    from django.conf import settings as django_settings\n", 4),
        ("import django.conf\n\nDEBUG = django.conf.settings.DEBUG\n", 3),
        ("from django import conf\n\nDEBUG = conf.settings.DEBUG\n", 3),
    ],
)
@pytest.mark.parametrize(
    "path", ["proctoring/services/timing.py", "verify_student/api.py", "proctoring/common/http/client.py"]
)
def test_reader_elsewhere_is_found(tree: Tree, path: str, source: str, line: int) -> None:
    assert report(violations(tree({path: source}))) == f"{path}:{line}: {READ_RULE}"


@pytest.mark.parametrize(
    "path", ["proctoring/conf.py", "proctoring/common/settings.py", "verify_student/conf.py", "demo/lms/views.py"]
)
def test_documented_readers_are_free(tree: Tree, path: str) -> None:
    source = "from django.conf import settings\n\ndef debug():\n    return settings.DEBUG\n"

    assert not violations(tree({path: source}))


@pytest.mark.parametrize("path", ["proctoring/models/attempts.py", "verify_student/migrations/0001_initial.py"])
def test_models_and_migrations_name_the_user_model_and_nothing_else(tree: Tree, path: str) -> None:
    source = """
    from django.conf import settings

    user = ForeignKey(settings.AUTH_USER_MODEL)
    debug = settings.DEBUG
    """

    assert report(violations(tree({path: source}))) == f"{path}:4: {USER_MODEL_RULE}"


@pytest.mark.parametrize(
    "read",
    [
        "TIMEOUT = config.timeout",
        "TIMEOUT = 2 * conf.config.timeout",
        "TIMEOUTS = [config.timeout for _ in range(2)]",
        "TIMEOUT = getattr(config, 'timeout')",
        "if config.enabled: pass",
        "def call(timeout=config.timeout): pass",
        "def call(*, timeout=config.timeout): pass",
        "call = lambda timeout=config.timeout: timeout",
        "@limited(config.timeout)\n    def call(): pass",
        "class Client:\n        timeout = config.timeout",
    ],
)
@pytest.mark.parametrize("app", ["proctoring", "verify_student"])
def test_read_at_import_is_found(tree: Tree, app: str, read: str) -> None:
    source = f"""
    from {app} import conf
    from {app}.conf import config

    {read}
    """
    line = 5 if "\n        timeout" in read else 4

    assert report(violations(tree({"demo/lms/views.py": source}))) == f"demo/lms/views.py:{line}: {IMPORT_RULE}"


def test_conf_itself_may_not_read_at_import_either(tree: Tree) -> None:
    found = violations(tree({"proctoring/conf.py": "config = Config()\nTIMEOUT = config.timeout\n"}))

    assert report(found) == f"proctoring/conf.py:2: {IMPORT_RULE}"


def test_addresses_are_put_together_at_import(tree: Tree) -> None:
    source = "from proctoring.conf import config\n\nCOURSE = config.course_id_pattern\n"

    assert not violations(tree({"proctoring/urls/studio.py": source}))
    assert violations(tree({"proctoring/rest/exams.py": source}))


def test_read_when_used_is_free(tree: Tree) -> None:
    source = """
    from proctoring.conf import config

    timeout = lambda: config.timeout

    def call():
        return config.timeout

    class Client:
        def call(self):
            return [config.timeout for _ in range(2)]
    """

    assert not violations(tree({"proctoring/services/timing.py": source}))
