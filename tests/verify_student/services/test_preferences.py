"""Learners' time zones."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.factories import UserFactory
from verify_student.services import preferences


@pytest.fixture
def learner():
    return UserFactory.build(pk=1)


def test_the_hosts(host, learner):
    host.preferences.zones[1] = "Asia/Shanghai"
    assert preferences.zone_of(learner) == ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("said", [None, "", "Middle/Earth", "../etc/passwd", RuntimeError("host is away")])
def test_otherwise_the_sites(host, learner, said):
    host.preferences.zones[1] = said
    assert preferences.zone_of(learner) == timezone.get_default_timezone()


def test_a_host_that_provides_nothing(learner):
    assert preferences.zone_of(learner) == timezone.get_default_timezone()
