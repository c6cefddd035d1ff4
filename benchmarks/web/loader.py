"""Asks as fast as the answers come, over a few connections at once, for a given time."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import aiohttp

from benchmarks.web import work
from benchmarks.web.cases import Ask
from benchmarks.web.server import Server
from benchmarks.web.work import Work

PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass
class Load:
    """What came of some seconds of asking."""

    waits: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    work: Work = field(default_factory=Work)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds if self.seconds else 0.0

    @property
    def milliseconds(self) -> float:
        """What half of the answers take at most."""
        return median(self.waits) * 1000 if self.waits else 0.0

    @property
    def work_each(self) -> float:
        """Milliseconds of processors for an answer."""
        return self.work.total * 1000 / len(self.waits) if self.waits else 0.0


def load(server: Server, asks: Iterator[Ask], connections: int, seconds: float) -> Load:
    """``seconds`` of asking, and until what was asked is answered; less where nothing is left to ask."""
    before = work.so_far(server.process)
    done = asyncio.run(_load(server.base, asks, connections, seconds))
    done.work = work.so_far(server.process) - before
    return done


async def _load(base: str, asks: Iterator[Ask], connections: int, seconds: float) -> Load:
    done = Load()
    # The server's workers answer one request a connection.
    connector = aiohttp.TCPConnector(limit=connections, force_close=True)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(base, connector=connector, cookie_jar=jar, timeout=PATIENCE) as session:
        began = time.perf_counter()
        await asyncio.gather(*(_ask(session, asks, done, began + seconds) for _ in range(connections)))
        done.seconds = time.perf_counter() - began
    return done


async def _ask(session: aiohttp.ClientSession, asks: Iterator[Ask], done: Load, until: float) -> None:
    while (began := time.perf_counter()) < until and (ask := next(asks, None)):
        async with session.request(ask.method, ask.path, headers=ask.headers, data=ask.body or None) as answer:
            await answer.read()
        done.waits.append(time.perf_counter() - began)
        if answer.status >= 300:
            done.refused[answer.status] += 1
