"""
The ciphers of old vendors' protocols, byte for byte. None of them authenticates: use `aead` for anything of our own.

Rules: contract vendors_admin_screens.md §2.3 (3DES), §2.9 (AES); verify_student.md §2.2 and §2.4 (AES, RSA, base64).
"""

import base64
import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.padding import PKCS7

from proctoring.common.crypto.errors import DecryptionError

AES_KEY_SIZES = (16, 24, 32)
DES_KEY_SIZE = 8
PEM_START = b"-----"
OPENSSH_START = b"ssh-"


def triple_des_key(key: str | bytes) -> bytes:
    """
    The 24 bytes of a 3DES key given as 16 or 24 bytes (text counts as UTF-8).

    ``ValueError`` for another size, or where two neighbouring parts are the same key, which leaves single DES.
    """
    raw = _as_bytes(key)
    if len(raw) not in (2 * DES_KEY_SIZE, 3 * DES_KEY_SIZE):
        raise ValueError("A 3DES key has 16 or 24 bytes.")
    parts = [raw[start : start + DES_KEY_SIZE] for start in range(0, len(raw), DES_KEY_SIZE)]
    # DES does not use the lowest bit of a byte: keys that differ only there are the same.
    first, second, third = (bytes(byte & 0xFE for byte in part) for part in (parts[0], parts[1], parts[-1]))
    if second == first or (len(parts) > 2 and second == third):
        raise ValueError("This 3DES key degenerates to single DES.")
    return raw if len(parts) > 2 else raw + parts[0]


def triple_des_encrypt(key: str | bytes, plaintext: str) -> str:
    """3DES in ECB mode with PKCS#7 padding, as one line of standard base64. ``ValueError`` as in ``triple_des_key``."""
    cipher = Cipher(TripleDES(triple_des_key(key)), ECB())  # noqa: S305 - fixed by the vendor's protocol
    return base64.b64encode(_encrypted(cipher, plaintext.encode())).decode()


def aes_cbc_encrypt(key: bytes, plaintext: str | bytes) -> bytes:
    """AES-CBC, initialisation vector derived from the key; ASCII bytes of URL-safe base64. ``ValueError``: key size."""
    return base64.urlsafe_b64encode(_encrypted(_aes_cbc(key), _as_bytes(plaintext)))


def aes_cbc_decrypt(key: bytes, encoded: str | bytes) -> bytes:
    """The plaintext of ``aes_cbc_encrypt``; ``DecryptionError`` where there is none. ``ValueError``: key size."""
    cipher = _aes_cbc(key)
    unpadder = PKCS7(AES.block_size).unpadder()
    decryptor = cipher.decryptor()
    try:
        padded = decryptor.update(decode_base64(encoded)) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise DecryptionError from None


def rsa_wrap(public_key: str | bytes, secret: bytes) -> bytes:
    """
    ``secret`` under RSA-OAEP (hash and MGF1 SHA-1, no label). The key is PEM, OpenSSH (``ssh-rsa ...``), else DER.

    ``ValueError`` if the key is none of these, is not RSA, or is too small for the secret.
    """
    return _load_public(public_key).encrypt(secret, _oaep())


def rsa_unwrap(private_key: str | bytes, wrapped: bytes) -> bytes:
    """What ``rsa_wrap`` wrapped, else ``DecryptionError``. ``ValueError``: key not PEM or DER without passphrase."""
    key = _load_private(private_key)
    try:
        return key.decrypt(wrapped, _oaep())
    except ValueError:
        raise DecryptionError from None


def encode_base64_lines(data: bytes) -> str:
    """Standard base64 with a line feed after every 76 characters and at the end."""
    return base64.encodebytes(data).decode()


def decode_base64(encoded: str | bytes) -> bytes:
    """
    Base64 of either alphabet; characters outside both, line feeds among them, are passed over.

    ``ValueError`` for text that is not ASCII, or whose padding is wrong.
    """
    return base64.urlsafe_b64decode(encoded)


def _as_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _encrypted(cipher: Cipher[ECB] | Cipher[CBC], plaintext: bytes) -> bytes:
    padder = PKCS7(cipher.algorithm.block_size).padder()  # type: ignore[attr-defined]
    encryptor = cipher.encryptor()
    return encryptor.update(padder.update(plaintext) + padder.finalize()) + encryptor.finalize()


def _aes_cbc(key: bytes) -> Cipher[CBC]:
    if len(key) not in AES_KEY_SIZES:
        raise ValueError("An AES key has 16, 24 or 32 bytes.")
    first = _md5_hex(key)
    return Cipher(AES(key), CBC(_md5_hex(key + first)[: AES.block_size // 8]))


def _md5_hex(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).hexdigest().encode()


def _oaep() -> OAEP:
    return OAEP(mgf=MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303 - fixed by the protocol


def _load_public(public_key: str | bytes) -> RSAPublicKey:
    raw = _as_bytes(public_key)
    text = raw.lstrip()
    try:
        if text.startswith(PEM_START):
            key = serialization.load_pem_public_key(text)
        elif text.startswith(OPENSSH_START):
            key = serialization.load_ssh_public_key(text.rstrip())
        else:
            key = serialization.load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise ValueError("Not an RSA public key in PEM, OpenSSH or DER form.")
    return key


def _load_private(private_key: str | bytes) -> RSAPrivateKey:
    raw = _as_bytes(private_key)
    text = raw.lstrip()
    try:
        if text.startswith(PEM_START):
            key = serialization.load_pem_private_key(text, password=None)
        else:
            key = serialization.load_der_private_key(raw, password=None)
    # An encrypted key makes the library ask for its passphrase with a TypeError.
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("Not an RSA private key in PEM or DER form without passphrase.")
    return key
