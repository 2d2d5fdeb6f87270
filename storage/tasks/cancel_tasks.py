"""Cancels background tasks and waits for their end, also of tasks that miss a cancellation (python/cpython#86296)."""

import asyncio
from collections.abc import Iterable
from typing import Any


async def cancel_and_wait(tasks: Iterable[asyncio.Future[Any]], *, again_s: float = 0.5) -> None:
    """Cancel tasks and wait until each has ended; what they raise is not raised here.

    A cancellation is repeated after `again_s`: before Python 3.12 `asyncio.wait_for`, through which redis-py
    sends, drops one that comes as its work is done (python/cpython#86296).

    Args:
        tasks: also such as have ended.
        again_s: seconds; longer than what a task does at its end, for the next cancellation would cut that short.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again_s)
