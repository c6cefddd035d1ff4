"""The forms of all pages, found as people find them: by following links."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import Resolver404, resolve

from tests.hostile import addresses, pictures, tables, values
from tests.hostile.site import ADMIN, Ask, Site

# Who has pages with forms. Each follows links to so many pages at most.
PEOPLE = (ADMIN, "course_staff", "learner")
MOST_PAGES = 400
NO_VALUES = {"button", "image", "reset"}
CHOICES = {"checkbox", "radio"}
FORM = "application/x-www-form-urlencoded"
# Not of this form, but of any.
TOKEN = "csrfmiddlewaretoken"


@dataclass
class Field:
    """A field, with what it may say: what is there, and what can be chosen."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form that somebody was shown."""

    who: str
    path: str
    query: str
    fields: list[Field]

    @property
    def shape(self) -> tuple[Any, ...]:
        """The same for one form about two things."""
        return self.who, _about_anything(self.path), tuple(sorted({one.name for one in self.fields}))


class _Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, list[Field]]] = []
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "form":
            self.forms.append((has.get("method", "get").lower(), has.get("action", ""), []))
        elif tag == "option" and self._select is not None:
            self._select.values.append(has.get("value", ""))
        elif self.forms and has.get("name"):
            self._take(tag, has)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None

    def _take(self, tag: str, has: dict[str, str]) -> None:
        kind = has.get("type", "text") if tag == "input" else tag
        if tag not in {"input", "select", "textarea", "button"} or kind in NO_VALUES:
            return
        known = next((one for one in self.forms[-1][2] if one.name == has["name"]), None)
        taken = known or Field(has["name"], kind)
        if known is None:
            self.forms[-1][2].append(taken)
        if tag == "select":
            self._select = taken
        elif "value" in has or kind in CHOICES:
            taken.values.append(has.get("value", "on"))


def found(site: Site) -> list[Form]:
    """Each form once for everybody who sees it."""
    forms: dict[tuple[Any, ...], Form] = {}
    with transaction.atomic():
        for who in PEOPLE:
            for form in _followed(site, who):
                forms.setdefault(form.shape, form)
        # Some looks are put on record.
        transaction.set_rollback(True)
    return list(forms.values())


def filled(rng: random.Random, site: Site, form: Form) -> Ask:
    """The form, sent with something wrong in it; now and then by somebody else."""
    said = [(one.name, _said(rng, site, one)) for one in form.fields if rng.random() < 0.95]
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        said = _changed(rng, said)
    who = form.who if rng.random() < 0.9 else rng.choice(list(site.clients))
    query = tuple(parse_qsl(form.query, keep_blank_values=True))
    if any(isinstance(value, SimpleUploadedFile) for _, value in said):
        fields = {_sendable(name): _sendable(value) for name, value in said}
        return Ask(who, "POST", form.path, query, body=fields)
    body = urlencode(said, errors="surrogatepass").encode()
    return Ask(who, "POST", form.path, query, values.damaged(rng, body) if rng.random() < 0.05 else body, FORM)


def _followed(site: Site, who: str) -> Iterator[Form]:
    waiting, seen = _beginnings(site), set[tuple[str, Any]]()
    while waiting and len(seen) < MOST_PAGES:
        here = urlsplit(waiting.pop(0))
        path = "/" + unquote(here.path).lstrip("/")
        look = (_about_anything(path), tuple(sorted(name for name, _ in parse_qsl(here.query))))
        if look in seen or not _is_ours(path):
            continue
        seen.add(look)
        page = _read(site.clients[who].get(path + (f"?{here.query}" if here.query else "")))
        waiting += [urljoin(here.geturl() or "/", link) for link in page.links if not link.startswith("http")]
        yield from _sent_from(page, here.geturl(), who)


def _beginnings(site: Site) -> list[str]:
    """The addresses of whatever the site has of which all names are known."""
    return [
        route.shape % {name: site.known(name, number) for name in route.names}
        for route in addresses.routes()
        for number in range(len(site.targets) if route.names else 1)
        if _is_known(site, route.names)
    ]


def _read(response: Any) -> _Page:
    page = _Page()
    if response.status_code == HTTPStatus.OK and "text/html" in response.get("Content-Type", ""):
        page.feed(b"".join(response).decode())
    return page


def _sent_from(page: _Page, address: str, who: str) -> Iterator[Form]:
    for method, action, fields in page.forms:
        to = urlsplit(urljoin(address, action))
        aim = "/" + unquote(to.path).lstrip("/")
        if method == "post" and _is_ours(aim):
            yield Form(who, aim, to.query, [one for one in fields if one.name != TOKEN])


def _is_known(site: Site, names: tuple[str, ...]) -> bool:
    return all(site.known(name, 0) is not None for name in names)


def _is_ours(path: str) -> bool:
    """Whether it is a page of the site, and none of another app's admin."""
    try:
        resolve(path)
    except Resolver404:
        return False
    inner = path.removeprefix("/")
    return not inner.startswith("admin/") or inner == "admin/" or inner.startswith(addresses.OURS)


def _about_anything(path: str) -> str:
    return re.sub(r"[^/]*\d[^/]*", "1", path)


def _said(rng: random.Random, site: Site, one: Field) -> Any:
    if one.kind == "file" and rng.random() < 0.8:
        content = tables.table(rng, site, tables.ALLOWANCES) if rng.random() < 0.6 else pictures.file(rng)
        return SimpleUploadedFile("file.csv", content, rng.choice(["text/csv", "image/jpeg", "a/b"]))
    if one.values and rng.random() < 0.8:
        return rng.choice(one.values)
    known = site.known(one.name, rng.randrange(100))
    return str(known) if known is not None and rng.random() < 0.6 else values.text(rng)


def _changed(rng: random.Random, said: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    if not said:
        return [(values.text(rng), values.text(rng))]
    at = rng.randrange(len(said))
    name, value = said[at]
    return rng.choice(
        [
            [*said[:at], *said[at + 1 :]],
            [*said[:at], (name, values.text(rng)), *said[at + 1 :]],
            [*said[:at], (name, str(rng.choice(values.NUMBERS))), *said[at + 1 :]],
            [*said, (name, value)] * rng.choice([1, 30]),
            [*said, (rng.choice(values.WORDS), values.text(rng))],
        ]
    )


def _sendable(value: Any) -> Any:
    """What a client can write into a form in parts: halves of characters it cannot."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
