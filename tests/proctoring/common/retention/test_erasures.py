"""What certificates say of what was erased."""

import pytest

from proctoring.common.retention.erasures import Tally, canonical, learner_hash, learner_hashes, sha256

KEY, OLD_KEY = b"a secret", b"an older secret"


def tally_of(*items, key=KEY):
    tally = Tally("names", key)
    for pk, values in items:
        tally.add("people", pk, values)
    return tally.told()


def test_the_same_items_have_the_same_digest_and_others_have_another():
    one = tally_of((1, {"name": "Ada", "reason": ""}))
    assert one == tally_of((1, {"reason": "", "name": "Ada"}))
    assert one["items"] == 1
    others = [
        tally_of((1, {"name": "Adä", "reason": ""})),
        tally_of((2, {"name": "Ada", "reason": ""})),
        tally_of((1, {"name": "Ada", "reason": ""}), (2, {"name": "", "reason": ""})),
    ]
    assert one["hmac_sha256"] not in {other["hmac_sha256"] for other in others}


def test_who_has_not_the_key_cannot_try_names():
    assert tally_of((1, {"name": "Ada"}))["hmac_sha256"] != tally_of((1, {"name": "Ada"}), key=OLD_KEY)["hmac_sha256"]


def test_a_learner_is_found_under_every_key_and_known_by_none():
    assert learner_hashes(17, [KEY, OLD_KEY]) == [learner_hash(17, KEY), learner_hash(17, OLD_KEY)]
    assert len({*learner_hashes(17, [KEY, OLD_KEY]), learner_hash(18, KEY)}) == 3


@pytest.mark.parametrize("value", [b"\0\xff", memoryview(b"\0\xff"), None, "\ud800", 1.5, [1, {"a": 2}]])
def test_whatever_a_column_holds_has_one_spelling(value):
    assert canonical({"b": value, "a": 1}) == canonical({"a": 1, "b": value})
    assert sha256({"a": value}) == sha256({"a": value})
    assert canonical({"a": value}) != canonical({"a": "something else"})
