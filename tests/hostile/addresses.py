"""Every address of the site, from its URL configuration, with whatever somebody may write into it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from tests.hostile import values
from tests.hostile.site import Site
from tests.openapi import EXAMS, IDENTITY, committed

NUMBERS = ("0", "1", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 40, "9" * 4500, "007")
# Of pages, which no document describes.
NAMES = (
    "page",
    "p",
    "q",
    "o",
    "all",
    "next",
    "_popup",
    "_to_field",
    "_changelist_filters",
    "seconds",
    "status",
    "search",
)
LOOKUPS = ("", "__exact", "__gte", "__lt", "__isnull", "__in", "__year", "__range", "__regex", "__date")
OURS = ("admin/proctoring/", "admin/verify_student/")
WORDS_OF = {"app_label": ("proctoring", "verify_student", "auth"), "verb": ("start", "submit", "decline", "ready")}


@dataclass(frozen=True, slots=True)
class Route:
    """A path with ``%(name)s`` for each of ``names``."""

    shape: str
    names: tuple[str, ...]

    def path(self, rng: random.Random, site: Site) -> str:
        """A path; each name is somebody's, or nobody's."""
        return self.shape % {name: _named(rng, site, name) for name in self.names}


def routes() -> list[Route]:
    """All of ours; the admin of other apps is not."""
    found = sorted(set(_found(get_resolver(), "")))
    return [Route(shape, names) for shape, names in found if not shape.startswith("admin/") or shape.startswith(OURS)]


def query_names() -> list[str]:
    """The names that queries know: those of the documents, of pages, and of the admin's lists."""
    documented = {
        parameter["name"]
        for source in (EXAMS, IDENTITY)
        for methods in committed(source)["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    }
    fields = {field.name for model in admin.site._registry for field in model._meta.fields}
    return (
        sorted(documented) * 8
        + list(NAMES) * 4
        + [f"{field}{lookup}" for field in sorted(fields) for lookup in LOOKUPS]
    )


def query(rng: random.Random, site: Site, names: list[str]) -> tuple[tuple[str, str], ...]:
    """A few fields of a query, now and then the same one twice."""
    asked = [rng.choice(names) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    asked += asked[:1] * rng.choice([0, 0, 0, 1, 40])
    return tuple((name, _queried(rng, site, name)) for name in asked)


def _found(resolver: URLResolver, before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in resolver.url_patterns:
        expression = before + pattern.pattern.regex.pattern.removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from _found(pattern, expression.removesuffix(r"\Z").removesuffix("$"))
        elif isinstance(pattern, URLPattern):
            for shape, names in normalize(expression.replace(r"\Z", "")):
                yield shape, tuple(names)


def _named(rng: random.Random, site: Site, name: str) -> str:
    known = site.known(name, rng.randrange(100))
    if rng.random() < 0.6 and known is not None:
        return str(known)
    if name in WORDS_OF and rng.random() < 0.7:
        return rng.choice(WORDS_OF[name])
    if name.endswith("id") and rng.random() < 0.6:
        return rng.choice(NUMBERS)
    return values.text(rng)


def _queried(rng: random.Random, site: Site, name: str) -> str:
    known = site.known(name, rng.randrange(100))
    if rng.random() < 0.4 and known is not None:
        return str(known)
    return rng.choice(NUMBERS) if rng.random() < 0.3 else values.text(rng)
