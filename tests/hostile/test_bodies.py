"""The bodies that the documents describe, for every operation, with something wrong in them."""

import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.hostile import values, wire
from tests.hostile.counting import family
from tests.hostile.site import Ask, Site
from tests.openapi import EXAMS, IDENTITY, Source, committed

NOW = "2027-03-02T09:00:00Z"
# What a field may say, where its shape does not.
LIKELY: dict[str, tuple[Any, ...]] = {
    "action": ("start", "stop", "submit", "decline", "error", "click_download_software", "mark_ready_to_resume"),
    "key": ("additional_time_granted", "time_multiplier", "review_policy_exception"),
    "allowance_type": ("additional_time_granted", "time_multiplier"),
    "value": ("10", "1.5", 20),
    "due_date": (NOW,),
    "exam_due_date": (NOW,),
    "backend": ("watcher", "other", "null"),
    "start_clock": (True, "true"),
    "attempt_proctored": (True, False),
}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Operation:
    """What can be asked: where, how, and the shape of its body."""

    method: str
    path: str
    shape: Any
    components: Any

    def base(self, rng: random.Random, site: Site) -> Any:
        """A body that could be right."""
        return _made(rng, site, self.shape, self.components, "")


def operations() -> list[Operation]:
    """Those of both documents that take a body."""
    return [found for source, before in ((EXAMS, "/api"), (IDENTITY, "")) for found in _of(source, before)]


def test_bodies(site: Site) -> None:
    known = operations()
    tally, chances = family("bodies", 400)
    for rng in chances:
        site.ask(_asked(rng, site, rng.choice(known)), tally)
    tally.settle()


def _asked(rng: random.Random, site: Site, operation: Operation) -> Ask:
    document = values.mutated(rng, operation.base(rng, site))
    as_form = isinstance(document, dict) and rng.random() < 0.15
    body = urlencode(document, errors="surrogatepass").encode() if as_form else values.encoded(rng, document)
    return Ask(
        who=rng.choice(list(site.clients)),
        method=operation.method,
        path=_filled(rng, site, operation.path),
        body=values.damaged(rng, body) if as_form and rng.random() < 0.2 else body,
        content_type=FORM if as_form else rng.choice(wire.TYPES[:2] * 6 + wire.TYPES),
        headers=wire.headers(rng),
    )


def _of(source: Source, before: str) -> list[Operation]:
    document = committed(source)
    return [
        Operation(method.upper(), before + path, _shape(said), document.get("components", {}))
        for path, methods in document["paths"].items()
        for method, said in methods.items()
        if method != "get"
    ]


def _shape(said: Any) -> Any:
    contents = said.get("requestBody", {}).get("content", {})
    return next((content["schema"] for content in contents.values()), {"type": "object", "properties": {}})


def _filled(rng: random.Random, site: Site, path: str) -> str:
    for name in [part.partition("}")[0] for part in path.split("{")[1:]]:
        path = path.replace(f"{{{name}}}", str(site.known(name, rng.randrange(100))))
    return path


def _made(rng: random.Random, site: Site, shape: Any, components: Any, name: str) -> Any:
    """A value of this shape; where the name says more, what is meant by it."""
    while "$ref" in shape:
        shape = components["schemas"][shape["$ref"].rpartition("/")[2]]
    for several in ("oneOf", "anyOf", "allOf"):
        if several in shape:
            return _made(rng, site, rng.choice(shape[several]), components, name)
    known = rng.choice(LIKELY[name]) if name in LIKELY else site.known(name, rng.randrange(100)) if name else None
    return _shaped(rng, site, shape, components, name) if known is None else known


def _shaped(rng: random.Random, site: Site, shape: Any, components: Any, name: str) -> Any:
    if "enum" in shape:
        return rng.choice(shape["enum"])
    kind = shape.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        fields = shape.get("properties", {})
        return {field: _made(rng, site, inner, components, field) for field, inner in fields.items()}
    if kind == "array":
        return [_made(rng, site, shape.get("items", {}), components, name) for _ in range(rng.randrange(3))]
    return {"integer": 30, "number": 1.5, "boolean": True}.get(kind, "words")
