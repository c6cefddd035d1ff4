"""Lists in pages and in whole."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.http import StreamingHttpResponse
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from proctoring.rest.pagination import BATCH, clamped_page, listed, pagination_info
from tests.factories import UserFactory

User = get_user_model()


def asking(text=""):
    return Request(APIRequestFactory().get(f"/?{text}"))


def shape(user):
    return {"id": user.pk, "name": user.username}


class TestClampedPages:
    @pytest.mark.parametrize(
        ("asked", "number"), [("", 1), ("page=2", 2), ("page=x", 1), ("page=99", 3), ("page=0", 3), ("page=-4", 3)]
    )
    def test_every_number_leads_to_a_page(self, asked, number):
        page = clamped_page(list(range(60)), asking(asked))
        assert pagination_info(page) == {
            "has_previous": number > 1,
            "has_next": number < 3,
            "current_page": number,
            "total_pages": 3,
        }

    def test_nothing_is_one_page(self):
        page = clamped_page([], asking("page=7"))
        assert (list(page), pagination_info(page)["total_pages"]) == ([], 1)


@pytest.mark.django_db
class TestLists:
    def test_short_lists_are_ordinary_answers(self):
        users = [UserFactory() for _ in range(3)]
        assert listed(User.objects.all(), shape, asking()).data == [shape(user) for user in users]

    def test_long_lists_are_sent_while_they_are_read(self, django_assert_num_queries):
        User.objects.bulk_create(User(username=f"learner {number} äö") for number in range(2 * BATCH + 1))
        with django_assert_num_queries(1):
            answer = listed(User.objects.all(), shape, asking())
        assert isinstance(answer, StreamingHttpResponse)
        with django_assert_num_queries(2):
            sent = b"".join(answer.streaming_content)
        assert json.loads(sent) == [shape(user) for user in User.objects.order_by("pk")]

    @pytest.mark.parametrize("number", [BATCH - 1, BATCH, BATCH + 1])
    def test_nothing_is_lost_at_the_edges(self, number):
        User.objects.bulk_create(User(username=f"learner {index}") for index in range(number))
        answer = listed(User.objects.all(), shape, asking())
        rows = json.loads(b"".join(answer.streaming_content)) if answer.streaming else answer.data
        assert len(rows) == number

    def test_a_page_is_asked_for(self):
        users = [UserFactory() for _ in range(5)]
        answer = listed(User.objects.all(), shape, asking("page=2&page_size=2")).data
        assert answer["results"] == [shape(user) for user in users[2:4]]
        assert (answer["count"], answer["pagination_info"]["total_pages"]) == (5, 3)

    @pytest.mark.parametrize("size", ["0", "-1", "501", "x", "²", ""])
    def test_sizes_that_are_none(self, size):
        with pytest.raises(ParseError):
            listed(User.objects.all(), shape, asking(f"page_size={size}"))
