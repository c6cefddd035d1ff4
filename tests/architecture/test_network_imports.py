"""The rule about HTTP libraries can fail, and knows the one client."""

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.network_imports import RULE, violations
from tests.architecture.rules.source import report


@pytest.mark.parametrize(
    ("statement", "imported"),
    [
        ("import requests", "requests"),
        ("import json, requests.adapters", "requests.adapters"),
        ("from requests import Session", "requests.Session"),
        ("from urllib import request", "urllib.request"),
        ("import http.client as web", "http.client"),
    ],
)
@pytest.mark.parametrize("path", ["proctoring/backends/rest/oauth.py", "verify_student/backends/vendor.py"])
def test_other_clients_are_found(tree: Tree, path: str, statement: str, imported: str) -> None:
    assert report(violations(tree({path: f"\n{statement}\n"}))) == f"{path}:1: {RULE}, not {imported}"


@pytest.mark.parametrize(
    "path", ["proctoring/common/http.py", "proctoring/common/http/client.py", "demo/simulator/lms.py"]
)
def test_the_client_and_the_demo_may(tree: Tree, path: str) -> None:
    assert not violations(tree({path: "import requests\n"}))


def test_libraries_that_send_nothing_are_free(tree: Tree) -> None:
    source = "from http import HTTPStatus\nfrom urllib.parse import urlsplit\nimport requests_like\n"

    assert not violations(tree({"proctoring/backends/base.py": source}))
