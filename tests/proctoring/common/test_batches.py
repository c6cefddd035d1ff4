"""Batches in the order of the key."""

import pytest
from django.contrib.auth import get_user_model

from proctoring.common.batches import FAILED, Shortlist, chunked, in_batches, together, with_end
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


@pytest.mark.parametrize(
    ("items", "told"), [([], []), ([1], [(1, True)]), ([1, 2, None], [(1, False), (2, False), (None, True)])]
)
def test_the_last_item_is_told(items, told):
    assert list(with_end(iter(items))) == told


@pytest.mark.parametrize(("bad", "calls"), [(set(), 1), ({7}, 9), (set(range(16)), 31)])
def test_work_that_fails_for_one_is_done_for_the_others(bad, calls):
    tried, done, failed = [], [], []

    def work(items):
        tried.append(items)
        if bad & set(items):
            raise LookupError
        done.extend(items)
        return {"done": len(items)}

    counts = together(range(16), work, lambda item, error: failed.append((item, type(error))))
    assert (len(tried), done) == (calls, [item for item in range(16) if item not in bad])
    assert failed == [(item, LookupError) for item in sorted(bad)]
    assert (counts["done"], counts[FAILED]) == (16 - len(bad), len(bad))


def test_no_work():
    assert together([], pytest.fail, pytest.fail) == {}


def test_a_long_list_is_told_as_far_as_a_log_line_can_take():
    numbers = Shortlist(3)
    assert str(numbers) == ""
    for number in (8, 2, 9):
        numbers.add(number)
    assert str(numbers) == "2, 8, 9"
    numbers.add(1)
    assert (str(numbers), numbers.total) == ("1, 2, 8 and 1 more", 4)
