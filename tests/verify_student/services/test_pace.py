"""How often one learner may try."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache.backends.locmem import LocMemCache
from django.utils import timezone

from tests.factories import UserFactory
from verify_student.services import pace


class BrokenCache(LocMemCache):
    """A cache that is away."""

    def add(self, *args, **kwargs):
        raise ConnectionError


@pytest.fixture
def learner():
    return UserFactory.build(pk=1)


def test_thirty_times_an_hour_each(learner):
    assert [pace.may_try(learner) for _ in range(31)] == [True] * 30 + [False]
    assert pace.may_try(UserFactory.build(pk=2))


def test_after_an_hour_again(learner):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert not all(pace.may_try(learner) for _ in range(31))
        clock.shift(timedelta(hours=1, seconds=1))
        assert pace.may_try(learner)


def test_nobody_is_kept_out_by_a_cache_that_is_away(learner, settings, caplog):
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.BrokenCache"}}
    assert pace.may_try(learner)
    assert "ConnectionError" in caplog.text
