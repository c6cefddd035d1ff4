"""Batches in the order of the key."""

import pytest
from django.contrib.auth import get_user_model

from proctoring.common.batches import chunked, in_batches
from tests.factories import UserFactory

User = get_user_model()


@pytest.mark.django_db
def test_rows_come_in_the_order_of_their_key_some_at_a_time():
    users = sorted(UserFactory().pk for _ in range(5))
    batches = [[user.pk for user in batch] for batch in in_batches(User.objects.order_by("-pk"), 2)]
    assert batches == [users[:2], users[2:4], users[4:]]


@pytest.mark.django_db
def test_what_was_broken_off_goes_on_after_the_last_row():
    users = sorted(UserFactory().pk for _ in range(3))
    batches = list(in_batches(User.objects.all(), 10, after=users[0]))
    assert [user.pk for user in batches[0]] == users[1:]


@pytest.mark.django_db
def test_each_batch_is_one_query_and_sees_what_the_work_before_it_changed(django_assert_num_queries):
    users = sorted(UserFactory().pk for _ in range(4))
    batches = in_batches(User.objects.filter(is_active=True), 2)
    with django_assert_num_queries(1):
        next(batches)
    User.objects.filter(pk=users[3]).update(is_active=False)
    assert [user.pk for user in next(batches)] == [users[2]]


def test_items_are_read_as_they_are_needed():
    read = []

    def items():
        for number in range(5):
            read.append(number)
            yield number

    chunks = chunked(items(), 2)
    assert next(chunks) == [0, 1]
    assert read == [0, 1]
    assert list(chunks) == [[2, 3], [4]]
