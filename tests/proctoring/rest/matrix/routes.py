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


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, f"{prefix}{pattern.namespace}:")
        else:
            parts = tuple(sorted(pattern.pattern.regex.groupindex))
            yield Route(f"{prefix}{pattern.name}", parts, _methods(pattern.callback))


def _methods(view: Any) -> frozenset[str]:
    """What the view's class has handlers for; a function takes everything."""
    view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if view_class is None:
        return frozenset(METHODS)
    allowed = {name.upper() for name in view_class.http_method_names}
    return frozenset(method for method in METHODS if method in allowed and hasattr(view_class, method.lower()))


# Pages for people are not among them: those have tests of their own, in tests/proctoring/pages.
ROUTES = {route.key: route for route in _walk(urls.urlpatterns, "") if "pages." not in route.name}
