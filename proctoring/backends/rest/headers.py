"""Headers of our calls to a REST vendor that depend on who is asking."""

import re

import crum
from django.utils.translation import get_language

from proctoring.conf import config

REQUEST_ID = "X-Request-ID"
# What may go on to another machine: nothing that ends a line or a header.
READABLE_ID = re.compile(r"[!-~]{1,200}")


def accept_language() -> dict[str, str]:
    """The learner's language, then the platform's (§3.3)."""
    default, active = config.language_code, get_language()
    return {"Accept-Language": f"{active},{default};q=0.8" if active and active != default else default}


def request_id() -> dict[str, str]:
    """The id of the request that is being answered, where it has one (§3.2)."""
    request = crum.get_current_request()
    given = request.headers.get(REQUEST_ID, "") if request is not None else ""
    return {REQUEST_ID: given} if READABLE_ID.fullmatch(given) else {}
