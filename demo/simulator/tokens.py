"""Access tokens the vendor gives to its clients: signed, short-lived, kept nowhere."""

import hmac
import time

import jwt
from django.conf import settings

ISSUER = "simproc"
ALGORITHM = "HS256"
PREFIX = "JWT "


def is_client(client_id: str, client_secret: str) -> bool:
    """Whether the credentials are those of the one client there is."""
    known_id = hmac.compare_digest(client_id.encode(), settings.SIMULATOR_CLIENT_ID.encode())
    known_secret = hmac.compare_digest(client_secret.encode(), settings.SIMULATOR_CLIENT_SECRET.encode())
    return known_id and known_secret


def issue(client_id: str) -> str:
    """A token for the client, good for ``TOKEN_SECONDS``."""
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": client_id, "iat": now, "exp": now + settings.TOKEN_SECONDS}
    return jwt.encode(claims, settings.SECRET_KEY, algorithm=ALGORITHM)


def is_authentic(header: str) -> bool:
    """Whether an ``Authorization`` header carries a token of ours that is still good."""
    if not header.startswith(PREFIX):
        return False
    try:
        required = ["exp", "sub", "iss"]
        jwt.decode(
            header.removeprefix(PREFIX),
            settings.SECRET_KEY,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            options={"require": required},
        )
    except jwt.InvalidTokenError:
        return False
    return True
