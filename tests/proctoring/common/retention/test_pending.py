"""Erasures on their way."""

import pytest

from proctoring.common.retention import pending
from proctoring.models import PendingErasure

pytestmark = pytest.mark.django_db


def waiting(user_id, *parts):
    asked = pending.begun(PendingErasure, user_id, "platform")
    for part in parts:
        pending.held(asked, part, True)
    return asked


def test_one_whose_second_half_fails_waits_as_a_whole_and_stops_no_other():
    waiting(7, "first", "second")
    waiting(8, "first")

    def work(asked):
        pending.held(asked, "first", False)
        if asked.parts:
            raise OSError

    assert pending.resume(PendingErasure, work) == 1
    asked = PendingErasure.objects.get(is_held=True)
    assert (asked.user_id, asked.parts) == (7, ["first", "second"])


def test_it_is_held_while_any_part_is():
    asked = waiting(7, "first", "second", "second")
    pending.held(asked, "first", False)
    asked.refresh_from_db()
    assert (asked.parts, asked.is_held) == (["second"], True)
    pending.finish(asked)
    assert PendingErasure.objects.exists()
    pending.held(asked, "second", False)
    pending.finish(asked)
    assert not PendingErasure.objects.exists()
