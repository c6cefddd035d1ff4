"""The routes as the URL configuration has them, and what each of their views supports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, reverse

from proctoring import urls

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    """A route; ``key`` is its name with the parts of its path, since two routes may share a name."""

    name: str
    parts: tuple[str, ...]
    methods: frozenset[str]

    @property
    def key(self) -> str:
        return f"{self.name}({', '.join(self.parts)})"

    def url(self, thing: Any, **others: Any) -> str:
        """Its path for a thing, which has an attribute for each part; ``others`` are taken instead."""
        parts = {part: others[part] if part in others else getattr(thing, part) for part in self.parts}
        return reverse(f"{urls.app_name}:{self.name}", kwargs=parts)


def _walk(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = "", outer: frozenset[str] = frozenset()
) -> Iterator[Route]:
    for pattern in patterns:
        parts = outer.union(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            within = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, prefix + within, parts)
        else:
            yield Route(f"{prefix}{pattern.name}", tuple(sorted(parts)), _methods(pattern.callback))


def _methods(view: Any) -> frozenset[str]:
    """What the view's class has handlers for; a function takes everything."""
    view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if view_class is None:
        return frozenset(METHODS)
    allowed = {name.upper() for name in view_class.http_method_names}
    return frozenset(method for method in METHODS if method in allowed and hasattr(view_class, method.lower()))


EVERY_ROUTE = {route.key: route for route in _walk(urls.urlpatterns)}
# Pages for people are not among them: those have rules of their own, in tests/access.
PAGES = {key: route for key, route in EVERY_ROUTE.items() if "pages." in route.name}
ROUTES = {key: route for key, route in EVERY_ROUTE.items() if key not in PAGES}
