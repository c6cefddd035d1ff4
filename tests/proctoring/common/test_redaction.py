"""JSON without some of its fields."""

import json

import pytest

from proctoring.common import redaction

NAMES = ("photo", "password")


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ({"photo": "x", "status": "ok"}, {"status": "ok"}),
        ({"a": {"b": [{"password": 1, "c": [[{"photo": {"d": 1}}]]}]}}, {"a": {"b": [{"c": [[{}]]}]}}),
        ([{"photo": 1}, "photo", None, 7], [{}, "photo", None, 7]),
        ({"Photo": 1, "photos": 2}, {"Photo": 1, "photos": 2}),
        ("photo", "photo"),
    ],
)
def test_fields_go_wherever_they_stand(content, left):
    before = json.dumps(content)

    assert json.loads(redaction.stripped(content, NAMES)) == left
    assert json.dumps(content) == before
    assert json.loads(redaction.stripped_body(before.encode(), NAMES)) == left


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"a":  1}', b"[" * 100_000, b"9" * 5000, b'{"a": "photo"}', b"null"]
)
def test_a_body_without_them_stays_as_it_came(body):
    assert redaction.stripped_body(body, NAMES) == body


def test_without_names_nobody_looks():
    assert redaction.stripped_body(b'{"photo": 1}', ()) == b'{"photo": 1}'


def test_whatever_is_nested_deeply_is_looked_through():
    body = b'{"a": ' * 400 + b'{"photo": 1}' + b"}" * 400

    assert b"photo" not in redaction.stripped_body(body, NAMES)
