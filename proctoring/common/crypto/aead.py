"""
Authenticated encryption of data at rest: AES-256-GCM under a ring of keys.

A token is ``version (1) | length of key id (1) | key id | nonce (12) | ciphertext and tag``, in bytes. Everything
before the nonce, and the associated data, are authenticated with the ciphertext.
"""

import base64
import hmac
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from proctoring.common.crypto.errors import DecryptionError

VERSION = 1
KEY_SIZE = 32
NONCE_SIZE = 12
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEX_KEY = re.compile(r"[0-9a-fA-F]{64}")


def parse_key(text: str) -> bytes:
    """A key of 32 bytes in hexadecimal or base64 (either alphabet, padding optional). ``ValueError`` hides the text."""
    compact = "".join(text.split())
    if _HEX_KEY.fullmatch(compact):
        return bytes.fromhex(compact)
    standard = compact.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        key = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_SIZE:
        raise ValueError(f"A key is {KEY_SIZE} bytes in base64 or hexadecimal.")
    return key


class Keyring:
    """
    Keys by id. The first encrypts; all decrypt, so that an old key can stay until everything is rotated to the new one.

    ``ValueError`` for no key, an id that is not 1 to 64 of ``A-Z a-z 0-9 . _ -``, or a key that is not 32 bytes.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("A keyring needs at least one key.")
        for key_id, key in keys.items():
            if not _KEY_ID.fullmatch(key_id):
                raise ValueError(f"Not a key id: {key_id!r}")
            if len(key) != KEY_SIZE:
                raise ValueError(f"The key {key_id!r} is not {KEY_SIZE} bytes.")
        self._keys = dict(keys)

    @classmethod
    def from_text(cls, keys: Mapping[str, str]) -> "Keyring":
        """A ring of keys in base64 or hexadecimal, as settings carry them."""
        parsed: dict[str, bytes] = {}
        for key_id, text in keys.items():
            try:
                parsed[key_id] = parse_key(text)
            except ValueError as error:
                raise ValueError(f"The key {key_id!r} cannot be read. {error}") from None
        return cls(parsed)

    @classmethod
    def derived_from(cls, secret: bytes, key_id: str, info: bytes) -> "Keyring":
        """
        A ring of one key, HKDF-SHA256 of ``secret`` for the purpose ``info``, for sites that configured no key.

        Other secrets or purposes give other keys; if ``secret`` is changed, what was encrypted is lost.
        """
        if not secret:
            raise ValueError("A key cannot be derived from an empty secret.")
        key = HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=info).derive(secret)
        return cls({key_id: key})

    def with_older(self, older: "Keyring") -> "Keyring":
        """This ring, which also decrypts what ``older`` encrypted. Where both have an id, this ring's key holds."""
        return Keyring(self._keys | {key_id: key for key_id, key in older._keys.items() if key_id not in self._keys})

    @property
    def primary(self) -> str:
        """Id of the key that encrypts."""
        return next(iter(self._keys))

    @property
    def ids(self) -> list[str]:
        """Ids of all keys; that of the one that encrypts is the first."""
        return list(self._keys)

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """A token that only ``decrypt`` with the same ``associated_data`` opens. No two tokens are the same."""
        header = _header(self.primary)
        nonce = os.urandom(NONCE_SIZE)
        return header + nonce + AESGCM(self._keys[self.primary]).encrypt(nonce, plaintext, header + associated_data)

    def decrypt(self, token: bytes, associated_data: bytes) -> bytes:
        """The plaintext of ``token``; ``DecryptionError`` if it is damaged, foreign, or bound to something else."""
        key = self._keys.get(self.key_id(token))
        if key is None:
            raise DecryptionError
        start = 2 + token[1]
        header, nonce, sealed = token[:start], token[start : start + NONCE_SIZE], token[start + NONCE_SIZE :]
        try:
            return AESGCM(key).decrypt(nonce, sealed, header + associated_data)
        except (InvalidTag, ValueError):
            raise DecryptionError from None

    @staticmethod
    def key_id(token: bytes) -> str:
        """Id of the key that ``token`` says it was encrypted under; ``DecryptionError`` if it is no token at all."""
        if len(token) < 2 or token[0] != VERSION:
            raise DecryptionError
        key_id = token[2 : 2 + token[1]].decode("latin-1")
        if len(key_id) != token[1] or not _KEY_ID.fullmatch(key_id):
            raise DecryptionError
        return key_id

    def tag(self, message: bytes, key_id: str) -> str:
        """
        HMAC-SHA256 of ``message`` under the key of that id, in hexadecimal; ``LookupError`` where there is no such key.

        A ring that tags is not the ring that encrypts: it is derived for a purpose of its own, or configured apart.
        """
        return hmac.digest(self._keys[key_id], message, "sha256").hex()

    def rotate(self, token: bytes, associated_data: bytes) -> bytes:
        """``token`` encrypted anew under the primary key; the same token if it already is."""
        if self.key_id(token) == self.primary:
            return token
        return self.encrypt(self.decrypt(token, associated_data), associated_data)


def _header(key_id: str) -> bytes:
    return bytes([VERSION, len(key_id)]) + key_id.encode()
