"""Background tasks end, whatever becomes of a cancellation."""

import asyncio
from contextlib import suppress

from storage.tasks.cancel_tasks import cancel_and_wait


async def test_a_task_that_missed_a_cancellation_ends_all_the_same() -> None:
    missed = 0

    async def deaf_at_first() -> None:
        nonlocal missed
        for _ in range(2):
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            missed += 1
        await asyncio.Event().wait()

    task = asyncio.create_task(deaf_at_first())
    await asyncio.sleep(0)
    await cancel_and_wait([task], again_s=0.01)
    assert task.cancelled()
    assert missed == 2


async def test_what_a_task_raises_at_its_end_stays_with_it() -> None:
    async def breaks() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("gone")

    task = asyncio.create_task(breaks())
    await asyncio.sleep(0)
    await cancel_and_wait([task])
    assert isinstance(task.exception(), OSError)


async def test_nothing_to_end_is_no_wait() -> None:
    await cancel_and_wait([])
