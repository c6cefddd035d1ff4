"""Ids by which somebody else knows our people without knowing who they are. No Django."""

import hashlib
import hmac


def obscured(key: str, person: int | str, *extra: str) -> str:
    """
    Hex HMAC-SHA1 of a person's id and what follows it (contract vendors_admin_screens.md §1.4). Wire-fixed.

    Raises ``UnicodeEncodeError`` for a key that is not ASCII.
    """
    message = "".join([str(person), *extra]).encode()
    return hmac.new(key.encode("ascii"), message, hashlib.sha1).hexdigest()
