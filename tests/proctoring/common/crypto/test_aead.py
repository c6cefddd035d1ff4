import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.common.crypto import DecryptionError, Keyring, parse_key

OLD = bytes(range(32))
NEW = bytes(range(32, 64))


@pytest.fixture
def ring():
    return Keyring({"new": NEW, "old": OLD})


@given(plaintext=st.binary(max_size=200), associated=st.binary(max_size=50))
def test_what_is_encrypted_can_be_read_again(plaintext, associated):
    ring = Keyring({"new": NEW})

    assert ring.decrypt(ring.encrypt(plaintext, associated), associated) == plaintext


def test_the_first_key_encrypts_and_its_id_is_in_the_token(ring):
    token = ring.encrypt(b"secret", b"row 1")

    assert ring.primary == "new"
    assert ring.key_id(token) == "new"
    assert Keyring({"new": NEW}).decrypt(token, b"row 1") == b"secret"


def test_every_key_decrypts(ring):
    token = Keyring({"old": OLD}).encrypt(b"secret", b"")

    assert ring.decrypt(token, b"") == b"secret"


def test_tokens_that_are_already_stored_stay_readable():
    stored = bytes.fromhex("01036f6c64000102030405060708090a0b3467b569a091046e0f23dd2a9b4de41df9ca7a6e36fd")

    assert Keyring({"old": OLD}).decrypt(stored, b"row 1") == b"secret"


def test_no_two_tokens_are_the_same(ring):
    assert ring.encrypt(b"secret", b"") != ring.encrypt(b"secret", b"")


def test_a_token_is_bound_to_its_associated_data(ring):
    with pytest.raises(DecryptionError):
        ring.decrypt(ring.encrypt(b"secret", b"row 1"), b"row 2")


@pytest.mark.parametrize("position", range(1 + 1 + 3 + 12 + 6 + 16))
def test_a_changed_byte_anywhere_is_noticed(ring, position):
    token = bytearray(ring.encrypt(b"secret", b"row 1"))
    token[position] ^= 1

    with pytest.raises(DecryptionError):
        ring.decrypt(bytes(token), b"row 1")


def test_a_token_cannot_be_relabelled_with_another_key_id():
    twins = Keyring({"one": NEW, "two": NEW})
    token = twins.encrypt(b"secret", b"")

    with pytest.raises(DecryptionError):
        twins.decrypt(token.replace(b"one", b"two"), b"")


@given(token=st.binary(max_size=60), cut=st.integers(min_value=0, max_value=38))
def test_rubbish_and_cut_tokens_are_one_error(token, cut):
    ring = Keyring({"new": NEW})

    for damaged in (token, ring.encrypt(b"secret", b"")[:cut]):
        with pytest.raises(DecryptionError, match=r"^The data could not be decrypted\.$"):
            ring.decrypt(damaged, b"")


def test_the_key_id_of_rubbish_is_the_same_error(ring):
    for rubbish in (b"", b"\x01", b"\x02\x03new", b"\x01\x03ne", b"\x01\x03n\xffw", b"\x01\x00"):
        with pytest.raises(DecryptionError):
            ring.key_id(rubbish)


def test_the_cause_is_not_in_the_traceback(ring):
    with pytest.raises(DecryptionError) as caught:
        ring.decrypt(ring.encrypt(b"secret", b"a"), b"b")

    assert caught.value.__suppress_context__


def test_rotation_moves_an_old_token_to_the_primary_key(ring):
    token = Keyring({"old": OLD}).encrypt(b"secret", b"row 1")

    rotated = ring.rotate(token, b"row 1")

    assert ring.key_id(rotated) == "new"
    assert ring.decrypt(rotated, b"row 1") == b"secret"


def test_rotation_leaves_a_primary_token_as_it_is(ring):
    token = ring.encrypt(b"secret", b"row 1")

    assert ring.rotate(token, b"row 1") is token


def test_rotation_of_what_cannot_be_read_is_the_same_error(ring):
    token = Keyring({"older": OLD}).encrypt(b"secret", b"")

    with pytest.raises(DecryptionError):
        ring.rotate(token, b"")


def test_an_older_ring_still_decrypts():
    derived = Keyring.derived_from(b"site secret", "derived", b"payloads")
    joined = Keyring({"new": NEW}).with_older(derived)

    assert joined.primary == "new"
    assert joined.decrypt(derived.encrypt(b"secret", b""), b"") == b"secret"


def test_an_older_ring_does_not_replace_a_key():
    joined = Keyring({"key": NEW}).with_older(Keyring({"key": OLD}))

    assert joined.decrypt(Keyring({"key": NEW}).encrypt(b"secret", b""), b"") == b"secret"


@pytest.mark.parametrize(
    "text",
    [
        NEW.hex(),
        NEW.hex().upper(),
        base64.b64encode(NEW).decode(),
        base64.urlsafe_b64encode(NEW).decode(),
        base64.b64encode(NEW).decode().rstrip("="),
        f" {base64.b64encode(NEW).decode()}\n",
    ],
)
def test_keys_are_read_from_hexadecimal_and_base64(text):
    assert parse_key(text) == NEW


def test_both_alphabets_of_base64_are_read():
    key = b"\xfb\xff" * 16

    assert parse_key(base64.b64encode(key).decode()) == parse_key(base64.urlsafe_b64encode(key).decode()) == key


@pytest.mark.parametrize("text", ["", "hunter2", "é" * 43, NEW.hex()[:-2], base64.b64encode(NEW + b"!").decode(), "a"])
def test_other_texts_are_no_keys_and_are_not_shown(text):
    with pytest.raises(ValueError, match="key 'new' cannot be read") as caught:
        Keyring.from_text({"new": text})

    assert "hunter2" not in str(caught.value)


def test_a_ring_from_text_keeps_the_order():
    ring = Keyring.from_text({"new": NEW.hex(), "old": OLD.hex()})

    assert ring.primary == "new"
    assert ring.decrypt(Keyring({"old": OLD}).encrypt(b"secret", b""), b"") == b"secret"


@pytest.mark.parametrize(
    "keys", [{}, {"": NEW}, {"a b": NEW}, {"a" * 65: NEW}, {"new\n": NEW}, {"new": NEW[:-1]}, {"new": NEW + b"!"}]
)
def test_a_ring_that_cannot_work_is_refused(keys):
    with pytest.raises(ValueError, match=r"at least one key|Not a key id|not 32 bytes"):
        Keyring(keys)


def test_a_derived_key_is_hkdf_sha256():
    extracted = hmac.digest(bytes(32), b"site secret", hashlib.sha256)
    expanded = hmac.digest(extracted, b"payloads" + b"\x01", hashlib.sha256)

    token = Keyring.derived_from(b"site secret", "derived", b"payloads").encrypt(b"secret", b"")

    assert Keyring({"derived": expanded}).decrypt(token, b"") == b"secret"


@pytest.mark.parametrize(("secret", "info"), [(b"another secret", b"payloads"), (b"site secret", b"photos")])
def test_another_secret_or_purpose_derives_another_key(secret, info):
    token = Keyring.derived_from(b"site secret", "derived", b"payloads").encrypt(b"secret", b"")

    with pytest.raises(DecryptionError):
        Keyring.derived_from(secret, "derived", info).decrypt(token, b"")


def test_an_empty_secret_derives_nothing():
    with pytest.raises(ValueError, match="empty secret"):
        Keyring.derived_from(b"", "derived", b"payloads")
