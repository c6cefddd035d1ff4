"""Requests as forms send them, and answers that can be compared."""

import re
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from tests.access.page_rules import PageRule
from tests.proctoring.rest.matrix.routes import PAGES
from tests.proctoring.rest.matrix.rules import Role
from tests.proctoring.rest.matrix.world import Answer, Target, World

FORM = "application/x-www-form-urlencoded"
# Different in every answer, whatever it is about.
FLEETING = re.compile(rb'nonce-[\w+/=-]+|nonce="[^"]*"|csrfmiddlewaretoken" value="\w+"|csrf[Tt]oken"?: ?"\w+"')


def url_of(rule: PageRule, target: Target, **parts: Any) -> str:
    """Where the rule's request goes; ``parts`` of the path are taken instead of the thing's own."""
    path = PAGES[rule.route].url(target, **dict(rule.path(target)) | parts)
    query = urlencode(rule.query(target))
    return f"{path}?{query}" if query else path


def ask(world: World, role: Role, rule: PageRule, target: Target, **parts: Any) -> Answer:
    """The answer to the rule's request about a thing."""
    url, form = url_of(rule, target, **parts), rule.form(target)
    raw = urlencode(form).encode() if rule.method == "POST" else b""
    return world.ask(role, rule.method, url, raw, content_type=FORM)


def names_of(rule: PageRule, target: Target, **parts: Any) -> tuple[str, ...]:
    """What a request says of a thing, as it may come back in the answer."""
    path = unquote_to_bytes(url_of(rule, target, **parts)).decode()
    return path.partition("?")[0], target.course_id, target.username


def told(answer: Answer, *names: str) -> tuple[Any, ...]:
    """What can be seen from outside, but the names that whoever asked has sent."""
    return (answer.status, _unnamed(answer.content, names), sorted(_kept(answer.headers, names)))


def _kept(headers: Any, names: Any) -> Any:
    for name, value in headers.items():
        if name not in {"Content-Length", "Expires", "Content-Security-Policy"}:
            yield name, _unnamed(value.encode(), names)


def _unnamed(text: bytes, names: Any) -> bytes:
    # What is in an address within an address is quoted twice.
    text = unquote_to_bytes(unquote_to_bytes(FLEETING.sub(b"", text)))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name.encode(), b"NAME")
    return text
