"""The rule about patches can fail, and knows what is not ours."""

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.own_modules import RULE, violations
from tests.architecture.rules.source import report

HEAD = """
from unittest import mock
from unittest.mock import patch
import requests
import proctoring.conf
from django.conf import settings
from proctoring.models import ProctoredExam
from proctoring.services import attempts
from tests.fakes import FakeLms
from verify_student import api as verification

def test_it(monkeypatch, mocker, name, lms):
    {line}
"""


@pytest.mark.parametrize(
    "line",
    [
        "with patch('proctoring.services.attempts.start'): pass",
        "with mock.patch(target='proctoring.services.attempts.start'): pass",
        "with mock.patch(f'demo.lms.{name}'): pass",
        "with mock.patch.object(attempts, 'start'): pass",
        "with patch.object(ProctoredExam.objects, 'get'): pass",
        "with patch.dict('verify_student.conf.config'): pass",
        "with patch.multiple(verification, approve=None): pass",
        "mocker.patch('proctoring.services.attempts.start')",
        "mocker.spy(attempts, 'start')",
        "monkeypatch.setattr('proctoring.services.attempts.start', None)",
        "monkeypatch.setattr(attempts, 'start', None)",
        "monkeypatch.setattr(proctoring.conf.config, 'timeout', 1)",
        "monkeypatch.delattr(ProctoredExam, 'is_active')",
        "monkeypatch.setitem(attempts.TABLE, 'a', 1)",
        "setattr(attempts, 'start', None)",
        "attempts.start = None",
        "ProctoredExam.is_active = True",
        "del attempts.start",
    ],
)
def test_patch_of_ours_is_found(tree: Tree, line: str) -> None:
    root = tree({"tests/proctoring/test_exams.py": HEAD.format(line=line)})

    assert report(violations(root)) == f"tests/proctoring/test_exams.py:12: {RULE}"


@pytest.mark.parametrize(
    "decorator", ["@patch('proctoring.services.attempts.start')", "@mock.patch.object(attempts, 'start')"]
)
def test_decorator_is_found(tree: Tree, decorator: str) -> None:
    root = tree({"tests/test_exams.py": HEAD.format(line="pass") + f"\n{decorator}\ndef test_more(start): pass\n"})

    assert report(violations(root)) == f"tests/test_exams.py:14: {RULE}"


@pytest.mark.parametrize(
    "line",
    [
        "with mock.patch('requests.Session.send'): pass",
        "with mock.patch('proctoring_of_somebody_else.start'): pass",
        "monkeypatch.setattr(requests, 'get', None)",
        "monkeypatch.setenv('DEMO_DIR', name)",
        "monkeypatch.setitem(settings.PROCTORING_SETTINGS, 'SITE_NAME', name)",
        "settings.PROCTORING_SETTINGS = {'SITE_NAME': name}",
        "lms.credit.state = None",
        "FakeLms().credit = None",
        "exam = ProctoredExam(); exam.is_active = True",
    ],
)
def test_what_is_not_ours_is_free(tree: Tree, line: str) -> None:
    assert not violations(tree({"tests/proctoring/test_exams.py": HEAD.format(line=line)}))
