"""Encryption: `aead` is what this project uses for its own data, `legacy` what old vendors' protocols demand."""

from proctoring.common.crypto.aead import Keyring, parse_key
from proctoring.common.crypto.errors import DecryptionError
from proctoring.common.crypto.legacy import (
    aes_cbc_decrypt,
    aes_cbc_encrypt,
    decode_base64,
    encode_base64_lines,
    rsa_unwrap,
    rsa_wrap,
    triple_des_encrypt,
    triple_des_key,
)

__all__ = [
    "DecryptionError",
    "Keyring",
    "aes_cbc_decrypt",
    "aes_cbc_encrypt",
    "decode_base64",
    "encode_base64_lines",
    "parse_key",
    "rsa_unwrap",
    "rsa_wrap",
    "triple_des_encrypt",
    "triple_des_key",
]
