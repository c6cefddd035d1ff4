"""The rule about signals can fail, and knows where they are defined and connected."""

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.signal_wiring import CONNECT_RULE, DEFINE_RULE, violations
from tests.architecture.rules.source import report

DECORATED = """
from django.db.models.signals import post_save
from django.dispatch import receiver

@receiver(post_save)
def follow(**kwargs):
    pass
"""
CONNECTED = """
from django.db.models.signals import post_save

post_save.connect(print)
"""
DEFINED = """
from django.dispatch import Signal

attempt_moved = Signal()
"""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (DECORATED, 4),
        (CONNECTED, 3),
        ("import django.dispatch\n\n@django.dispatch.receiver(signal)\ndef follow(**kwargs): pass\n", 3),
        ("from django.dispatch import receiver as on\n\nfollow = on(signal)(print)\n", 3),
    ],
)
@pytest.mark.parametrize("path", ["proctoring/services/reviews.py", "verify_student/apps.py", "demo/lms/models.py"])
def test_connection_elsewhere_is_found(tree: Tree, path: str, source: str, line: int) -> None:
    assert report(violations(tree({path: source}))) == f"{path}:{line}: {CONNECT_RULE}"


@pytest.mark.parametrize(
    ("source", "line"),
    [(DEFINED, 3), ("from django.db.models.signals import ModelSignal\n\nattempt_moved = ModelSignal()\n", 3)],
)
def test_definition_elsewhere_is_found(tree: Tree, source: str, line: int) -> None:
    found = violations(tree({"proctoring/services/reviews.py": source, "proctoring/receivers.py": source}))

    assert report(found) == (
        f"proctoring/receivers.py:{line}: {DEFINE_RULE}\nproctoring/services/reviews.py:{line}: {DEFINE_RULE}"
    )


def test_wiring_where_it_belongs_is_free(tree: Tree) -> None:
    root = tree(
        {
            "proctoring/receivers.py": DECORATED + CONNECTED,
            "proctoring/common/settings.py": CONNECTED,
            "proctoring/signals.py": DEFINED,
            "verify_student/receivers.py": DECORATED,
            "verify_student/signals.py": DEFINED,
        }
    )

    assert not violations(root)


def test_connecting_to_something_else_is_free(tree: Tree) -> None:
    source = "import sqlite3\n\ndatabase = sqlite3.connect(':memory:')\n"

    assert not violations(tree({"demo/story.py": source}))
