"""The permission that old code asks for (contract python.md §8.5)."""

import pytest
from django.contrib.auth.models import Group

from proctoring.compat.rules import can_review_attempt
from proctoring.serializers import attempt_dict
from tests.aliases import run
from tests.factories import AttemptFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("backend", "group", "may"),
    [
        ("other", "other_review", True),
        ("other", "watcher_review", False),
        (None, "watcher_review", True),
    ],
)
def test_a_vendors_group_may_review_its_attempts(backend: str | None, group: str, may: bool) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.create(name=group))
    attempt = AttemptFactory(proctored_exam__backend=backend)
    assert can_review_attempt(user, attempt_dict(attempt)) is may
    assert not can_review_attempt(user)


def test_site_staff_may_review_everything() -> None:
    staff = UserFactory(is_staff=True)
    assert can_review_attempt(staff, attempt_dict(AttemptFactory()))
    assert can_review_attempt(staff)


def test_it_is_given_to_django_rules_where_that_is_installed() -> None:
    code = """
import os, sys, types, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
kept = {}
sys.modules["rules"] = types.SimpleNamespace(add_perm=kept.__setitem__, predicate=lambda function: function)
django.setup()
from edx_proctoring.rules import can_review_attempt
assert kept == {"edx_proctoring.can_review_attempt": can_review_attempt}, kept
"""
    run(code)
