"""Reasons of a denial as codes (contract §3.4)."""

import json

import pytest

from verify_student.services.reasons import CODES, codes_of


@pytest.mark.parametrize(("word", "code"), CODES.items())
def test_every_word_of_the_vendor(word, code):
    assert codes_of(json.dumps([{"photoIdReasons": [word]}])) == [code]


@pytest.mark.parametrize(
    ("stored", "codes"),
    [
        ([{"photoIdReasons": ["Not provided"]}], ["id_image_missing"]),
        (
            [{"userPhotoReasons": ["Image not clear"]}, {"photoIdReasons": ["No text"]}],
            ["user_image_not_clear", "id_invalid"],
        ),
        ([{"generalReasons": ["Name mismatch", "EdX name not provided"]}], ["name_mismatch"]),
        ([{"generalReasons": ["Something new"]}], []),
        ([{"codes": ["photos_mismatched"]}], ["photos_mismatched"]),
        ([{}, None, "text", [{}], {"a": "text"}, {"a": [None, 1, {}]}], []),
        ({}, []),
        ("text", []),
        (None, []),
    ],
)
def test_what_is_stored(stored, codes):
    assert codes_of(json.dumps(stored)) == codes


def test_weakness_w28_an_object_with_two_groups():
    assert codes_of('[{"photoIdReasons": ["No text"], "generalReasons": ["Name mismatch"]}]') == [
        "id_invalid",
        "name_mismatch",
    ]


@pytest.mark.parametrize("stored", ["", "no json", "[" * 100_000])
def test_no_json(stored):
    assert codes_of(stored) == []
