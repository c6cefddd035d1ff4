"""The newest configuration counts, and is asked for once."""

import pytest

from tests.factories import UserFactory
from verify_student.models import SSPVerificationRetryConfig
from verify_student.services import retry_config

pytestmark = pytest.mark.django_db


def test_without_any_it_is_empty_and_disabled(django_assert_num_queries):
    with django_assert_num_queries(1):
        current = retry_config.current()
    assert (current.pk, current.enabled, current.arguments) == (None, False, "")


def test_rows_are_added_and_the_newest_counts(committed):
    first = retry_config.change(enabled=True, arguments="--status denied")
    with committed():
        second = retry_config.change(enabled=True, arguments="--batch_size 5", by=UserFactory())
    assert retry_config.current() == second
    assert retry_config.current().changed_by == second.changed_by
    assert list(SSPVerificationRetryConfig.objects.values_list("pk", flat=True)) == [second.pk, first.pk]


def test_it_is_cached_until_it_changes(committed, django_assert_num_queries):
    made = retry_config.change(enabled=True, arguments="--sleep_time 1")
    retry_config.current()
    with django_assert_num_queries(0):
        assert (retry_config.current(), retry_config.current().arguments) == (made, "--sleep_time 1")
    with committed():
        newer = retry_config.change(enabled=False, arguments="")
    assert retry_config.current() == newer
