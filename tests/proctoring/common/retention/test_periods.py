"""Periods, as settings have them."""

from datetime import timedelta

import pytest

from proctoring.common.retention.periods import days, days_or_none, period_of


@pytest.mark.parametrize("nonsense", [0, -1, 0.5, 36501, "soon", float("nan"), float("inf"), []])
def test_nobody_means_that(nonsense):
    for parse in (days, days_or_none):
        with pytest.raises((TypeError, ValueError)):
            parse(nonsense)


def test_days_and_for_good():
    assert (days("90"), days_or_none(1), days_or_none(None)) == (90.0, 1.0, None)
    assert (period_of(90.0), period_of(None)) == (timedelta(days=90), None)
