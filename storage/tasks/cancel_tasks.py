"""Cancels background tasks and waits for their end, also of tasks that miss a cancellation (python/cpython#86296)."""

import asyncio
from collections.abc import Iterable
from typing import Any


async def cancel_and_wait(tasks: Iterable[asyncio.Future[Any]], *, again_s: float = 0.5) -> None:
    """Cancel tasks and wait until each has ended; their exceptions are not raised here.

    Before Python 3.12, `asyncio.wait_for` drops a cancellation that arrives as its work is done (python/cpython#86296),
    and redis-py sends through it. So the cancellation is repeated every `again_s`.

    Args:
        tasks: some of them may have ended.
        again_s: seconds; longer than a task's own clean-up, because a second cancellation would interrupt that.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=again_s)
