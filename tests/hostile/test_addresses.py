"""Every route of the site: odd ids, queries, headers and bodies, with every method, as everybody."""

import random

from tests.hostile import addresses, values, wire
from tests.hostile.addresses import Route
from tests.hostile.counting import family
from tests.hostile.site import ADMIN, Ask, Site

METHODS = ("GET",) * 6 + ("POST",) * 4 + ("PUT", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND")


def test_addresses(site: Site) -> None:
    known, names = addresses.routes(), addresses.query_names()
    tally, chances = family("addresses", 400)
    for rng in chances:
        site.ask(_asked(rng, site, rng.choice(known), names), tally)
    tally.settle()


def _asked(rng: random.Random, site: Site, route: Route, names: list[str]) -> Ask:
    method = rng.choice(METHODS)
    return Ask(
        who=ADMIN if route.shape.startswith("admin") and rng.random() < 0.8 else rng.choice(list(site.clients)),
        method=method,
        path=route.path(rng, site),
        query=addresses.query(rng, site, names),
        body=b"" if method in {"GET", "HEAD"} else values.encoded(rng, values.scalar(rng)),
        content_type=rng.choice(wire.TYPES),
        headers=wire.headers(rng),
    )
