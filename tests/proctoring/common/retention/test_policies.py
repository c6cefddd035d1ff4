"""Kinds of data go when their time is over."""

import logging
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from proctoring.common.batches import FAILED
from proctoring.common.retention import policies
from proctoring.common.retention.policies import Policy, PurgeIncomplete, blanked
from proctoring.models import ProctoredExamStudentAllowanceHistory as Former
from tests.factories import ExamFactory, UserFactory

pytestmark = pytest.mark.django_db


def before(moment):
    return Former.objects.filter(created__lt=moment).exclude(value="").order_by("created")


def broken(moment):
    raise ZeroDivisionError("Ada")


def policy(kind, days=10, due=before, **fields):
    words = dict.fromkeys(["what", "why", "since", "at_end"], "…")
    return Policy(kind=kind, period=lambda: days and timedelta(days=days), due=due, **words, **fields)


@pytest.fixture
def rows():
    """One a day, for the last twenty days."""
    user, exam = UserFactory(), ExamFactory()
    for day in range(20):
        row = Former.objects.create(user=user, proctored_exam=exam, allowance_id=1, key="k", value="v")
        Former.objects.filter(pk=row.pk).update(created=timezone.now() - timedelta(days=day, hours=1))


def test_deleted_some_at_a_time(rows):
    assert [batch.rows for batch in policies.purge([policy("former")], size=4)] == [4, 4, 2]
    assert Former.objects.count() == 10


def test_blanked_some_at_a_time_and_once(rows):
    kept = policy("former", clear=blanked(value=""))
    assert [batch.rows for batch in policies.purge([kept], size=4)] == [4, 4, 2]
    assert Former.objects.filter(value="").count() == 10
    assert list(policies.purge([kept])) == []


def test_what_stays_for_good_stays(rows):
    assert list(policies.purge([policy("former", None), policy("other", due=None)])) == []
    assert policies.count([policy("former", None), policy("young", 15)]) == Counter(young=5)


def test_a_kind_that_fails_stops_no_other(rows, caplog):
    told = []
    with caplog.at_level(logging.INFO), pytest.raises(PurgeIncomplete):
        policies.purge_all([policy("broken", due=broken), policy("former")], told.append)
    assert told == [Counter(former=10)]
    assert Former.objects.count() == 10
    assert "kind=broken error=ZeroDivisionError" in caplog.text
    assert "Old data purged: former=10" in caplog.text
    assert "Ada" not in caplog.text


def test_nothing_to_do_is_no_matter_of_record():
    told = []
    assert policies.purge_all([policy("former")], told.append) == 0
    assert told == []


def test_failures_are_counted_apart(rows):
    batches = list(policies.purge([policy("broken", due=broken)]))
    assert [batch.counts for batch in batches] == [{FAILED: 1}]


@pytest.mark.parametrize(
    ("days", "said"), [(None, "Until your account is deleted."), (1, "1 day"), (90, "90 days"), (0.5, "12 hours")]
)
def test_how_long_is_told_in_words(days, said):
    assert policy("former", days).how_long == said
