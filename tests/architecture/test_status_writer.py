"""The rule about the single writer of status can fail, and knows what is no write."""

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.source import report
from tests.architecture.rules.status_writer import violations

RULE = "an attempt's status is written by services/transitions.py only, not by"


@pytest.mark.parametrize(
    ("write", "how"),
    [
        ("attempt.status = 'verified'", "assignment"),
        ("attempt.status, attempt.note = 'verified', ''", "assignment"),
        ("attempt.status: str = 'verified'", "assignment"),
        ("attempt.status += '!'", "assignment"),
        ("for attempt.status in ('verified',): pass", "assignment"),
        ("del attempt.status", "assignment"),
        ("setattr(attempt, 'status', 'verified')", "setattr"),
        ("object.__setattr__(attempt, 'status', 'verified')", "setattr"),
        ("attempt.__setattr__('status', 'verified')", "setattr"),
        ("Attempt.objects.filter(pk=1).update(status='verified')", "update()"),
        ("queryset.update(status='verified')", "update()"),
        ("Attempt.objects.create(status='verified')", "create()"),
        ("models.ProctoredExamStudentAttempt.objects.create(status='verified')", "create()"),
        ("Attempt.objects.get_or_create(pk=1, defaults={'status': 'verified'})", "get_or_create()"),
        ("Attempt.objects.update_or_create(pk=1, defaults=dict(status='verified'))", "update_or_create()"),
        ("Attempt.objects.aupdate(status='verified')", "aupdate()"),
        ("Attempt.objects.bulk_update(attempts, ['status'])", "bulk_update()"),
        ("Attempt.objects.abulk_update(attempts, ['status'])", "abulk_update()"),
        ("Attempt.objects.bulk_update(attempts, fields=('note', 'status'))", "bulk_update()"),
        ("Attempt.objects.bulk_create(attempts, update_conflicts=True, update_fields=['status'])", "bulk_create()"),
        ("attempt.save(update_fields=['status'])", "save()"),
        ("Attempt(status='verified')", "a new row"),
    ],
)
@pytest.mark.parametrize("path", ["proctoring/services/attempts.py", "verify_student/admin.py", "demo/lms/views.py"])
def test_write_elsewhere_is_found(tree: Tree, path: str, write: str, how: str) -> None:
    source = f"""
    from proctoring import models
    from proctoring.models import ProctoredExamStudentAttempt as Attempt

    def decide(attempt, attempts, queryset):
        {write}
    """

    assert report(violations(tree({path: source}))) == f"{path}:5: {RULE} {how}"


@pytest.mark.parametrize("path", ["proctoring/services/transitions.py", "verify_student/services/transitions.py"])
def test_transitions_may_write(tree: Tree, path: str) -> None:
    assert not violations(tree({path: "def change(attempt, target):\n    attempt.status = target\n"}))


@pytest.mark.parametrize(
    "path", ["proctoring/migrations/0003_fill.py", "proctoring/backends/rest/provider.py", "demo/simulator/protocol.py"]
)
def test_folders_that_see_no_attempts_are_not_read(tree: Tree, path: str) -> None:
    assert not violations(tree({path: "attempt.status = 'started'\n"}))


@pytest.mark.parametrize(
    "allowed",
    [
        "if attempt.status == 'verified': pass",
        "Attempt.objects.filter(status='verified').update(note='')",
        "payload = {'status': attempt.status}",
        "Response({}, status=400)",
        "Comment.objects.create(status='suspicious')",
        "Comment.objects.bulk_create(Comment(status='suspicious') for item in items)",
        "setattr(attempt, 'note', 'status')",
        "attempt.save(update_fields=['note'])",
        "attempt.review_status = 'Clean'",
        "transitions.create(status='created')",
    ],
)
def test_other_uses_of_the_word_are_free(tree: Tree, allowed: str) -> None:
    source = f"""
    from proctoring.models import Comment, ProctoredExamStudentAttempt as Attempt
    from proctoring.services import transitions
    from rest_framework.response import Response

    def decide(attempt, items):
        {allowed}
    """

    assert not violations(tree({"proctoring/services/attempts.py": source}))


INITIALISED = """
class Refusal(Exception):
    def __init__(self, status):
        self.status = status
"""


def test_object_may_set_its_own_status_when_it_begins(tree: Tree) -> None:
    assert not violations(tree({"proctoring/exceptions.py": INITIALISED}))


def test_model_may_not_set_its_own_status_when_it_begins(tree: Tree) -> None:
    found = violations(tree({"proctoring/models/attempts.py": INITIALISED}))

    assert report(found) == f"proctoring/models/attempts.py:3: {RULE} assignment"


def test_field_definition_is_free(tree: Tree) -> None:
    assert not violations(tree({"proctoring/models/attempts.py": "class Attempt:\n    status = CharField()\n"}))
