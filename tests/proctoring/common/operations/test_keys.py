"""Keys, as operators see them: by their ids, and with what lies under each."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from proctoring.common.crypto import Keyring
from proctoring.common.inbox import Envelope, store
from proctoring.common.operations import CAP, Level
from proctoring.common.operations.keys import Stored, keys_section, payloads
from proctoring.models import InboxDelivery

RING = Keyring({"new": b"n" * 32, "old": b"o" * 32, "oldest": b"e" * 32})


def told(stored, ring=RING):
    section = keys_section(lambda: ring, stored)
    return {row.key: (row.use, row.count, row.level) for row in section.rows}


def photos(**counts):
    return Stored("photos", "Photos", counts, "Rotate them.")


def test_which_encrypts_which_are_needed_and_which_are_missing():
    assert told([photos(new=3, old=2, lost=1)]) == {
        "photos.new": ("encrypts", 3, Level.OK),
        "photos.old": ("Decrypts what is older: keep it. Rotate them.", 2, Level.OK),
        "photos.oldest": ("Nothing is under it. It can go.", 0, Level.OK),
        "photos.lost": ("missing in the settings", 1, Level.ATTENTION),
    }


def test_of_a_long_table_it_does_not_say_more_than_it_knows():
    use, count, _ = told([photos(new=1, old=2 * CAP)])["photos.oldest"]
    assert (use.split(".")[0], count) == ("Nothing among the oldest is under it", 0)
    assert told([photos(old=2 * CAP)])["photos.old"][1] == CAP


@pytest.mark.django_db
def test_payloads_say_which_key_they_are_under(django_assert_num_queries):
    for number, ring in enumerate([RING, RING, Keyring({"old": b"o" * 32}), Keyring({"l" * 64: b"l" * 32})]):
        store(InboxDelivery, Envelope("watcher", "ready", "subject", b"x" * 500, delivery_id=str(number)), ring)
    damaged = store(InboxDelivery, Envelope("watcher", "ready", "subject", b"y"), RING)
    InboxDelivery.objects.filter(pk=damaged.pk).update(body=b"")
    with django_assert_num_queries(1):
        rows = told([payloads(InboxDelivery)])
    assert {key.removeprefix("payloads."): count for key, (_, count, _) in rows.items()} == {
        "new": 2,
        "old": 1,
        "oldest": 0,
        "l" * 64: 1,
        "": 1,
    }


def test_no_key_is_told():
    section = keys_section(lambda: RING, [photos(new=1)])
    assert not any(letters * 4 in repr(section) for letters in ("nnnn", "oooo", "eeee"))


@pytest.mark.parametrize("error", [ImproperlyConfigured("k3y"), ValueError("k3y")])
def test_settings_that_cannot_be_read_are_told_of(error):
    def broken():
        raise error

    section = keys_section(broken, [photos(new=1)])
    assert [row.level for row in section.rows] == [Level.BROKEN]
    assert "k3y" not in repr(section)
