"""OAuth2 client credentials towards a vendor, with the token kept for its lifetime (§3.2)."""

import hashlib
import re
from typing import Any

from django.core.cache import cache

from proctoring.common.http import HttpClient, VendorUnreachable

TOKEN_PATH = "/oauth2/access_token"  # noqa: S105 - a path
HEADER_SAFE = re.compile(r"[\x21-\x7e]+")
TOKEN_TIMEOUT = (3.05, 5.0)
EARLY_SECONDS = 5
# No cache takes every number of seconds, and no vendor's token has to be trusted for longer.
MAX_LIFETIME = 24 * 60 * 60.0


class ClientCredentials:
    """The access token of one client at one vendor."""

    def __init__(self, name: str, base_url: str, client_id: str, client_secret: str) -> None:
        self.url = base_url.rstrip("/") + TOKEN_PATH
        self.client_id = client_id
        self.client_secret = client_secret
        self.name = name
        self.http = HttpClient(name, timeout=TOKEN_TIMEOUT)

    @property
    def cache_key(self) -> str:
        """One token per kind, grant, client and address; digested, since a cache key may be logged."""
        parts = f"jwt\0client_credentials\0{self.client_id}\0{self.url}"
        return f"proctoring:token:{hashlib.sha256(parts.encode()).hexdigest()}"

    def token(self) -> str:
        """A token that is still good for some seconds. Raises ``VendorUnreachable``."""
        known = cache.get(self.cache_key)
        if known:
            return str(known)
        token, lifetime = self._fetch()
        if lifetime > EARLY_SECONDS:
            cache.set(self.cache_key, token, lifetime - EARLY_SECONDS)
        return token

    def forget(self) -> None:
        """Drop the token, because the vendor no longer takes it."""
        cache.delete(self.cache_key)

    def _fetch(self) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "token_type": "jwt",
        }
        # Asking twice for a token does no harm, so this POST may be repeated.
        response = self.http.request("POST", self.url, data=form, idempotent=True)
        try:
            return _token_of(response.json() if response.status_code // 100 == 2 else None)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            # Not chained: the text of a parser's error shows what it read.
            raise VendorUnreachable(self.name) from None


def _token_of(answer: Any) -> tuple[str, float]:
    token, lifetime = answer["access_token"], float(answer["expires_in"])
    # What goes into a header has to fit there.
    if not HEADER_SAFE.fullmatch(token):
        raise ValueError
    return token, min(lifetime, MAX_LIFETIME)
