"""Ids of people for others."""

import pytest

from proctoring.common.obscuring import obscured

KEY = "obfuscation-key"


def test_the_published_vector():
    assert obscured(KEY, 1234, "proctor_x") == "6ab229bf465cb31777afbe12414046b927ea43e8"


def test_ids_are_the_same_as_numbers_and_as_texts_and_differ_by_key_and_extra():
    assert obscured(KEY, "1234", "proctor_x") == obscured(KEY, 1234, "proctor_x")
    assert (
        len({obscured(KEY, 1234), obscured(KEY, 1234, "x"), obscured(KEY, 1235, "x"), obscured("other", 1234, "x")})
        == 4
    )


def test_a_key_is_ascii():
    with pytest.raises(UnicodeEncodeError):
        obscured("schlüssel", 1)
