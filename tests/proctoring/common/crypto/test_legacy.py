import base64
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from proctoring.common.crypto import (
    DecryptionError,
    aes_cbc_decrypt,
    aes_cbc_encrypt,
    decode_base64,
    encode_base64_lines,
    rsa_unwrap,
    rsa_wrap,
    triple_des_encrypt,
    triple_des_key,
)

DES_KEY = "0123456789abcdefghijklmn"
AES_KEY = bytes(range(32))
LINK_KEY = bytes.fromhex("00112233445566778899aabbccddeeff")
LINK = "https://video.example.net/r/DirectLink-Generic?rec=abc123"
SEALED_LINK = b"QEWTgenvOhBuk23SzFU1uhM6kW5dF7zUYX8O26degn45KDyrerSSEWCJaCBjjOTWueqt2Ei8cN49Pe8bqnUbyQ=="
PHOTOS = [
    (b"", b"I_UXg1bBcTvq4OklY-uV-w=="),
    (b"0123456789abcdef", b"0mIBPpdUZdsaW-kiqTZDh4Etd683F8Uf-72BHMgHGWQ="),
    (b"PNG image bytes", b"PnQpNYQ7h0w1Xdvq8_ej9Q=="),
]
PRIVATE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_FORMS = [
    (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    (Encoding.PEM, PublicFormat.PKCS1),
    (Encoding.OpenSSH, PublicFormat.OpenSSH),
    (Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    (Encoding.DER, PublicFormat.PKCS1),
]
PRIVATE_FORMS = [
    (Encoding.PEM, PrivateFormat.PKCS8),
    (Encoding.PEM, PrivateFormat.TraditionalOpenSSL),
    (Encoding.DER, PrivateFormat.PKCS8),
    (Encoding.DER, PrivateFormat.TraditionalOpenSSL),
]
PUBLIC_PEM = PRIVATE_KEY.public_key().public_bytes(*PUBLIC_FORMS[0])
PRIVATE_PEM = PRIVATE_KEY.private_bytes(*PRIVATE_FORMS[0], NoEncryption())


def test_triple_des_is_the_one_of_the_contract():
    sealed = triple_des_encrypt(DES_KEY, "7B1D3C52-0E4F-4A6B-9C2D-55AA10F0BEEF")

    assert sealed == "9GEwJEKlAHDlkVWRq6faz8P/6skPePdpI6tTYbNg+QWTKS3LYus81w=="


def test_triple_des_takes_the_key_as_bytes_too_and_pads_a_full_block():
    assert triple_des_encrypt(DES_KEY.encode(), "x" * 36) == triple_des_encrypt(DES_KEY, "x" * 36)
    assert len(base64.b64decode(triple_des_encrypt(DES_KEY, "12345678"))) == 16


def test_a_key_of_16_bytes_repeats_its_first_half():
    assert triple_des_key("0123456789abcdef") == b"0123456789abcdef01234567"
    assert triple_des_encrypt("0123456789abcdef", "code") == triple_des_encrypt("0123456789abcdef01234567", "code")


@pytest.mark.parametrize("key", ["", "short", "x" * 8, "x" * 23, "x" * 32, "é" * 16])
def test_triple_des_refuses_keys_of_another_size(key):
    with pytest.raises(ValueError, match="16 or 24 bytes"):
        triple_des_encrypt(key, "code")


@pytest.mark.parametrize(
    "key",
    [
        "01234567" * 2,
        "01234567" * 3,
        "01234567" + "abcdefgh" * 2,
        "abcdefgh" * 2 + "01234567",
        # These halves differ in the lowest bits only, which DES does not use.
        "00224466" + "11335577",
    ],
)
def test_triple_des_refuses_keys_that_leave_single_des(key):
    with pytest.raises(ValueError, match="degenerates to single DES"):
        triple_des_encrypt(key, "code")


@pytest.mark.parametrize(("plain", "sealed"), PHOTOS)
def test_aes_cbc_is_the_one_of_the_contract_for_photos(plain, sealed):
    assert aes_cbc_encrypt(AES_KEY, plain) == sealed
    assert aes_cbc_decrypt(AES_KEY, sealed) == plain


def test_aes_cbc_is_the_one_of_the_contract_for_video_links():
    assert aes_cbc_encrypt(LINK_KEY, LINK) == SEALED_LINK
    assert aes_cbc_decrypt(LINK_KEY, SEALED_LINK.decode()) == LINK.encode()


@pytest.mark.parametrize(
    ("key", "vector"),
    [
        (AES_KEY, b"5013fad4625dceb7"),
        (LINK_KEY, b"a734bda6745eb997"),
        (bytes.fromhex("f82400259e3b4f88821cd89838758292"), b"add900f5ebbe69b1"),
    ],
)
def test_the_initialisation_vector_is_the_one_of_the_contract(key, vector):
    # CBC mixes the first block with the vector, and the second with the first one's ciphertext: where each block equals
    # what it is mixed with, zeros are encrypted both times.
    first = base64.urlsafe_b64decode(aes_cbc_encrypt(key, vector))[:16]
    twice = base64.urlsafe_b64decode(aes_cbc_encrypt(key, vector + first))

    assert twice[:16] == twice[16:32]


@given(plain=st.binary(max_size=100), key=st.sampled_from([AES_KEY, AES_KEY[:24], LINK_KEY]))
def test_aes_cbc_can_be_read_again(plain, key):
    assert aes_cbc_decrypt(key, aes_cbc_encrypt(key, plain)) == plain


@pytest.mark.parametrize("sealed", ["", "abc", "é", "AAAA", b"\xff\xfe", SEALED_LINK[:-24], PHOTOS[0][1]])
def test_what_aes_cbc_cannot_read_is_one_error(sealed):
    with pytest.raises(DecryptionError, match=r"^The data could not be decrypted\.$"):
        aes_cbc_decrypt(LINK_KEY, sealed)


@given(sealed=st.one_of(st.text(max_size=100), st.binary(max_size=100)))
def test_aes_cbc_never_fails_in_another_way(sealed):
    with suppress(DecryptionError):
        aes_cbc_decrypt(LINK_KEY, sealed)


@pytest.mark.parametrize("size", [0, 8, 15, 33])
def test_aes_cbc_refuses_keys_of_another_size(size):
    for use in (aes_cbc_encrypt, aes_cbc_decrypt):
        with pytest.raises(ValueError, match="16, 24 or 32 bytes"):
            use(bytes(size), b"")


@pytest.mark.parametrize(("encoding", "form"), PUBLIC_FORMS)
@pytest.mark.parametrize(("private_encoding", "private_form"), PRIVATE_FORMS)
def test_a_key_is_wrapped_and_unwrapped_with_every_form_of_keys(encoding, form, private_encoding, private_form):
    public = PRIVATE_KEY.public_key().public_bytes(encoding, form)
    private = PRIVATE_KEY.private_bytes(private_encoding, private_form, NoEncryption())

    wrapped = rsa_wrap(public, AES_KEY)

    assert len(encode_base64_lines(wrapped)) == 349
    assert rsa_unwrap(private, wrapped) == AES_KEY


def test_keys_may_be_text_with_white_space_around():
    openssh = PRIVATE_KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()

    assert rsa_unwrap(f"\n{PRIVATE_PEM.decode()}\n", rsa_wrap(f" {openssh} comment\n", AES_KEY)) == AES_KEY
    assert rsa_unwrap(PRIVATE_PEM, rsa_wrap(f"\n{PUBLIC_PEM.decode()}\n", AES_KEY)) == AES_KEY


def public_ec_key():
    return ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(*PUBLIC_FORMS[0])


@pytest.mark.parametrize(
    "key", ["", "hunter2", "-----BEGIN hunter2-----", "ssh-rsa hunter2", b"\x30\x82", public_ec_key()]
)
def test_what_is_no_public_rsa_key_is_refused_and_not_shown(key):
    with pytest.raises(ValueError, match="Not an RSA public key") as caught:
        rsa_wrap(key, AES_KEY)

    assert "hunter2" not in str(caught.value)


def test_a_secret_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="Encryption failed"):
        rsa_wrap(PUBLIC_PEM, bytes(300))


@pytest.mark.parametrize(
    "key",
    ["", "hunter2", PUBLIC_PEM, PRIVATE_KEY.private_bytes(*PRIVATE_FORMS[0], BestAvailableEncryption(b"hunter2"))],
)
def test_what_is_no_private_rsa_key_is_refused(key):
    with pytest.raises(ValueError, match="Not an RSA private key"):
        rsa_unwrap(key, rsa_wrap(PUBLIC_PEM, AES_KEY))


@pytest.mark.parametrize("wrapped", [b"", b"rubbish", bytes(256)])
def test_what_was_not_wrapped_is_the_one_error(wrapped):
    with pytest.raises(DecryptionError):
        rsa_unwrap(PRIVATE_PEM, wrapped)


def test_base64_in_lines_breaks_after_76_characters_and_ends_in_a_line_feed():
    lines = encode_base64_lines(bytes(range(256))).split("\n")

    assert [len(line) for line in lines] == [76, 76, 76, 76, 40, 0]
    assert base64.b64decode("".join(lines)) == bytes(range(256))


@given(data=st.binary(max_size=300))
def test_base64_is_read_in_lines_and_in_either_alphabet(data):
    assert decode_base64(encode_base64_lines(data)) == data
    assert decode_base64(base64.urlsafe_b64encode(data)) == data


def test_characters_outside_the_alphabets_are_passed_over():
    assert decode_base64("1234") == decode_base64("@@@@1234") == b"\xd7\x6d\xf8"
    assert decode_base64("") == b""


@pytest.mark.parametrize("text", ["abc", "é234"])
def test_wrong_padding_and_other_scripts_are_refused(text):
    with pytest.raises(ValueError, match=r"padding|ASCII"):
        decode_base64(text)
