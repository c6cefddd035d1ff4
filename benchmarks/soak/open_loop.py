"""Requests that come when they are due, whatever became of those before: nobody waits for a slow site to recover."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable

import aiohttp

from benchmarks.soak.asking import JOURNEY, SECONDS_TO_NEXT_STEP, Arrival, Request, Requests
from benchmarks.soak.judging import Answer

PATIENCE = aiohttp.ClientTimeout(total=30)


class OpenLoop:
    """``tell`` hears of each answer."""

    def __init__(self, base: str, requests: Requests, tell: Callable[[Answer], None]) -> None:
        self._base = base
        self._requests = requests
        self._tell = tell
        self._began = 0.0

    async def run(self, arrivals: Iterable[Arrival], beside: Callable[[], Awaitable[None]]) -> None:
        """All of them, with ``beside`` going on until the last is answered."""
        # The server's workers answer one request a connection.
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(self._base, connector=connector, cookie_jar=jar, timeout=PATIENCE) as session:
            self._began = time.perf_counter()
            watching = asyncio.ensure_future(beside())
            try:
                async with asyncio.TaskGroup() as group:
                    for arrival in arrivals:
                        await self._until(arrival.at)
                        group.create_task(self._arrive(session, arrival))
            finally:
                watching.cancel()

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, self._began + at - time.perf_counter()))

    async def _arrive(self, session: aiohttp.ClientSession, arrival: Arrival) -> None:
        if arrival.kind == JOURNEY:
            await self._journey(session, arrival)
        else:
            await self._send(session, arrival.at, arrival.kind, self._requests.of(arrival))

    async def _journey(self, session: aiohttp.ClientSession, arrival: Arrival) -> None:
        said = await self._send(session, arrival.at, "create", self._requests.create(arrival.number))
        if said is None:
            return
        attempt = json.loads(said)["exam_attempt_id"]
        for step, action in enumerate(["start", "submit"], start=1):
            at = arrival.at + step * SECONDS_TO_NEXT_STEP
            await self._until(at)
            if await self._send(session, at, action, self._requests.act(arrival.number, attempt, action)) is None:
                return

    async def _send(self, session: aiohttp.ClientSession, at: float, kind: str, request: Request) -> bytes | None:
        """The answer's body; None where it was refused, or there was none."""
        status, said = 0, None
        try:
            async with session.request(
                request.method, request.path, headers=request.headers, data=request.body or None, allow_redirects=False
            ) as response:
                said, status = await response.read(), response.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        answer = Answer(at, kind, time.perf_counter() - self._began - at, status)
        self._tell(answer)
        return None if answer.is_failure else said
