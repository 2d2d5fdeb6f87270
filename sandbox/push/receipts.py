"""Receipts on their way to the bot: each waits its delay, then is pushed, a few at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from heapq import heappop, heappush

from sandbox.platform.platform import JobEvent

AT_ONCE = 16


class ReceiptQueue:
    """A queue by due time; `emit` takes from the platform, `run` hands to `push`."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, JobEvent]] = []
        self._count = 0
        self._changed = asyncio.Event()
        self._under_way = 0

    @property
    def waiting(self) -> int:
        """Receipts not yet answered by the bot."""
        return len(self._heap) + self._under_way

    def emit(self, event: JobEvent) -> None:
        """Queue one."""
        self._count += 1
        heappush(self._heap, (asyncio.get_running_loop().time() + event.delay, self._count, event))
        self._changed.set()

    async def run(self, push: Callable[[JobEvent], Awaitable[None]]) -> None:
        """Push what is due, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._push_in_turn(push))

    async def _push_in_turn(self, push: Callable[[JobEvent], Awaitable[None]]) -> None:
        while True:
            event = await self._next()
            self._under_way += 1
            try:
                await push(event)
            finally:
                self._under_way -= 1

    async def _next(self) -> JobEvent:
        loop = asyncio.get_running_loop()
        while True:
            wait = self._heap[0][0] - loop.time() if self._heap else None
            if wait is not None and wait <= 0:
                return heappop(self._heap)[2]
            self._changed.clear()
            try:
                async with asyncio.timeout(wait):
                    await self._changed.wait()
            except TimeoutError:
                continue
