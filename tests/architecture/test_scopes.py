"""Names are followed to their import, and no further than their place allows."""

import ast

import pytest

from tests.architecture.rules.scopes import origins


def origin_of_call(source: str) -> str | None:
    """The origin of the name in the only call ``name()`` of ``source``."""
    tree = ast.parse(source)
    (called,) = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert isinstance(called, ast.Name)
    return origins(tree).get(called)


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("import a\na()", "a"),
        ("import a.b\na()", "a"),
        ("import a.b as c\nc()", "a.b"),
        ("from a import b\nb()", "a.b"),
        ("from a import b as c\nd = c\nd()", "a.b"),
        ("from a import b\ndef f():\n    b()", "a.b"),
        ("from a import b\nclass C:\n    def f(self):\n        b()", "a.b"),
        ("from a import b\n@b()\ndef f(b): pass", "a.b"),
        ("from a import b\ndef f(b=b()): pass", "a.b"),
        ("from a import b\nclass C(b()): pass", "a.b"),
        ("def f():\n    from a import b\n    b()", "a.b"),
        ("try:\n    from a import b\nexcept ImportError:\n    b = None\nb()", "a.b"),
        ("from a import b\nclass C:\n    b = 1\n    def f(self):\n        b()", "a.b"),
        ("from a import b\nclass C:\n    class D:\n        b()", "a.b"),
    ],
)
def test_import_is_found(source: str, origin: str) -> None:
    assert origin_of_call(source) == origin


@pytest.mark.parametrize(
    "source",
    [
        "b()",
        "from . import b\nb()",
        "from a import b\ndef f(b):\n    b()",
        "from a import b\ndef f():\n    b = 1\n    b()",
        "from a import b\ndef f():\n    b, c = 1, 2\n    b()",
        "from a import b\ndef f():\n    def b(): pass\n    b()",
        "from a import b\ndef f(b):\n    def g():\n        b()",
        "def f():\n    from a import b\ndef g():\n    b()",
    ],
)
def test_name_that_something_nearer_took_is_not(source: str) -> None:
    assert origin_of_call(source) is None
