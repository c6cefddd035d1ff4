"""Reading what requests say."""

import pytest
from django.http import QueryDict
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from proctoring.rest.fields import flag_field, for_learning_mfe, id_field, list_field, query_id, text_field


def query(text):
    return Request(APIRequestFactory().get(f"/?{text}"))


class TestIds:
    @pytest.mark.parametrize("value", [7, "7", " 7 ", "0007"])
    def test_numbers_and_digits(self, value):
        assert id_field({"exam_id": value}, "exam_id") == 7

    @pytest.mark.parametrize(
        "value", [None, "", "seven", True, -1, "-1", 1.5, "1_0", "٧", "²", [], {}, 2**31, "9" * 5000, float("nan")]
    )
    def test_anything_else_is_refused(self, value):
        with pytest.raises(ParseError):
            id_field({"exam_id": value}, "exam_id")

    def test_missing_is_refused(self):
        with pytest.raises(ParseError):
            id_field({}, "exam_id")

    def test_of_the_query_string(self):
        assert query_id(query("user_id=5"), "user_id") == 5
        assert query_id(query("user_id="), "user_id") is None
        assert query_id(query(""), "user_id") is None
        with pytest.raises(ParseError):
            query_id(query("user_id=me"), "user_id")


class TestFlags:
    @pytest.mark.parametrize(
        ("value", "meaning"), [(True, True), ("true", True), ("True", True), (False, False), ("FALSE", False)]
    )
    def test_both_forms(self, value, meaning):
        assert flag_field({"start_clock": value}, "start_clock") is meaning

    def test_missing_is_no(self):
        assert flag_field({}, "start_clock") is False

    @pytest.mark.parametrize("value", ["yes", "", 1, None, [], "1"])
    def test_anything_else_is_refused(self, value):
        with pytest.raises(ParseError):
            flag_field({"start_clock": value}, "start_clock")


class TestTexts:
    @pytest.mark.parametrize(("value", "text"), [("key", "key"), (30, "30"), (1.5, "1.5")])
    def test_texts_and_numbers(self, value, text):
        assert text_field({"key": value}, "key") == text

    @pytest.mark.parametrize("value", [None, "", "  ", True, [], {}, "x" * 256, "nul\x00"])
    def test_anything_else_is_refused(self, value):
        with pytest.raises(ParseError):
            text_field({"key": value}, "key")


class TestLists:
    @pytest.mark.parametrize(
        "value", ["1, 2,,1 ,3", ["1", "2", "1", "3"], [1, 2, 3], [" 1", 2, "", "3"], QueryDict("v=1,2,3")["v"]]
    )
    def test_both_forms(self, value):
        assert list_field({"exam_ids": value}, "exam_ids") == ["1", "2", "3"]

    @pytest.mark.parametrize("value", [None, "", [], " , "])
    def test_nothing(self, value):
        assert list_field({"exam_ids": value}, "exam_ids") == []

    @pytest.mark.parametrize("value", [7, {"a": 1}, [[1]], [{}], [None], [True], ["a\x00"], 1.5])
    def test_anything_else_is_refused(self, value):
        with pytest.raises(ParseError):
            list_field({"exam_ids": value}, "exam_ids")


@pytest.mark.parametrize(
    ("text", "wanted"), [("1", True), ("true", True), ("True", True), ("TRUE", False), ("", False)]
)
def test_who_asks_for_addresses_of_the_micro_frontend(text, wanted):
    assert for_learning_mfe(query(f"is_learning_mfe={text}")) is wanted
